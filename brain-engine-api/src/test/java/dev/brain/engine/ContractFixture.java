// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import java.nio.file.Path;

/** What the groups of tests of {@link EngineContract} stand on. */
interface ContractFixture {

  /** The engine of this test, empty when the test begins. */
  Engine engine();

  /** Closes the engine and opens another on the same storage; {@link #engine} is that one then. */
  Engine reopen();

  /** Opens one more engine on storage of its own; the fixture closes it. */
  Engine open(Path storage);

  /** A directory of this test alone. */
  Path directory();

  /** Whether data outlives an engine that was closed. */
  boolean survivesReopen();

  /** Whether {@link Engine#checkpoint} is offered. */
  boolean supportsCheckpoint();

  /** Gives a fault to the next commit of the engine, or says that it cannot happen to it. */
  boolean failNextCommit(CommitFault fault);

  /** How many operations the long tests do; those with contention do a part of it. */
  int operations();
}
