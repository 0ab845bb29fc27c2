// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Commands of one line for an emulator, and answers of one line: {@code ok} and perhaps a value, or
 * {@code error} and why. Keys are text, or hexadecimal after {@code 0x}. For one thread.
 */
final class Console {
  private final TikvEmulator emulator;

  Console(TikvEmulator emulator) {
    this.emulator = emulator;
  }

  String execute(String line) {
    String[] words = line.strip().split(" +");
    try {
      return ("ok " + execute(words[0], Arrays.asList(words).subList(1, words.length))).strip();
    } catch (IndexOutOfBoundsException | IllegalArgumentException | IllegalStateException e) {
      return "error " + line.strip() + ": " + e.getMessage();
    }
  }

  private Object execute(String command, List<String> words) {
    return switch (command) {
      case "split" -> done(() -> emulator.split(key(words.get(0))));
      case "split-largest" -> emulator.splitLargest();
      case "regions" -> emulator.regions();
      case "leader" -> emulator.leader(key(words.get(0)));
      case "move-leader" ->
          done(() -> emulator.moveLeader(key(words.get(0)), number(words.get(1))));
      case "move-leaders" ->
          done(() -> emulator.moveLeaders(number(words.get(0)), number(words.get(1))));
      case "stop-store" -> done(() -> emulator.stopStore(number(words.get(0))));
      case "start-store" -> done(() -> emulator.startStore(number(words.get(0))));
      case "stop-pd" -> done(emulator::stopPd);
      case "start-pd" -> done(emulator::startPd);
      case "open-front" -> describe(emulator.openFront());
      case "front" -> describe(front(words.get(0)));
      case "cut" -> done(front(words.get(0))::cut);
      case "mend" -> done(front(words.get(0))::mend);
      case "advertise" -> done(() -> advertise(words));
      case "next" ->
          plan(FaultPlan.next(words.get(0), Fate.valueOf(words.get(1)), number(words.get(2))));
      case "random" ->
          plan(
              FaultPlan.random(
                  Long.parseLong(words.get(0)), number(words.get(1)), fates(words.get(2))));
      case "no-faults" -> plan(FaultPlan.none());
      case "release" -> emulator.release();
      case "calls" -> emulator.calls(words.get(0));
      case "collected" -> Long.toUnsignedString(emulator.collectedUpTo());
      default -> throw new IllegalArgumentException("no such command");
    };
  }

  private static String done(Runnable action) {
    action.run();
    return "";
  }

  private String plan(FaultPlan plan) {
    emulator.faults(plan);
    return "";
  }

  private Front front(String number) {
    return emulator.fronts().get(number(number));
  }

  private void advertise(List<String> words) {
    Front front = front(words.get(0));
    if (words.get(1).equals("pd")) {
      front.advertisePd(words.get(2));
    } else {
      front.advertiseStore(number(words.get(1)), words.get(2));
    }
  }

  /** PD's address, then those of the stores. */
  private String describe(Front front) {
    StringBuilder addresses = new StringBuilder(front.pdAddress());
    for (int store = 1; store <= emulator.stores(); store++) {
      addresses.append(' ').append(front.storeAddress(store));
    }
    return addresses.toString();
  }

  private static List<Fate> fates(String names) {
    return Arrays.stream(names.split(",")).map(Fate::valueOf).toList();
  }

  private static int number(String word) {
    return Integer.parseInt(word);
  }

  private static byte[] key(String word) {
    return word.startsWith("0x")
        ? HexFormat.of().parseHex(word.substring(2))
        : word.getBytes(StandardCharsets.UTF_8);
  }
}
