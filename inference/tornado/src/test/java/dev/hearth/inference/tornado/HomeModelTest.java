package dev.hearth.inference.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.Generation;
import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.TokenListener;
import dev.hearth.inference.chat.ChatMessage;
import dev.hearth.inference.chat.ToolDefinition;
import dev.hearth.inference.grammar.Grammar;
import dev.hearth.inference.grammar.ToolChoice;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.ObjectMapper;

/** The shipped model writes the same tokens on the device as on the processor. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HomeModelTest {

  private static final List<String> SENTENCES =
      List.of(
          "Turn on the light in the kitchen.",
          "Make the bedroom warmer and close the blinds, please.",
          "What is the temperature outside?",
          "打开厨房的灯",
          "Set a timer for ten minutes and then switch everything off.",
          "Mach das Licht im Wohnzimmer an.");

  private static final ToolDefinition TURN_ON =
      new ToolDefinition(
          "turn_on",
          "Turns things on.",
          new ObjectMapper()
              .readTree(
                  """
                  {"type": "object",
                   "properties": {
                     "area": {"type": "string", "enum": ["kitchen", "bedroom", "厨房"]},
                     "name": {"type": "string"},
                     "level": {"type": "integer", "minimum": 0, "maximum": 100}},
                   "required": ["area", "name", "level"]}
                  """));

  private final AtomicReference<LanguageModel> processor = new AtomicReference<>();
  private final AtomicReference<LanguageModel> device = new AtomicReference<>();

  /** The model of the agent. */
  static Path model() {
    Path root = Path.of("").toAbsolutePath();
    while (root.getParent() != null && !Files.exists(root.resolve("mvnw"))) {
      root = root.getParent();
    }
    return root.resolve("agent/src/main/resources/models/hearth-home.gguf");
  }

  @BeforeAll
  void load() {
    Device.backend();
    // Guesses are made on both, so that passes of several rows are checked as well.
    ModelOptions options = ModelOptions.defaults().withContextLength(1024).withDrafts(3);
    processor.set(LanguageModel.load(model(), options.withBackend("scalar")));
    device.set(LanguageModel.load(model(), options.withBackend("opencl")));
  }

  @AfterAll
  void close() {
    for (AtomicReference<LanguageModel> model : List.of(processor, device)) {
      if (model.get() != null) {
        model.get().close();
      }
    }
  }

  private static int[] prompt(LanguageModel model, String sentence) {
    String text = model.chatTemplate().render(List.of(ChatMessage.user(sentence)), List.of(), true);
    return model.tokenizer().encode(text, true);
  }

  private static Generation generate(
      LanguageModel model, int[] prompt, @Nullable Grammar grammar, int tokens) {
    GenerationRequest request =
        GenerationRequest.of(prompt).grammar(grammar).maxTokens(tokens).build();
    return model.generate(request, TokenListener.NONE);
  }

  private void assertAgreement(Function<LanguageModel, Generation> run) {
    Generation expected = run.apply(processor.get());
    Generation actual = run.apply(device.get());
    assertThat(expected.tokens()).isNotEmpty();
    assertThat(actual.tokens()).as(expected.text()).containsExactly(expected.tokens());
    assertThat(actual.reason()).isEqualTo(expected.reason());
  }

  @Test
  void theDeviceIsInUse() {
    assertThat(device.get().info().backend()).isEqualTo("tornado-opencl");
    assertThat(device.get().info().backendReason()).startsWith("asked for by the options");
  }

  @Test
  void freeTextAgrees() {
    for (String sentence : SENTENCES) {
      assertAgreement(model -> generate(model, prompt(model, sentence), null, 40));
    }
  }

  @Test
  void theDevicesGuessesByTheNextTokenLayerLeaveTheTextAsItIs(@TempDir Path folder) {
    Path path = TinyModel.ofType(WeightType.F32).withNextToken().write(folder.resolve("t.gguf"));
    int[] prompt = new SplittableRandom(5).ints(80, 0, 300).toArray();
    ModelOptions options = ModelOptions.defaults().withDrafts(2);
    try (LanguageModel expected = LanguageModel.load(path, options.withBackend("scalar"));
        LanguageModel actual = LanguageModel.load(path, options.withBackend("opencl"))) {
      Generation generation = generate(actual, prompt, null, 30);
      assertThat(generation.tokens())
          .isNotEmpty()
          .containsExactly(generate(expected, prompt, null, 30).tokens());
      assertThat(generation.timings().draftedTokens()).isPositive();
    }
  }

  @Test
  void callsUnderAGrammarAgree() {
    for (String sentence : SENTENCES) {
      assertAgreement(model -> {
        Grammar grammar =
            Grammar.forTools(
                List.of(TURN_ON), model.toolCallSyntax(), ToolChoice.CALLS, 2, model.vocabulary());
        return generate(model, prompt(model, sentence), grammar, 60);
      });
    }
  }

  @Test
  void longPromptsThatShareAPrefixAgreeAndRunOnlyWhatDiffers() {
    String shared = "The kitchen has a lamp, the bedroom has a heater. ".repeat(12);
    for (String sentence : SENTENCES.subList(0, 3)) {
      assertAgreement(model -> generate(model, prompt(model, shared + sentence), null, 16));
    }
    int[] again = prompt(device.get(), shared + SENTENCES.get(3));
    assertThat(generate(device.get(), again, null, 4).timings().cachedTokens()).isGreaterThan(100);
  }

  @Test
  void severalRequestsAtOnceAgree() throws Exception {
    List<int[]> expected = new ArrayList<>();
    for (String sentence : SENTENCES) {
      LanguageModel model = processor.get();
      expected.add(generate(model, prompt(model, sentence), null, 24).tokens());
    }
    LanguageModel model = device.get();
    try (ExecutorService threads = Executors.newFixedThreadPool(SENTENCES.size())) {
      List<Future<Generation>> running = new ArrayList<>();
      for (String sentence : SENTENCES) {
        running.add(threads.submit(() -> generate(model, prompt(model, sentence), null, 24)));
      }
      for (int i = 0; i < running.size(); i++) {
        assertThat(running.get(i).get().tokens()).containsExactly(expected.get(i));
      }
    }
  }

  @Test
  void aPreparedPrefixIsReadByTheNextProcess(@TempDir Path folder) {
    String shared = "The hall has two lamps, the garage has a door. ".repeat(8);
    int[] prefix = prompt(device.get(), shared);
    assertThat(device.get().prepare(prefix, folder)).isFalse();
    ModelOptions options =
        ModelOptions.defaults().withContextLength(1024).withBackend("opencl").withDrafts(0);
    int[] prompt = Arrays.copyOf(prefix, prefix.length + 3);
    try (LanguageModel next = LanguageModel.load(model(), options)) {
      assertThat(next.prepare(prefix, folder)).isTrue();
      Generation generation = generate(next, prompt, null, 12);
      assertThat(generation.timings().cachedTokens()).isGreaterThanOrEqualTo(prefix.length - 1);
      assertThat(generation.tokens())
          .containsExactly(generate(processor.get(), prompt, null, 12).tokens());
    }
  }
}
