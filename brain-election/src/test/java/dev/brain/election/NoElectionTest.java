// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NoElectionTest {
  private final List<String> told = new ArrayList<>();
  private boolean fails;

  private final Candidate candidate =
      new Candidate() {
        @Override
        public void elected(long term) {
          told.add("elected " + term);
          if (fails) {
            throw new IllegalStateException("planned");
          }
        }

        @Override
        public void deposed(long term) {
          told.add("deposed " + term);
        }

        @Override
        public void observed(Optional<Leader> leader) {
          told.add(leader.map(Leader::identity).orElse("nobody"));
        }
      };

  @Test
  void start_anytime_leadsUntilClosed() {
    NoElection election = new NoElection("a");
    assertThat(election.leads()).isFalse();
    election.start(candidate);
    assertThat(election.leads()).isTrue();
    assertThat(election.resign(Optional.empty())).isFalse();
    assertThat(election.leader()).contains(new Leader("a", 1));
    election.close();
    election.close();
    assertThat(election.leads()).isFalse();
    assertThat(told).containsExactly("a", "elected 1", "deposed 1", "nobody");
  }

  @Test
  void start_electedFails_throwsIt() {
    fails = true;
    NoElection election = new NoElection("a");
    assertThatThrownBy(() -> election.start(candidate)).hasMessage("planned");
    assertThat(election.leads()).isFalse();
    assertThat(told).containsExactly("a", "elected 1", "deposed 1", "nobody");
  }

  @Test
  void start_closed_isRefused() {
    NoElection election = new NoElection("a");
    election.close();
    assertThatThrownBy(() -> election.start(candidate)).isInstanceOf(IllegalStateException.class);
  }
}
