package dev.hearth.inference;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * Who may use whom. The root package holds values that all may use; only {@link LanguageModel}
 * reaches down.
 */
@AnalyzeClasses(
    packages = "dev.hearth.inference",
    importOptions = ImportOption.DoNotIncludeTests.class)
class BoundariesTest {

  private static final String ROOT = "dev.hearth.inference";
  private static final String[] JDK = {"java..", "javax..", "org.jspecify..", ROOT};

  private static ArchRule uses(String of, String... packages) {
    String[] allowed = new String[JDK.length + packages.length + 1];
    System.arraycopy(JDK, 0, allowed, 0, JDK.length);
    allowed[JDK.length] = ROOT + "." + of + "..";
    for (int i = 0; i < packages.length; i++) {
      boolean own = packages[i].indexOf('.') < 0;
      allowed[JDK.length + 1 + i] = own ? ROOT + "." + packages[i] + ".." : packages[i];
    }
    return classes()
        .that()
        .resideInAPackage(ROOT + "." + of + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed);
  }

  @ArchTest static final ArchRule WEIGHT = uses("weight");
  @ArchTest static final ArchRule GGUF = uses("gguf", "weight", "tools.jackson..");
  @ArchTest static final ArchRule TOKENIZER = uses("tokenizer", "gguf");
  @ArchTest static final ArchRule PLAN = uses("plan", "weight");
  @ArchTest static final ArchRule BACKEND = uses("backend", "plan", "org.slf4j..");
  @ArchTest static final ArchRule SAMPLING = uses("sampling");

  @ArchTest
  static final ArchRule CPU =
      uses("cpu", "backend", "plan", "weight", "jdk.incubator.vector..", "org.slf4j..");

  @ArchTest
  static final ArchRule CHAT =
      uses("chat", "dev.hearth.template..", "tools.jackson..", "com.fasterxml.jackson..");

  @ArchTest
  static final ArchRule GRAMMAR =
      uses("grammar", "chat", "tokenizer", "tools.jackson..", "com.fasterxml.jackson..");

  @ArchTest
  static final ArchRule STORE = uses("store", "generate", "gguf", "tokenizer", "tools.jackson..");

  @ArchTest
  static final ArchRule NOBODY_USES_THE_STORE =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".store..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + ".store..");

  @ArchTest
  static final ArchRule VECTORS_ONLY_IN_CPU =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".cpu..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jdk.incubator.vector..");

  @ArchTest
  static final ArchRule ONLY_THE_LOOP_CHOOSES_A_BACKEND =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + ".cpu..", ROOT + ".generate..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + ".cpu..");

  @ArchTest
  static final ArchRule NO_SPRING =
      noClasses().should().dependOnClassesThat().resideInAPackage("org.springframework..");

  @ArchTest
  static final ArchRule NO_STANDARD_STREAMS =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(ROOT + ".store.ModelsMain")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");
}
