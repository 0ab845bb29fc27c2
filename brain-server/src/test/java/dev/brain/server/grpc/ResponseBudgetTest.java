// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResponseBudgetTest {
  private final ResponseBudget budget = new ResponseBudget(100, 2);
  private final List<String> granted = new ArrayList<>();

  @Test
  void tryReserve_upToTotal() {
    assertThat(budget.tryReserve(100)).isTrue();
    assertThat(budget.tryReserve(1)).isFalse();
    assertThat(budget.used()).isEqualTo(100);
  }

  @Test
  void tryReserveSingle_mayUseTheReserve() {
    assertThat(budget.tryReserve(100)).isTrue();
    assertThat(budget.tryReserveSingle(25)).isTrue();
    assertThat(budget.tryReserveSingle(1)).isFalse();
  }

  @Test
  void await_inOrderOfArrival() {
    assertThat(budget.tryReserve(100)).isTrue();
    assertThat(budget.await(waiter("large", 80))).isTrue();
    assertThat(budget.await(waiter("small", 10))).isTrue();
    budget.change(-50);
    assertThat(granted).isEmpty();
    assertThat(budget.tryReserve(1)).isFalse();
    budget.change(-30);
    assertThat(granted).containsExactly("large");
    budget.change(-20);
    assertThat(granted).containsExactly("large", "small");
    assertThat(budget.used()).isEqualTo(90);
  }

  @Test
  void await_atOnceIfFree() {
    assertThat(budget.await(waiter("a", 80))).isTrue();
    assertThat(granted).containsExactly("a");
  }

  @Test
  void await_lineFull() {
    assertThat(budget.tryReserve(100)).isTrue();
    assertThat(budget.await(waiter("a", 1))).isTrue();
    assertThat(budget.await(waiter("b", 1))).isTrue();
    assertThat(budget.await(waiter("c", 1))).isFalse();
    assertThat(budget.waiting()).isEqualTo(2);
  }

  @Test
  void withdraw_letsOthersMoveUp() {
    assertThat(budget.tryReserve(90)).isTrue();
    ResponseBudget.Waiter large = waiter("large", 80);
    assertThat(budget.await(large)).isTrue();
    assertThat(budget.await(waiter("small", 10))).isTrue();
    assertThat(budget.withdraw(large)).isTrue();
    assertThat(granted).containsExactly("small");
    assertThat(budget.withdraw(large)).isFalse();
  }

  private ResponseBudget.Waiter waiter(String name, long bytes) {
    return new ResponseBudget.Waiter() {
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
