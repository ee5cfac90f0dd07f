package dev.hearth.inference.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.inference.chat.ToolCallSyntax;
import dev.hearth.inference.chat.ToolDefinition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class GrammarTest {
  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final TestVocabulary SMALL = TestVocabulary.SMALL;
  private static final TestVocabulary PLAIN = TestVocabulary.PLAIN;

  private static JsonNode json(String text) {
    return MAPPER.readTree(text.replace('\'', '"'));
  }

  private static ToolDefinition tool(String name, String schema) {
    return new ToolDefinition(name, "", json(schema));
  }

  private static Grammar tools(ToolChoice choice, int maxCalls, TestVocabulary vocabulary) {
    return Grammar.forTools(
        List.of(
            tool(
                "turn",
                "{'type':'object','properties':{'area':{'enum':['kitchen','bedroom']},"
                    + "'on':{'type':'boolean'}},'required':['area']}"),
            tool("tell", "{'type':'object'}")),
        ToolCallSyntax.HERMES,
        choice,
        maxCalls,
        vocabulary);
  }

  /** Whether a grammar takes exactly this text, token by token as the tokenizer writes it. */
  private static boolean takes(Grammar grammar, TestVocabulary vocabulary, String text) {
    GrammarState state = grammar.start();
    return Arrays.stream(vocabulary.tokenizer().encode(text, true)).allMatch(state::accept)
        && state.mayEnd();
  }

  private static boolean takes(String schema, String text) {
    Grammar grammar = Grammar.forSchema(json(schema), false, SMALL);
    // Byte by byte as well: no tokenisation may matter.
    GrammarState state = grammar.start();
    boolean bytewise = true;
    TokenTrie trie = TokenIndex.of(SMALL).all;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      bytewise = bytewise && state.accept(trie.byteToken(b));
    }
    bytewise = bytewise && state.mayEnd();
    assertThat(takes(grammar, SMALL, text)).isEqualTo(bytewise);
    return bytewise;
  }

  private static String forced(GrammarState state) {
    return new String(state.forcedBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void forcesTheOpeningOfACallAsTheTokenizerWritesIt() {
    GrammarState state = tools(ToolChoice.CALLS, 1, SMALL).start();
    assertThat(forced(state)).isEqualTo("<tool_call>\n{\"name\": \"t");
    int[] forced = state.forcedTokens(SMALL::encode, new int[0]);
    String text = SMALL.tokenizer().decode(forced);
    assertThat(text).startsWith("<tool_call>\n{\"name\":");
    assertThat(forced).startsWith(SMALL.tokenizer().idOf("<tool_call>").orElseThrow());
    int[] whole = SMALL.tokenizer().encode("<tool_call>\n{\"name\": \"turn\", ", true);
    assertThat(Arrays.copyOf(whole, forced.length)).isEqualTo(forced);
  }

  @Test
  void doesNotForceAQuoteThatALongerTokenCovers() {
    JsonNode schema =
        json(
            "{'type':'object','properties':{'a':{'enum':['on','off']},'b':{'type':'boolean'}},"
                + "'required':['a']}");
    Grammar grammar = Grammar.forSchema(schema, true, SMALL);
    assertThat(SMALL.encode("\",\"")).as("the vocabulary has it as one token").hasSize(1);
    GrammarState state = grammar.start();
    List<Integer> turn = new ArrayList<>();
    for (int token : SMALL.encode("{\"a\":\"on")) {
      assertThat(state.accept(token)).isTrue();
      turn.add(token);
    }
    assertThat(forced(state)).isEqualTo("\"");
    int[] so = turn.stream().mapToInt(Integer::intValue).toArray();
    assertThat(state.forcedTokens(SMALL::encode, so)).isEmpty();
    List<Integer> allowed = Walk.allowed(state.mask());
    assertThat(allowed).contains(SMALL.encode("\",\"")[0], SMALL.encode("\"}")[0]);
  }

  @Test
  void theEndIsAllowedExactlyWhenTheTurnIsComplete() {
    int end = SMALL.endOfTurn().iterator().next();
    GrammarState state = tools(ToolChoice.CALLS, 2, SMALL).start();
    String call = "<tool_call>\n{\"name\": \"tell\", \"arguments\": {}}\n</tool_call>";
    for (int token : SMALL.tokenizer().encode(call, true)) {
      assertThat(state.allows(end)).isFalse();
      assertThat(state.accept(token)).isTrue();
    }
    assertThat(state.mayEnd()).isTrue();
    assertThat(state.complete()).as("a second call may follow").isFalse();
    GrammarState second = state.copy();
    for (int token : SMALL.tokenizer().encode("\n" + call, true)) {
      assertThat(second.accept(token)).isTrue();
    }
    assertThat(second.complete()).isTrue();
    assertThat(Walk.allowed(second.mask())).containsExactlyInAnyOrderElementsOf(SMALL.endOfTurn());
    assertThat(state.accept(end)).isTrue();
    assertThat(state.complete()).isTrue();
    assertThat(state.accept(end)).isFalse();
    assertThat(Walk.allowed(state.mask())).isEmpty();
  }

  @Test
  void anAddedTokenIsNeverSpeltInPieces() {
    GrammarState state = tools(ToolChoice.CALLS, 1, SMALL).start();
    assertThat(Walk.allowed(state.mask()))
        .containsExactly(SMALL.tokenizer().idOf("<tool_call>").orElseThrow());
    GrammarState plain = tools(ToolChoice.CALLS, 1, PLAIN).start();
    assertThat(Walk.allowed(plain.mask())).contains(PLAIN.encode("<")[0]);
  }

  @Test
  void textMayLeadIntoCallsWhereBothAreAllowed() {
    String call =
        "<tool_call>\n{\"name\": \"turn\", \"arguments\": {\"area\": \"kitchen\"}}\n</tool_call>";
    for (TestVocabulary vocabulary : List.of(SMALL, PLAIN)) {
      Grammar both = tools(ToolChoice.TEXT_OR_CALLS, 2, vocabulary);
      assertThat(takes(both, vocabulary, call)).isTrue();
      assertThat(takes(both, vocabulary, "Sure 一 é 😀.\n" + call)).isTrue();
      assertThat(takes(both, vocabulary, "Just <b>text</b> <tool")).isTrue();
      assertThat(takes(both, vocabulary, "")).isFalse();
      assertThat(takes(both, vocabulary, "a <tool_call> b")).isFalse();
      assertThat(takes(both, vocabulary, call + " more")).isFalse();
      Grammar text = tools(ToolChoice.TEXT, 1, vocabulary);
      assertThat(takes(text, vocabulary, "Hi there <<tool_")).isTrue();
      assertThat(takes(text, vocabulary, "Hi <tool_call>")).isFalse();
      assertThat(takes(tools(ToolChoice.CALLS, 1, vocabulary), vocabulary, call)).isTrue();
      assertThat(takes(tools(ToolChoice.CALLS, 1, vocabulary), vocabulary, "x" + call)).isFalse();
    }
  }

  @Test
  void controlTokensAndUnusedIdsAreNeverText() {
    List<Integer> allowed = Walk.allowed(tools(ToolChoice.TEXT_OR_CALLS, 1, SMALL).start().mask());
    assertThat(allowed).noneMatch(SMALL::control);
    assertThat(allowed).contains(SMALL.tokenizer().idOf("<tool_call>").orElseThrow());
  }

  @Test
  void quotesPartsOfATextAtWordBoundaries() {
    String schema = "{'type':'string','x-substring-of':'turn off the  kitchen-lights, 把灯关了 ok!'}";
    for (String part :
        List.of("turn", "off the", "the  kitchen-lights", "lights, 把", "灯关", "了 ok", "kitchen")) {
      assertThat(takes(schema, "\"" + part + "\"")).as(part).isTrue();
    }
    for (String part : List.of("", "tur", "urn", " off", "off ", "lights,", "ok!", "light", "关灯")) {
      assertThat(takes(schema, "\"" + part + "\"")).as(part).isFalse();
    }
    assertThat(takes("{'type':'string','x-substring-of':'say \\\\ now'}", "\"say \\\\ now\""))
        .isTrue();
    assertThat(takes("{'type':'string','x-substring-of':'?!'}", "\"?!\"")).isTrue();
    String limited = "{'type':'string','x-substring-of':'one three five','maxLength':5}";
    assertThat(takes(limited, "\"three\"")).isTrue();
    assertThat(takes(limited, "\"one three\"")).isFalse();
  }

  @Test
  void numbersKeepTheirRangeExactly() {
    String tenth = "{'type':'number','minimum':16.5,'maximum':30,'x-decimals':1}";
    for (String number : List.of("16.5", "17", "29.9", "30", "30.0", "20.0")) {
      assertThat(takes(tenth, number)).as(number).isTrue();
    }
    for (String number :
        List.of("16.4", "16", "30.1", "31", "020", "2", "20.55", "20.", "-20", "1e1")) {
      assertThat(takes(tenth, number)).as(number).isFalse();
    }
    String signed = "{'type':'number','minimum':-1.25,'maximum':0.5,'x-decimals':2}";
    for (String number : List.of("-1.25", "-1", "-0.5", "0", "0.0", "0.5", "0.05", "-0.01")) {
      assertThat(takes(signed, number)).as(number).isTrue();
    }
    for (String number : List.of("-1.26", "-0", "-0.0", "0.51", "0.50", "1", "-2")) {
      assertThat(takes(signed, number)).as(number).isFalse();
    }
    assertThat(takes("{'type':'integer','exclusiveMinimum':3,'exclusiveMaximum':5}", "4")).isTrue();
    assertThat(takes("{'type':'integer','exclusiveMinimum':3,'exclusiveMaximum':5}", "5"))
        .isFalse();
  }

  @Test
  void keysKeepTheirOrderAndOptionalOnesMayMiss() {
    String schema =
        "{'type':'object','properties':{'a':{'const':1},'b':{'const':2},'c':{'const':3}},'required':['b']}";
    for (String text :
        List.of(
            "{\"a\": 1, \"b\": 2, \"c\": 3}",
            "{\"b\": 2}",
            "{\"a\": 1, \"b\": 2}",
            "{\"b\": 2, \"c\": 3}")) {
      assertThat(takes(schema, text)).as(text).isTrue();
    }
    for (String text :
        List.of("{}", "{\"a\": 1}", "{\"b\": 2, \"a\": 1}", "{\"b\":2}", "{\"b\": 2,}")) {
      assertThat(takes(schema, text)).as(text).isFalse();
    }
  }

  @Test
  void uniqueItemsOfAnEnumComeOnceEach() {
    String schema =
        "{'type':'array','items':{'enum':['a','ab','b']},'uniqueItems':true,'minItems':1}";
    assertThat(takes(schema, "[\"ab\", \"a\", \"b\"]")).isTrue();
    assertThat(takes(schema, "[\"a\", \"a\"]")).isFalse();
    assertThat(takes(schema, "[]")).isFalse();
  }

  @Test
  void variantsOfAUnionMayShareTheirBeginning() {
    String schema =
        "{'anyOf':[{'type':'object','properties':{'k':{'const':'x'},'n':{'type':'integer','minimum':0,'maximum':9}},'required':['k','n']},"
            + "{'type':'object','properties':{'k':{'enum':['x','xy']}},'required':['k']}]}";
    assertThat(takes(schema, "{\"k\": \"x\", \"n\": 3}")).isTrue();
    assertThat(takes(schema, "{\"k\": \"x\"}")).isTrue();
    assertThat(takes(schema, "{\"k\": \"xy\"}")).isTrue();
    assertThat(takes(schema, "{\"k\": \"xy\", \"n\": 3}")).isFalse();
  }

  @Test
  void whatNothingMatchesIsLeftOutOrRefused() {
    assertThat(
            takes(
                "{'type':'object','properties':{'a':{'enum':[]},'b':{'const':1}},'required':['b']}",
                "{\"b\": 1}"))
        .isTrue();
    assertThatThrownBy(() ->
            Grammar.forSchema(
                json("{'type':'object','properties':{'a':{'enum':[]}},'required':['a']}"),
                true,
                SMALL))
        .hasMessageContaining("nothing matches");
    ToolDefinition never =
        tool("never", "{'type':'object','properties':{'a':{'enum':[]}},'required':['a']}");
    assertThatThrownBy(() ->
            Grammar.forTools(List.of(never), ToolCallSyntax.HERMES, ToolChoice.CALLS, 1, SMALL))
        .hasMessageContaining("no tool can be called");
    Grammar other =
        Grammar.forTools(
            List.of(never, tool("tell", "{'type':'object'}")),
            ToolCallSyntax.HERMES,
            ToolChoice.CALLS,
            1,
            SMALL);
    assertThat(forced(other.start())).endsWith("\"tell\", \"arguments\": {}}\n</tool_call>");
  }

  @Test
  void refusesWhatItCannotExpressAndSaysWhere() {
    assertThatThrownBy(() ->
            Grammar.forTools(
                List.of(
                    tool(
                        "t",
                        "{'type':'object','properties':{'a':{'type':'string','pattern':'x'}}}")),
                ToolCallSyntax.HERMES,
                ToolChoice.CALLS,
                1,
                SMALL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tool 't'")
        .hasMessageContaining("#/properties/a")
        .hasMessageContaining("pattern");
    assertThatThrownBy(
            () -> Grammar.forSchema(json("{'type':'object','required':['z']}"), true, SMALL))
        .hasMessageContaining("[z]");
    assertThatThrownBy(() -> Grammar.forSchema(json("{'type':'strnig'}"), true, SMALL))
        .hasMessageContaining("strnig");
    String deep = "{'type':'array','items':".repeat(100) + "{'type':'boolean'}" + "}".repeat(100);
    assertThatThrownBy(() -> Grammar.forSchema(json(deep), true, SMALL))
        .hasMessageContaining("nested");
  }

  private static void refused(String schema, String... parts) {
    assertThatThrownBy(() -> Grammar.forSchema(json(schema), true, SMALL))
        .as(schema)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void everyRefusalNamesPathKeywordAndAWayOut() {
    refused("{'type':['string','null'],'pattern':'x'}", "#", "pattern", "leave it out");
    refused("{'type':'array','items':{'type':'string'},'uniqueItems':true}", "uniqueItems", "enum");
    refused("{'oneOf':[{'type':'number'},{'type':'integer'}]}", "#/oneOf", "anyOf");
    refused("{'allOf':[{'type':'string'},{'maxLength':3}]}", "#/allOf", "merge");
    refused("{'$ref':'#/$defs/x','$defs':{'x':{'items':{'$ref':'#/$defs/x'}}}}", "back to", "x");
    refused("{'$ref':'#/$defs/y'}", "#/$ref", "not there");
    refused("{'$ref':'http://example.org/s'}", "#/$ref", "$defs");
    refused("{'type':'string','anyOf':[{'type':'null'}]}", "#/anyOf/0", "move it");
    refused("{'type':'integer','minimum':1e400}", "#/minimum", "number");
    refused("{'properties':[]}", "#/properties");
    refused("{'type':'object','required':'a'}", "#/required", "array");
    refused("{'anyOf':{}}", "#/anyOf", "array");
    refused("{'type':'any'}", "#/type", "use object");
    StringBuilder many = new StringBuilder("{'type':'object','x-any-order':true,'properties':{");
    for (int i = 0; i < 13; i++) {
      many.append(i == 0 ? "" : ",").append("'p%d':{}".formatted(i));
    }
    refused(many + "}}", "x-any-order", "12", "leave it out");
  }

  @Test
  void propertiesComeInAnyOrderWhereTheSchemaSaysSo() {
    String schema =
        "{'type':'object','x-any-order':true,'properties':{'a':{'const':1},'b':{'const':2},'c':{'const':3}},'required':['b','c']}";
    for (String text :
        List.of(
            "{\"c\": 3, \"b\": 2}",
            "{\"b\": 2, \"c\": 3}",
            "{\"c\": 3, \"a\": 1, \"b\": 2}",
            "{\"a\": 1, \"b\": 2, \"c\": 3}")) {
      assertThat(takes(schema, text)).as(text).isTrue();
    }
    for (String text :
        List.of("{}", "{\"b\": 2}", "{\"b\": 2, \"b\": 2, \"c\": 3}", "{\"c\": 3, \"b\": 2,}")) {
      assertThat(takes(schema, text)).as(text).isFalse();
    }
  }

  @Test
  void valuesKeepTheTypeThatStandsBesideThem() {
    assertThat(takes("{'type':'string','enum':['a',1]}", "1")).isFalse();
    assertThat(takes("{'type':'integer','enum':['a',1,1.5]}", "1")).isTrue();
    assertThat(takes("{'type':'integer','enum':['a',1,1.5]}", "1.5")).isFalse();
    assertThat(takes("{'enum':[1,2],'const':2}", "1")).isFalse();
    assertThat(takes("{'type':'string','anyOf':[{'enum':['a',1]},{'maxLength':1}]}", "1"))
        .isFalse();
    assertThat(takes("{'properties':{'a':true,'b':false}}", "{\"a\": null}")).isTrue();
  }

  @Test
  void aCopyWalksOnAlone() {
    GrammarState state = tools(ToolChoice.TEXT_OR_CALLS, 2, SMALL).start();
    int[] text = SMALL.encode("Hi the kitchen");
    GrammarState ahead = state.copy();
    for (int token : text) {
      assertThat(ahead.accept(token)).isTrue();
    }
    assertThat(state.mayEnd()).isFalse();
    assertThat(state.mask()).isNotEqualTo(ahead.mask());
    GrammarState further = ahead.copy();
    assertThat(further.accept(SMALL.endOfTurn().iterator().next())).isTrue();
    assertThat(further.complete()).isTrue();
    assertThat(ahead.complete()).isFalse();
    for (int token : text) {
      assertThat(state.accept(token)).isTrue();
    }
    assertThat(state.mask()).isEqualTo(ahead.mask());
  }

  @Test
  void aLongTurnKeepsItsMasksWithinBounds() {
    // Every character of a bounded string is a state of its own.
    Grammar grammar = Grammar.forSchema(json("{'type':'string','maxLength':60000}"), true, SMALL);
    GrammarState state = grammar.start();
    assertThat(state.accept(SMALL.encode("\"")[0])).isTrue();
    int[] letter = SMALL.encode("x");
    long[] first = state.mask().clone();
    for (int i = 0; i < 40_000; i++) {
      assertThat(state.accept(letter[0])).isTrue();
      if (i % 10 == 0) {
        state.mask();
      }
    }
    assertThat(state.mask()).isEqualTo(first);
    assertThat(grammar.keptMasks()).isLessThanOrEqualTo(Automaton.MAX_MASKS);
    assertThat(grammar.keptStates()).isLessThanOrEqualTo(Automaton.MAX_STATES);
    assertThat(grammar.start().accept(SMALL.encode("\"")[0])).isTrue();
  }

  @Test
  void aThousandNamesAndHugeLimitsStaySmall() {
    ObjectNode schema = MAPPER.createObjectNode();
    ArrayNode names = schema.putArray("enum");
    IntStream.range(0, 1_000).forEach(i -> names.add("light.room_%d_lamp_%d".formatted(i / 10, i)));
    Grammar grammar = Grammar.forSchema(schema, true, SMALL);
    assertThat(takes(grammar, SMALL, "\"light.room_99_lamp_999\"")).isTrue();
    assertThat(takes(grammar, SMALL, "\"light.room_99_lamp_998x\"")).isFalse();
    assertThat(takes("{'type':'string','maxLength':1000000000}", "\"x\"")).isTrue();
    assertThat(takes("{'type':'array','items':{'type':'boolean'},'maxItems':1000000000}", "[true]"))
        .isTrue();
  }

  @Test
  void oneGrammarServesManyThreads() throws Exception {
    Grammar grammar = Grammar.forSchema(new RandomSchema(new Random(12)).object(0), false, SMALL);
    List<Future<String>> texts = new ArrayList<>();
    try (var pool = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 12; i++) {
        int seed = i % 3;
        texts.add(
            pool.submit(() -> new Walk(SMALL).random(grammar, new Random(seed), true).text()));
      }
    }
    for (int i = 0; i < 12; i++) {
      assertThat(texts.get(i).get()).isEqualTo(texts.get(i % 3).get());
    }
  }

  @Test
  void followsMimosTokenizerOverAWholeCall() {
    Optional<TestVocabulary> found = TestVocabulary.mimo();
    Assumptions.assumeTrue(found.isPresent(), "../shared/data/mimo-7b is not at hand");
    TestVocabulary mimo = found.orElseThrow();
    Grammar grammar = tools(ToolChoice.CALLS, 2, mimo);
    String turn =
        "<tool_call>\n{\"name\": \"turn\", \"arguments\": {\"area\": \"bedroom\", \"on\": false}}\n</tool_call>"
            + "\n<tool_call>\n{\"name\": \"turn\", \"arguments\": {\"area\": \"kitchen\"}}\n</tool_call>";
    int[] canonical = mimo.tokenizer().encode(turn, true);
    Walk walk =
        new Walk(mimo)
            .run(
                grammar,
                true,
                (allowed, so) -> so.size() < canonical.length ? canonical[so.size()] : 151_645);
    assertThat(walk.tokens()).isEqualTo(canonical);
    assertThat(walk.chosen())
        .as("chosen of %d tokens", canonical.length)
        .isLessThan(canonical.length / 3);
  }
}
