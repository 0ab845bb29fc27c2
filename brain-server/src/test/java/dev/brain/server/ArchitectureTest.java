// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** Imports point one way, and threads come from one place. */
final class ArchitectureTest {
  private static final String BASE = "dev.brain.server";
  private static JavaClasses classes = new ClassFileImporter().importClasses();

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(BASE);
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching(BASE + ".(*)..").should().beFreeOfCycles().check(classes);
  }

  @Test
  void packages_pointDown() {
    maySee("kv");
    maySee("event", "kv");
    maySee("mvcc", "kv", "event");
    maySee("watch", "kv", "event");
    maySee("lease", "kv", "mvcc");
    maySee("maintenance", "kv", "mvcc");
    maySee("cluster", "maintenance");
    maySee("snapshot", "kv", "mvcc");
    maySee("config");
    maySee("transport", "config");
    maySee("http", "transport");
    maySee("metrics", "kv", "event", "mvcc", "watch");
  }

  /** What a package may see of this module, beside itself. */
  private static void maySee(String name, String... others) {
    String[] allowed = new String[others.length + 1];
    allowed[0] = BASE + "." + name + "..";
    for (int i = 0; i < others.length; i++) {
      allowed[i + 1] = BASE + "." + others[i] + "..";
    }
    noClasses()
        .that()
        .resideInAPackage(allowed[0])
        .should()
        .dependOnClassesThat(resideInAPackage(BASE + "..").and(not(resideInAnyPackage(allowed))))
        .check(classes);
  }

  @Test
  void root_isSeenByNobody() {
    noClasses()
        .that()
        .resideOutsideOfPackage(BASE)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(BASE)
        .check(classes);
  }

  @Test
  void wire_isKnownToTheEdgeOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages(BASE, BASE + ".grpc..", BASE + ".transport..", BASE + ".metrics..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..")
        .check(classes);
    noClasses()
        .that()
        .resideOutsideOfPackages(BASE, BASE + ".grpc..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.google.protobuf..", "dev.brain.proto..")
        .check(classes);
  }

  @Test
  void engines_areNotNamed() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.rocksdb..", "dev.brain.engine.rocksdb..", "org.tikv..")
        .check(classes);
  }

  @Test
  void threads_areMadeByTheRoot() {
    noClasses()
        .that()
        .resideOutsideOfPackage(BASE)
        .should()
        .callConstructor(Thread.class, Runnable.class)
        .orShould()
        .callConstructor(Thread.class, Runnable.class, String.class)
        .orShould()
        .callMethod(Thread.class, "ofPlatform")
        .orShould()
        .callMethod(Thread.class, "ofVirtual")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Executors.class)
        .check(classes);
  }

  @Test
  void time_isGiven() {
    noClasses()
        .that()
        .resideOutsideOfPackages(BASE, BASE + ".metrics..", BASE + ".transport..")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .check(classes);
  }

  @Test
  void state_isNotStatic() {
    fields().that().areStatic().should().beFinal().check(classes);
    fields()
        .that()
        .haveRawType(Logger.class)
        .should()
        .bePrivate()
        .andShould()
        .haveModifier(JavaModifier.STATIC)
        .check(classes);
  }
}
