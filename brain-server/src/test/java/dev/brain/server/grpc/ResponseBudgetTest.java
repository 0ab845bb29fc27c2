// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResponseBudgetTest {
  private final ResponseBudget budget = new ResponseBudget(100, 6);
  private final Connection a = new Connection(null);
  private final Connection b = new Connection(null);
  private final List<String> granted = new ArrayList<>();

  @Test
  void tryReserve_upToTotal() {
    assertThat(budget.tryReserve(a, 100)).isTrue();
    assertThat(budget.tryReserve(b, 1)).isFalse();
    assertThat(budget.used()).isEqualTo(100);
  }

  @Test
  void tryReserveSingle_mayUseTheReserve() {
    assertThat(budget.tryReserve(a, 100)).isTrue();
    assertThat(budget.tryReserveSingle(25)).isTrue();
    assertThat(budget.tryReserveSingle(1)).isFalse();
  }

  @Test
  void secondList_ofOneConnection_leavesHalfToOthers() {
    assertThat(budget.tryReserve(a, 30)).isTrue();
    assertThat(budget.tryReserve(a, 21)).isFalse();
    assertThat(budget.tryReserve(a, 20)).isTrue();
    assertThat(budget.tryGrow(a, 20, 1)).isFalse();
    assertThat(budget.tryReserve(b, 50)).isTrue();
    budget.change(b, -50);
    budget.change(a, -20);
    assertThat(budget.tryGrow(a, 30, 70)).isTrue();
  }

  @Test
  void await_inOrderOfArrival() {
    assertThat(budget.tryReserve(b, 100)).isTrue();
    assertThat(budget.await(waiter(a, "large", 40))).isTrue();
    assertThat(budget.await(waiter(a, "small", 10))).isTrue();
    budget.change(b, -30);
    assertThat(granted).isEmpty();
    assertThat(budget.tryReserve(a, 1)).isFalse();
    budget.change(b, -10);
    assertThat(granted).containsExactly("large");
    budget.change(b, -10);
    assertThat(granted).containsExactly("large", "small");
    assertThat(budget.used()).isEqualTo(100);
  }

  @Test
  void await_smallBehindLargeOfAnother_waitsToo() {
    assertThat(budget.tryReserve(b, 40)).isTrue();
    assertThat(budget.await(waiter(a, "large", 80))).isTrue();
    assertThat(budget.tryReserve(new Connection(null), 1)).isFalse();
    budget.change(b, -40);
    assertThat(granted).containsExactly("large");
  }

  @Test
  void await_connectionsTakeTurns() {
    assertThat(budget.tryReserve(new Connection(null), 100)).isTrue();
    assertThat(budget.await(waiter(a, "a1", 10))).isTrue();
    assertThat(budget.await(waiter(a, "a2", 10))).isTrue();
    assertThat(budget.await(waiter(a, "a3", 10))).isTrue();
    assertThat(budget.await(waiter(b, "b1", 10))).isTrue();
    assertThat(budget.await(waiter(b, "b2", 10))).isTrue();
    budget.change(-60);
    assertThat(granted).containsExactly("a1", "b1", "a2", "b2", "a3");
  }

  @Test
  void await_whoHasHisShare_isPassedOver() {
    assertThat(budget.tryReserve(a, 50)).isTrue();
    assertThat(budget.await(waiter(a, "greedy", 10))).isTrue();
    assertThat(granted).isEmpty();
    assertThat(budget.await(waiter(b, "other", 40))).isTrue();
    assertThat(granted).containsExactly("other");
    budget.change(a, -50);
    assertThat(granted).containsExactly("other", "greedy");
  }

  @Test
  void await_atOnceIfFree() {
    assertThat(budget.await(waiter(a, "a", 80))).isTrue();
    assertThat(granted).containsExactly("a");
  }

  @Test
  void await_lineFull() {
    assertThat(budget.tryReserve(new Connection(null), 100)).isTrue();
    for (Connection connection : List.of(a, b)) {
      for (int i = 0; i < 3; i++) {
        assertThat(budget.await(waiter(connection, "", 1))).isTrue();
      }
      assertThat(budget.await(waiter(connection, "", 1))).isFalse();
    }
    assertThat(budget.await(waiter(new Connection(null), "", 1))).isFalse();
    assertThat(budget.waiting()).isEqualTo(6);
  }

  @Test
  void withdraw_letsOthersMoveUp() {
    assertThat(budget.tryReserve(new Connection(null), 90)).isTrue();
    ResponseBudget.Waiter large = waiter(a, "large", 80);
    assertThat(budget.await(large)).isTrue();
    assertThat(budget.await(waiter(b, "small", 10))).isTrue();
    assertThat(budget.withdraw(large)).isTrue();
    assertThat(granted).containsExactly("small");
    assertThat(budget.withdraw(large)).isFalse();
  }

  private ResponseBudget.Waiter waiter(Connection connection, String name, long bytes) {
    return new ResponseBudget.Waiter() {
      @Override
      public Connection connection() {
        return connection;
      }

      @Override
      public long bytesNeeded() {
        return bytes;
      }

      @Override
      public void granted() {
        granted.add(name);
      }
    };
  }
}
