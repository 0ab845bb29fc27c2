// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The emulator as a process: {@code EmulatorProcess [stores [PD's port]]}.
 *
 * <p>Its first line is {@code ok} and the addresses of the first front: PD's, then those of the
 * stores. Then each line of standard input is a command, answered by one line of standard output.
 * It ends with its input, and so with the process that started it.
 *
 * <pre>
 * split KEY              split-largest          regions
 * leader KEY             move-leader KEY STORE  move-leaders FROM TO
 * stop-store STORE       start-store STORE      stop-pd    start-pd
 * open-front             front NUMBER           cut FRONT  mend FRONT
 * advertise FRONT pd|STORE HOST:PORT
 * next METHOD FATE COUNT                        the next calls of the method meet the fate
 * random SEED PERCENT FATE,FATE...              so do some of a hundred calls to stores
 * no-faults              release                calls METHOD
 * collected                                     the timestamp before which versions were dropped
 * </pre>
 */
public final class EmulatorProcess {
  private static final int DEFAULT_STORES = 3;

  private EmulatorProcess() {}

  public static void main(String[] args) throws IOException {
    int stores = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_STORES;
    int pdPort = args.length > 1 ? Integer.parseInt(args[1]) : 0;
    PrintStream answers = System.out;
    // Whatever else is printed here, logging say, would be taken for an answer.
    System.setOut(System.err);
    try (TikvEmulator emulator = TikvEmulator.start(stores, pdPort, null);
        BufferedReader commands =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      Console console = new Console(emulator);
      answers.println(console.execute("front 0"));
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        answers.println(console.execute(line));
      }
    }
  }
}
