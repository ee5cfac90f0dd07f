package dev.hearth.template;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ServiceLoader;

/**
 * The sandbox of templates from strangers: the library computes with values and has nothing at hand
 * that reaches a file, the network, another thread or a class by its name.
 */
@AnalyzeClasses(
    packages = "dev.hearth.template",
    importOptions = ImportOption.DoNotIncludeTests.class)
class BoundariesTest {

  @ArchTest
  static final ArchRule DEPENDS_ON_VALUES_AND_TEXT_ONLY =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.hearth.template",
              "java.lang",
              // What the compiler writes for lambdas, concatenation, records and switches.
              "java.lang.invoke",
              "java.lang.runtime",
              "java.math",
              "java.time",
              "java.util",
              "java.util.function",
              "java.util.regex",
              "java.util.stream",
              "org.jspecify.annotations");

  @ArchTest
  static final ArchRule STARTS_NOTHING_AND_LOADS_NO_CLASS =
      noClasses()
          .should()
          .dependOnClassesThat(
              belongToAnyOf(
                  ClassLoader.class,
                  Module.class,
                  Process.class,
                  ProcessBuilder.class,
                  Runtime.class,
                  ServiceLoader.class,
                  Thread.class))
          .orShould()
          .callMethodWhere(target(owner(type(Class.class))).and(target(name("forName"))));

  @ArchTest
  static final ArchRule ASKS_THE_SYSTEM_FOR_THE_CLOCK_ONLY =
      noClasses()
          .should()
          .callMethodWhere(target(owner(type(System.class))).and(target(not(name("nanoTime")))))
          .orShould()
          .accessField(System.class, "in")
          .orShould()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");
}
