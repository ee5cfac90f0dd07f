package dev.hearth.inference.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.FinishReason;
import dev.hearth.inference.Generation;
import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.Sampling;
import dev.hearth.inference.TokenListener;
import dev.hearth.inference.chat.ChatMessage;
import dev.hearth.inference.chat.ToolCallParser;
import dev.hearth.inference.chat.ToolCallParser.Event;
import dev.hearth.inference.chat.ToolDefinition;
import dev.hearth.inference.gguf.GgufWriter;
import dev.hearth.inference.grammar.Grammar;
import dev.hearth.inference.grammar.ToolChoice;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.testing.TinyVocabulary;
import dev.hearth.inference.weight.WeightType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A model that knows nothing still writes sound calls when the grammar holds the pen. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrammarGenerationTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final ToolDefinition TURN_ON =
      new ToolDefinition(
          "turn_on",
          "Turns things on.",
          JSON.readTree(
              """
              {"type": "object",
               "properties": {
                 "area": {"type": "string", "enum": ["kitchen", "bedroom", "厨房"]},
                 "level": {"type": "integer", "minimum": 0, "maximum": 100}},
               "required": ["area", "level"]}
              """));

  private final AtomicReference<LanguageModel> shared = new AtomicReference<>();

  @BeforeAll
  void load(@TempDir Path folder) {
    GgufWriter writer = TinyModel.ofType(WeightType.F32).writer();
    writer.put(
        "tokenizer.chat_template",
        "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
            + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}");
    Path path = TinyModel.write(folder.resolve("tiny.gguf"), writer);
    shared.set(
        LanguageModel.load(path, ModelOptions.defaults().withBackend("scalar").withThreads(1)));
  }

  @AfterAll
  void close() {
    shared.get().close();
  }

  private Generation generate(Grammar grammar, Sampling sampling, int maxTokens) {
    LanguageModel model = shared.get();
    String prompt =
        model
            .chatTemplate()
            .render(List.of(ChatMessage.user("kitchen light on <|im_end|>")), List.of(), true);
    return model.generate(
        GenerationRequest.of(model.tokenizer().encode(prompt, true))
            .grammar(grammar)
            .sampling(sampling)
            .maxTokens(maxTokens)
            .build(),
        TokenListener.NONE);
  }

  private Grammar calls(int maxCalls) {
    LanguageModel model = shared.get();
    return Grammar.forTools(
        List.of(TURN_ON), model.toolCallSyntax(), ToolChoice.CALLS, maxCalls, model.vocabulary());
  }

  private List<Event> parse(String text) {
    ToolCallParser parser = new ToolCallParser(shared.get().toolCallSyntax());
    List<Event> events = new ArrayList<>(parser.accept(text));
    events.addAll(parser.finish());
    return events;
  }

  @Test
  void whateverIsDrawnTheCallParsesAndValidates() {
    Grammar grammar = calls(1);
    for (int seed = 0; seed < 25; seed++) {
      Generation generation = generate(grammar, Sampling.ofTemperature(3, seed), 200);
      assertThat(generation.reason()).as(generation.text()).isEqualTo(FinishReason.STOP);
      assertThat(parse(generation.text()))
          .singleElement()
          .isInstanceOfSatisfying(
              Event.Call.class,
              event -> {
                assertThat(event.call().name()).isEqualTo("turn_on");
                JsonNode arguments = JSON.readTree(event.call().argumentsJson());
                assertThat(arguments.path("area").asString()).isIn("kitchen", "bedroom", "厨房");
                assertThat(arguments.path("level").asInt(-1)).isBetween(0, 100);
              });
    }
  }

  @Test
  void textWithoutAChoiceIsForcedAndRunWithThePrompt() {
    Generation generation = generate(calls(1), Sampling.greedy(), 200);
    assertThat(generation.timings().forcedTokens())
        .isGreaterThan(3 * generation.timings().decodedTokens());
    assertThat(generation.timings().forcedTokens() + generation.timings().decodedTokens())
        .as("the end of the turn may be a choice")
        .isBetween(generation.tokens().length, generation.tokens().length + 1);
    assertThat(generation.timings().grammarNanos()).isPositive();
    assertThat(generation.text()).startsWith("<tool_call>\n{\"name\": \"turn_on\"");
  }

  @Test
  void forcedTextIsWrittenAsTheTokenizerWritesIt() {
    LanguageModel model = shared.get();
    int call = model.tokenizer().idOf(TinyVocabulary.CALL).orElseThrow();
    Generation generation = generate(calls(1), Sampling.greedy(), 200);
    assertThat(generation.tokens()[0]).isEqualTo(call);
    int[] whole =
        model.tokenizer().encode("\n{\"name\": \"turn_on\", \"arguments\": {\"area\": ", false);
    assertThat(generation.tokens()).startsWith(prepend(call, whole));
  }

  private static int[] prepend(int first, int[] rest) {
    int[] all = new int[rest.length + 1];
    all[0] = first;
    System.arraycopy(rest, 0, all, 1, rest.length);
    return all;
  }

  @Test
  void theTokenLimitHoldsForForcedTextToo() {
    Generation generation = generate(calls(1), Sampling.greedy(), 5);
    assertThat(generation.reason()).isEqualTo(FinishReason.LENGTH);
    assertThat(generation.tokens()).hasSize(5);
  }

  @Test
  void severalCallsStayWithinTheirNumber() {
    Grammar grammar = calls(3);
    for (int seed = 0; seed < 10; seed++) {
      Generation generation = generate(grammar, Sampling.ofTemperature(3, seed), 400);
      assertThat(parse(generation.text()).stream().filter(Event.Call.class::isInstance).count())
          .as(generation.text())
          .isBetween(1L, 3L);
    }
  }
}
