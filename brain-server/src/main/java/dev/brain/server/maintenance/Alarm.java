// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.maintenance;

import java.util.Comparator;

/**
 * Something that an operator has to look at.
 *
 * @param memberId the member that it concerns, to be read as unsigned; 0 for none in particular
 * @param kind what it is
 */
public record Alarm(long memberId, Kind kind) implements Comparable<Alarm> {
  private static final Comparator<Alarm> ORDER =
      Comparator.comparing(Alarm::kind).thenComparing(Alarm::memberId, Long::compareUnsigned);

  /** What can go wrong. The numbers are stored, and are those of the wire. */
  public enum Kind {
    /** The space quota is used up. */
    NOSPACE(1),
    /** Nodes disagree about the data. */
    CORRUPT(2);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    /** The number of this kind on the wire and in the store. */
    public int number() {
      return number;
    }
  }

  @Override
  public int compareTo(Alarm other) {
    return ORDER.compare(this, other);
  }

  /** As etcd writes it: fields that are zero are left out, a space follows each. */
  public String text() {
    String member = memberId == 0 ? "" : "memberID:" + Long.toUnsignedString(memberId) + " ";
    return member + "alarm:" + kind + " ";
  }
}
