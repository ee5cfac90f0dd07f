package dev.hearth.inference.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.inference.Generation;
import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.Sampling;
import dev.hearth.inference.TokenListener;
import dev.hearth.inference.grammar.Grammar;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** With guesses, from the text or from the next-token layer, the output is the one without. */
class SpeculationTest {

  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder = Path.of("unset");

  private LanguageModel load(TinyModel model, int drafts) {
    Path path = model.write(folder.resolve("model-" + drafts + ".gguf"));
    return LanguageModel.load(
        path, ModelOptions.defaults().withBackend("scalar").withThreads(1).withDrafts(drafts));
  }

  /** A prompt in which pieces come again, so that looking up finds something. */
  private static int[] prompt(long seed, int length) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] piece = random.ints(9, 0, 300).toArray();
    int[] prompt = new int[length];
    for (int i = 0; i < length; i++) {
      prompt[i] = random.nextInt(6) == 0 ? random.nextInt(300) : piece[i % piece.length];
    }
    return prompt;
  }

  private static Generation generate(LanguageModel model, int[] prompt, Sampling sampling) {
    GenerationRequest request =
        GenerationRequest.of(prompt)
            .maxTokens(60)
            .stopTokens(Set.of(447))
            .sampling(sampling)
            .build();
    return model.generate(request, TokenListener.NONE);
  }

  @ParameterizedTest
  @CsvSource({"F32, false, 1", "F32, false, 5", "F32, true, 1", "Q8_0, true, 1", "F16, true, 4"})
  void greedyOutputIsThatWithoutGuesses(WeightType type, boolean nextToken, int drafts) {
    TinyModel tiny = TinyModel.ofType(type).untied();
    TinyModel model = nextToken ? tiny.withNextToken() : tiny;
    int guessed = 0;
    int right = 0;
    try (LanguageModel plain = load(model, 0);
        LanguageModel guessing = load(model, drafts)) {
      // How many guesses are made depends on what passes take: on until one was right.
      for (int i = 0; i < 25 || (right == 0 && i < 2_000); i++) {
        int[] prompt = prompt(i, 10 + 11 * (i % 25));
        Generation expected = generate(plain, prompt, Sampling.greedy());
        Generation actual = generate(guessing, prompt, Sampling.greedy());
        assertThat(actual.tokens()).as("prompt %d", i).containsExactly(expected.tokens());
        assertThat(actual.text()).isEqualTo(expected.text());
        assertThat(actual.timings().modelSteps())
            .isBetween(
                expected.timings().modelSteps() - actual.timings().acceptedTokens(),
                expected.timings().modelSteps());
        guessed += actual.timings().draftedTokens();
        right += actual.timings().acceptedTokens();
      }
    }
    assertThat(guessed).isPositive();
    assertThat(right).as("random models repeat themselves now and then").isPositive();
  }

  @Test
  void samplingWithASeedGivesTheTextWithoutGuesses() {
    TinyModel model = TinyModel.ofType(WeightType.F32).withNextToken();
    try (LanguageModel plain = load(model, 0);
        LanguageModel guessing = load(model, 3)) {
      for (int i = 0; i < 20; i++) {
        int[] prompt = prompt(i, 40);
        Sampling sampling = Sampling.ofTemperature(0.7f, i);
        assertThat(generate(guessing, prompt, sampling).tokens())
            .containsExactly(generate(plain, prompt, sampling).tokens());
      }
    }
  }

  @Test
  void underAGrammarTheOutputIsThatWithoutGuesses() {
    TinyModel model = TinyModel.ofType(WeightType.F32).withNextToken();
    String schema =
        """
        {"type": "array", "minItems": 4, "maxItems": 9, "items": {"type": "object", "properties":
          {"id": {"enum": ["aa", "ab", "ba", "bb"]}, "n": {"type": "integer", "minimum": -40,
          "maximum": 40}, "s": {"type": "string", "maxLength": 6}}, "required": ["id", "n", "s"]}}
        """;
    try (LanguageModel plain = load(model, 0);
        LanguageModel guessing = load(model, 3)) {
      for (int i = 0; i < 25; i++) {
        int[][] tokens = new int[2][];
        for (int which = 0; which < 2; which++) {
          LanguageModel one = which == 0 ? plain : guessing;
          Grammar grammar = Grammar.forSchema(JSON.readTree(schema), true, one.vocabulary());
          GenerationRequest request =
              GenerationRequest.of(prompt(i, 50)).grammar(grammar).maxTokens(300).build();
          Generation generation = one.generate(request, TokenListener.NONE);
          tokens[which] = generation.tokens();
          assertThat(JSON.readTree(generation.text()).isArray()).isTrue();
        }
        assertThat(tokens[1]).as("prompt %d", i).containsExactly(tokens[0]);
      }
    }
  }

  @Test
  void aPrefixKeptWithTheNextTokenLayerGivesTheSameGuesses() {
    TinyModel model = TinyModel.ofType(WeightType.F32).withNextToken();
    int[] prompt = prompt(3, 300);
    int[] other = Arrays.copyOf(prompt, 310);
    try (LanguageModel fresh = load(model, 1);
        LanguageModel used = load(model, 1)) {
      generate(used, prompt, Sampling.greedy());
      Generation again = generate(used, other, Sampling.greedy());
      Generation anew = generate(fresh, other, Sampling.greedy());
      assertThat(again.timings().cachedTokens()).isEqualTo(299);
      assertThat(again.tokens()).containsExactly(anew.tokens());
    }
  }

  @Test
  void looksUpWhatFollowedTheLatestSameTokens() {
    int[] tokens = {1, 2, 3, 4, 9, 1, 2, 3, 5, 8, 1, 2, 3};
    assertThat(Drafter.lookUp(tokens, 13, 4, 3)).isEqualTo(8);
    assertThat(Drafter.lookUp(tokens, 12, 4, 3)).isEqualTo(-1);
    assertThat(Drafter.lookUp(tokens, 2, 4, 3)).isEqualTo(-1);
    assertThat(Drafter.lookUp(new int[] {7, 7, 7, 7, 7}, 5, 4, 3)).isEqualTo(4);
  }

  @Test
  void guessesThatCostMoreThanTheySaveAreTriedNowAndThenOnly() {
    Drafter drafter = new Drafter();
    for (int i = 0; i < 60; i++) {
      drafter.checked(1, i % 2);
    }
    assertThat(guesses(drafter, 0.7)).as("half of them right").isEqualTo(5);
    assertThat(guesses(drafter, 0.2)).isEqualTo(155);
    for (int i = 0; i < 60; i++) {
      drafter.checked(1, 1);
    }
    assertThat(guesses(drafter, 0.7)).isEqualTo(155);
  }

  /** How many of 160 single guesses are made. */
  private static int guesses(Drafter drafter, double cost) {
    int guesses = 0;
    for (int i = 0; i < 160; i++) {
      guesses += drafter.worth(1, number -> cost);
    }
    return guesses;
  }

  @Test
  void asManyGuessesAreMadeAsGiveTheMostTokensASecond() {
    Drafter drafter = new Drafter();
    IntToDoubleFunction cost = number -> number == 1 ? 0.25 : 0.43;
    assertThat(drafter.worth(3, cost)).as("all of them right").isEqualTo(3);
    for (int i = 0; i < 60; i++) {
      drafter.checked(3, i % 3 == 0 ? 1 : 3);
    }
    assertThat(drafter.worth(3, cost)).as("some of them wrong").isEqualTo(1);
    for (int i = 0; i < 60; i++) {
      drafter.checked(3, 0);
    }
    assertThat(drafter.worth(3, cost)).as("all of them wrong").isZero();
  }

  @Test
  void aFigureThatWasWrongOnceIsFoundOut() {
    Drafter drafter = new Drafter();
    PassTimes times = new PassTimes();
    long[] nanos = {0, 100, 119, 165, 210};
    times.decoded(4, 420);
    int[] made = new int[4];
    for (int i = 0; i < 20_000; i++) {
      int guesses = drafter.worth(3, number -> times.cost(number, false));
      times.decoded(1 + guesses, nanos[1 + guesses]);
      made[guesses]++;
    }
    assertThat(made[3]).as("all are right, so three are best").isGreaterThan(15_000);
  }

  @Test
  void aGuessCostsWhatItAddsToAPass() {
    PassTimes times = new PassTimes();
    times.decoded(1, 100);
    assertThat(times.cost(1, true)).as("not yet known").isEqualTo(0.4);
    times.decoded(2, 150);
    times.decoded(4, 190);
    times.drafted(20);
    assertThat(times.cost(1, false)).isEqualTo(0.5);
    assertThat(times.cost(1, true)).isEqualTo(0.7);
    assertThat(times.cost(3, false)).isCloseTo(0.3, within(1e-9));
    for (int i = 0; i < 100; i++) {
      times.decoded(2, 120);
    }
    assertThat(times.cost(1, false)).isCloseTo(0.2, within(0.01));
  }
}
