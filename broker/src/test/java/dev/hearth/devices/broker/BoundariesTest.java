package dev.hearth.devices.broker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class BoundariesTest {
  private static final JavaClasses BROKER =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.hearth.devices.broker");

  @Test
  void showsNothingOfTheBrokerLibraryInItsPublicFace() {
    noClasses()
        .that()
        .haveModifier(JavaModifier.PUBLIC)
        .and()
        .areNotInterfaces()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.hivemq..", "com.google..", "io.netty..", "com.codahale..")
        .check(BROKER);
  }

  @Test
  void usesNoOtherPartOfTheProject() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackages(
            "dev.hearth.agent..", "dev.hearth.inference..", "org.springframework..")
        .check(BROKER);
  }
}
