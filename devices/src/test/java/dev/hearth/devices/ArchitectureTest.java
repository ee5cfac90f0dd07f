package dev.hearth.devices;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.time.Clock;
import java.time.Instant;

/** The boundaries between the rooms of this module. */
@AnalyzeClasses(packages = "dev.hearth.devices", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "dev.hearth.devices";

  @ArchTest
  static final ArchRule onlyMqttUsesPaho =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".mqtt..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.eclipse.paho..");

  @ArchTest
  static final ArchRule nobodyUsesSpring =
      noClasses().should().dependOnClassesThat().resideInAPackage("org.springframework..");

  @ArchTest
  static final ArchRule nobodyPrintsToTheConsole =
      GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

  @ArchTest
  static final ArchRule nobodyUsesJavaUtilLogging =
      GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

  @ArchTest
  static final ArchRule theLanguageOfTheHomeKnowsOnlyItself =
      noClasses()
          .that()
          .resideInAPackage(ROOT)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ROOT + ".mqtt..",
              ROOT + ".dialect..",
              ROOT + ".registry..",
              ROOT + ".command..",
              ROOT + ".gateway..",
              ROOT + ".simulation..",
              "tools.jackson..",
              "org.slf4j..");

  @ArchTest
  static final ArchRule mqttKnowsNoDevices =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".mqtt..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ROOT,
              ROOT + ".dialect..",
              ROOT + ".registry..",
              ROOT + ".command..",
              ROOT + ".gateway..",
              ROOT + ".simulation..");

  @ArchTest
  static final ArchRule registryKnowsOnlyTheLanguage =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".registry..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ROOT + ".mqtt..",
              ROOT + ".dialect..",
              ROOT + ".command..",
              ROOT + ".gateway..",
              ROOT + ".simulation..");

  @ArchTest
  static final ArchRule dialectsKnowNoExecution =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".dialect..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ROOT + ".registry..",
              ROOT + ".command..",
              ROOT + ".gateway..",
              ROOT + ".simulation..");

  @ArchTest
  static final ArchRule nobodyNeedsTheSimulation =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".simulation..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + ".simulation..");

  /** The clock of the wall jumps: it says when a state was reported, and nothing waits by it. */
  @ArchTest
  static final ArchRule nothingWaitsByTheClockOfTheWall =
      noClasses()
          .that()
          .resideInAnyPackage(ROOT + ".mqtt..", ROOT + ".command..", ROOT + ".gateway..")
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(Clock.class, "millis")
          .orShould()
          .callMethod(Clock.class, "instant");

  @ArchTest
  static final ArchRule packagesFormNoCircle =
      slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();
}
