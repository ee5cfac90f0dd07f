package dev.hearth.inference.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.hearth.inference.chat.ToolCallParser;
import dev.hearth.inference.chat.ToolCallSyntax;
import dev.hearth.inference.chat.ToolDefinition;
import dev.hearth.inference.testing.Fuzz;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever is picked, the turn parses, validates and ends. */
class GrammarPropertyTest {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  @Property(tries = 400, shrinking = ShrinkingMode.OFF)
  void randomPicksGiveValidJson(
      @ForAll long seed, @ForAll boolean compact, @ForAll boolean useForced) {
    Random random = new Random(seed);
    RandomSchema schemas = new RandomSchema(random);
    JsonNode schema = random.nextInt(3) == 0 ? schemas.withReferences() : schemas.object(0);
    Grammar grammar = Grammar.forSchema(schema, compact, TestVocabulary.SMALL);
    for (int i = 0; i < 3; i++) {
      String text = new Walk(TestVocabulary.SMALL).random(grammar, random, useForced).text();
      check(schema, text, compact);
    }
  }

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void hostilePicksGiveValidJson(
      @ForAll long seed, @ForAll Walk.Hostile aim, @ForAll boolean useForced) {
    Random random = new Random(seed);
    JsonNode schema = new RandomSchema(random).withReferences();
    Grammar grammar = Grammar.forSchema(schema, useForced, TestVocabulary.SMALL);
    check(
        schema,
        new Walk(TestVocabulary.SMALL).hostile(grammar, random, aim, useForced).text(),
        useForced);
  }

  @Test
  void hostilePicksFromMimosVocabularyGiveValidJson() {
    TestVocabulary mimo = TestVocabulary.mimo().orElse(null);
    Assumptions.assumeTrue(mimo != null, "../shared/data/mimo-7b is not at hand");
    Fuzz.each(
        24,
        random -> {
          Walk.Hostile aim = Fuzz.pick(Walk.Hostile.values(), random);
          JsonNode schema = new RandomSchema(random).withReferences();
          Grammar grammar = Grammar.forSchema(schema, false, mimo);
          check(schema, new Walk(mimo).hostile(grammar, random, aim, true).text(), false);
        });
  }

  /**
   * The masks that are put together from those of plain text are those of a walk over all tokens.
   */
  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  void masksHoldExactlyTheTokensThatAreTaken(@ForAll long seed) {
    Random random = new Random(seed);
    TestVocabulary vocabulary = TestVocabulary.SMALL;
    Grammar grammar =
        Grammar.forSchema(new RandomSchema(random).any(0), random.nextBoolean(), vocabulary);
    GrammarState state = grammar.start();
    for (int step = 0; step < 12 && !state.complete(); step++) {
      List<Integer> allowed = Walk.allowed(state.mask());
      for (int token = 0; token < vocabulary.size(); token++) {
        assertThat(state.allows(token)).isEqualTo(allowed.contains(token));
      }
      state.accept(allowed.get(random.nextInt(allowed.size())));
    }
  }

