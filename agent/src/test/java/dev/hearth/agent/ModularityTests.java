package dev.hearth.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** The boundaries of the application's modules. */
class ModularityTests {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.hearth.agent");

  @Test
  void modulesUseOnlyWhatTheyDeclare() {
    ApplicationModules.of(HearthApplication.class).verify();
  }

  @Test
  void waysInNeverImportEachOther() {
    String[] waysIn = {"rest", "openai", "console", "mqtt"};
    for (String one : waysIn) {
      for (String other : waysIn) {
        if (!one.equals(other)) {
          noClasses()
              .that()
              .resideInAPackage("dev.hearth.agent." + one + "..")
              .should()
              .dependOnClassesThat()
              .resideInAPackage("dev.hearth.agent." + other + "..")
              .check(CLASSES);
        }
      }
    }
  }

  @Test
  void nobodyButTheLibrariesSpeaksMqttOrVectors() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.eclipse.paho..", "com.hivemq..", "jdk.incubator.vector..")
        .check(CLASSES);
  }

  /** Conditions are settled when the agent is built (Spring's ahead-of-time processing). */
  @Test
  void whatAnOperatorMayChangeIsNoConditionOnABean() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.springframework.boot.autoconfigure.condition..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("org.springframework.context.annotation.Profile")
        .check(CLASSES);
  }

  @Test
  void nobodyPrints() {
    noClasses().should().accessField(System.class, "out").check(CLASSES);
    noClasses().should().accessField(System.class, "err").check(CLASSES);
    noClasses().should().callMethod(Throwable.class, "printStackTrace").check(CLASSES);
  }
}