  /** Those of strings with a limit are put together from a count of each token's characters. */
  @Test
  void masksOfLimitedStringsHoldExactlyTheTokensOfMimosThatAreTaken() {
    TestVocabulary mimo = TestVocabulary.mimo().orElse(null);
    Assumptions.assumeTrue(mimo != null, "../shared/data/mimo-7b is not at hand");
    for (String limits :
        List.of("'maxLength':3", "'minLength':2,'maxLength':4", "'maxLength':90")) {
      String schema =
          "{'type':'array','items':{'type':'string',%s},'minItems':2}".formatted(limits);
      Grammar grammar = Grammar.forSchema(MAPPER.readTree(schema.replace('\'', '"')), true, mimo);
      GrammarState state = grammar.start();
      for (String piece : List.of("[\"", "a", "\\", "n", "灯\",\"", "\\u00")) {
        for (int token : mimo.encode(piece)) {
          assertThat(state.accept(token)).as(piece).isTrue();
        }
        long[] mask = state.mask();
        for (int token = 0; token < mimo.size(); token++) {
          if (state.allows(token) != ((mask[token >> 6] >>> token & 1) != 0)) {
            fail("%s after %s: token %d", schema, piece, token);
          }
        }
      }
    }
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void forcedTextIsWhatTheTokenizerWouldWrite(@ForAll long seed, @ForAll boolean compact) {
    Random random = new Random(seed);
    JsonNode schema = new RandomSchema(random).object(0);
    checkForced(schema, compact, TestVocabulary.SMALL, random);
  }

  @Test
  void forcedTextIsWhatMimosTokenizerWouldWrite() {
    TestVocabulary mimo = TestVocabulary.mimo().orElse(null);
    Assumptions.assumeTrue(mimo != null, "../shared/data/mimo-7b is not at hand");
    Fuzz.each(
        12,
        random ->
            checkForced(new RandomSchema(random).object(0), random.nextBoolean(), mimo, random));
  }

  private static void checkForced(
      JsonNode schema, boolean compact, TestVocabulary vocabulary, Random random) {
    Grammar grammar = Grammar.forSchema(schema, compact, vocabulary);
    String target = new Walk(vocabulary).random(grammar, random, false).text();
    int[] canonical = vocabulary.encode(target);
    if (!vocabulary.tokenizer().decode(canonical).equals(target)) {
      return; // the tokenizer's normalisation changes this text
    }
    Walk walk =
        new Walk(vocabulary)
            .run(
                grammar,
                true,
                (allowed, turn) ->
                    turn.size() < canonical.length
                        ? canonical[turn.size()]
                        : vocabulary.endOfTurn().iterator().next());
    assertThat(walk.tokens()).as(target + " from " + schema).isEqualTo(canonical);
  }

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void randomPicksGiveToolCallsThatParse(
      @ForAll long seed, @ForAll boolean toolTokens, @ForAll boolean useForced) {
    Random random = new Random(seed);
    TestVocabulary vocabulary = toolTokens ? TestVocabulary.SMALL : TestVocabulary.PLAIN;
    List<ToolDefinition> tools = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      tools.add(new ToolDefinition("set" + "x".repeat(i), "", new RandomSchema(random).object(0)));
    }
    int maxCalls = 1 + random.nextInt(3);
    Grammar grammar =
        Grammar.forTools(tools, ToolCallSyntax.HERMES, ToolChoice.CALLS, maxCalls, vocabulary);
    String text = new Walk(vocabulary).random(grammar, random, useForced).text();
    ToolCallParser parser = new ToolCallParser(ToolCallSyntax.HERMES);
    List<ToolCallParser.Event> events = new ArrayList<>(parser.accept(text));
    events.addAll(parser.finish());
    assertThat(events).as(text).isNotEmpty().hasSizeLessThanOrEqualTo(maxCalls);
    for (ToolCallParser.Event event : events) {
      assertThat(event).as(text).isInstanceOf(ToolCallParser.Event.Call.class);
      var call = ((ToolCallParser.Event.Call) event).call();
      ToolDefinition tool =
          tools.stream().filter(t -> t.name().equals(call.name())).findFirst().orElseThrow();
      check(tool.parameters(), call.argumentsJson(), true); // the parser writes compact JSON
    }
  }

  private static void check(JsonNode schema, String text, boolean compact) {
    JsonNode value = MAPPER.readTree(text);
    List<Error> errors = REGISTRY.getSchema(schema).validate(value);
    assertThat(errors).as("%s against %s", text, schema).isEmpty();
    checkOrderAndParts(schema, value, text);
    assertThat(JsonText.value(value, compact)).as("layout").isEqualTo(text);
  }

  private static void checkOrderAndParts(JsonNode schema, JsonNode value, String text) {
    JsonNode source = schema.get("x-substring-of");
    if (source != null) {
      assertThat(source.asString()).as(text).contains(value.asString());
      assertThat(value.asString()).isNotBlank();
    }
    JsonNode properties = schema.get("properties");
    if (properties != null && value.isObject()) {
      assertThat(value.properties()).extracting(Map.Entry::getKey).doesNotHaveDuplicates();
      if (schema.has("x-any-order")) {
        return;
      }
      List<String> order = properties.properties().stream().map(Map.Entry::getKey).toList();
      List<String> found = value.properties().stream().map(Map.Entry::getKey).toList();
      assertThat(order.stream().filter(found::contains).toList()).as(text).isEqualTo(found);
      for (String name : found) {
        checkOrderAndParts(properties.get(name), value.get(name), text);
      }
    }
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void integersOfARangeAreExactlyThoseWritten(@ForAll long seed) {
    Random random = new Random(seed);
    int low = random.nextInt(2_200) - 1_100;
    int high = low + random.nextInt(1_200);
    JsonNode schema =
        MAPPER.createObjectNode().put("type", "integer").put("minimum", low).put("maximum", high);
    Grammar grammar = Grammar.forSchema(schema, true, TestVocabulary.SMALL);
    for (int i = low - 20; i <= high + 20; i++) {
      GrammarState state = grammar.start();
      boolean taken =
          Arrays.stream(TestVocabulary.SMALL.encode(Integer.toString(i))).allMatch(state::accept)
              && state.mayEnd();
      assertThat(taken).as("%d in %d..%d", i, low, high).isEqualTo(i >= low && i <= high);
    }
  }
}
