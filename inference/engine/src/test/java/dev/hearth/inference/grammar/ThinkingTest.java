package dev.hearth.inference.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.inference.chat.ToolCallParser;
import dev.hearth.inference.chat.ToolCallParser.Event;
import dev.hearth.inference.chat.ToolCallSyntax;
import dev.hearth.inference.chat.ToolDefinition;
import dev.hearth.inference.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Thinking before the turn proper, with a limit. */
class ThinkingTest {
  private static final TestVocabulary SMALL = TestVocabulary.SMALL;

  /** Here both marks are added tokens. */
  private static final TestVocabulary MARKED = TestVocabulary.withThinkingTokens();

  private static final ToolDefinition TURN =
      new ToolDefinition(
          "turn",
          "",
          JsonMapper.shared()
              .readTree(
                  "{\"type\":\"object\",\"properties\":{\"area\":{\"enum\":[\"kitchen\",\"客厅\"]},"
                      + "\"value\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":100}},\"required\":[\"area\"]}"));

  private static Grammar inner(ToolChoice choice, TestVocabulary vocabulary) {
    return Grammar.forTools(List.of(TURN), ToolCallSyntax.HERMES, choice, 2, vocabulary);
  }

  private static GrammarState after(Grammar grammar, TestVocabulary vocabulary, String text) {
    GrammarState state = grammar.start();
    for (int token : vocabulary.tokenizer().encode(text, true)) {
      assertThat(state.accept(token)).as("token %d of %s", token, text).isTrue();
    }
    return state;
  }

  private static String forced(GrammarState state) {
    return new String(state.forcedBytes(), StandardCharsets.UTF_8);
  }

  private static final String CALL =
      "<tool_call>\n{\"name\": \"turn\", \"arguments\": {\"area\": \"客厅\"}}\n</tool_call>";

  @Test
  void theModelMayThinkOrNot() {
    for (TestVocabulary vocabulary : List.of(SMALL, MARKED, TestVocabulary.PLAIN)) {
      Grammar grammar = inner(ToolChoice.CALLS, vocabulary).withThinking(100, false);
      assertThat(after(grammar, vocabulary, CALL).mayEnd()).isTrue();
      assertThat(after(grammar, vocabulary, "<think>\nhm 客 < </thin\n</think>\n\n" + CALL).mayEnd())
          .isTrue();
      assertThat(after(grammar, vocabulary, "<think></think>" + CALL).mayEnd()).isTrue();
      GrammarState within = after(grammar, vocabulary, "<think>so");
      assertThat(within.mayEnd()).isFalse();
      assertThat(within.complete()).isFalse();
      assertThat(Walk.allowed(within.mask())).doesNotContainAnyElementsOf(vocabulary.endOfTurn());
    }
  }

  @Test
  void thinkingIsNoAnswerEvenWhereTextIsAllowed() {
    Grammar grammar = inner(ToolChoice.TEXT_OR_CALLS, SMALL).withThinking(100, false);
    assertThat(after(grammar, SMALL, "Hello <think").mayEnd()).isTrue();
    assertThat(after(grammar, SMALL, "<think").mayEnd()).as("so far it is text").isTrue();
    assertThat(after(grammar, SMALL, "<think>").mayEnd()).isFalse();
    assertThat(after(grammar, SMALL, "<think>x</think>").mayEnd()).isFalse();
    assertThat(after(grammar, SMALL, "<think>x</think>\nyes").mayEnd()).isTrue();
  }

  @Test
  void theLimitForcesTheEndMarkWhereverTheTextStands() {
    Grammar grammar = inner(ToolChoice.CALLS, SMALL).withThinking(2, true);
    GrammarState state = grammar.start();
    TokenTrie trie = TokenIndex.of(SMALL).all;
    assertThat(state.accept(trie.byteToken((byte) 'a'))).isTrue();
    assertThat(forced(state)).isEmpty();
    GrammarState other = state.copy();
    assertThat(state.accept(trie.byteToken((byte) 'b'))).isTrue();
    assertThat(forced(state)).isEqualTo("\n</think>");

    assertThat(other.accept(trie.byteToken((byte) '<'))).isTrue();
    assertThat(forced(other)).as("within the mark").isEqualTo("/think>");

    GrammarState split = grammar.start();
    byte[] lamp = "灯".getBytes(StandardCharsets.UTF_8);
    assertThat(split.accept(trie.byteToken(lamp[0]))).isTrue();
    assertThat(split.accept(trie.byteToken(lamp[1]))).isTrue();
    assertThat(forced(split)).isEmpty();
    assertThat(split.allows(trie.byteToken((byte) 'a'))).isFalse();
    assertThat(split.accept(trie.byteToken(lamp[2]))).isTrue();
    assertThat(forced(split)).as("after the character").isEqualTo("\n</think>");
  }

  @Test
  void noTokensOfThinkingMeansTheEndMarkAtOnce() {
    assertThat(forced(inner(ToolChoice.CALLS, SMALL).withThinking(0, true).start()))
        .isEqualTo("\n</think>");
    assertThat(forced(inner(ToolChoice.CALLS, MARKED).withThinking(0, true).start()))
        .isEqualTo("\n</think>");
    assertThatThrownBy(() -> inner(ToolChoice.CALLS, SMALL).withThinking(-1, true))
        .hasMessageContaining("-1");
  }

  @Test
  void aMarkOfSeveralTokensIsTakenHoweverItIsSplit() {
    Grammar grammar = inner(ToolChoice.CALLS, SMALL).withThinking(100, false);
    TokenTrie trie = TokenIndex.of(SMALL).all;
    GrammarState state = grammar.start();
    for (byte b : "<think>hm</think>".getBytes(StandardCharsets.UTF_8)) {
      assertThat(state.accept(trie.byteToken(b))).isTrue();
    }
    assertThat(state.allows(SMALL.tokenizer().idOf("<tool_call>").orElseThrow())).isTrue();
  }

  /** Whatever is picked, thinking keeps its limit and the turn after it parses. */
  @Test
  void randomTurnsKeepTheLimitAndParse() {
    Fuzz.each(
        300,
        random -> {
          TestVocabulary vocabulary = random.nextBoolean() ? SMALL : MARKED;
          int limit = random.nextInt(8);
          boolean opened = random.nextBoolean();
          Grammar grammar = inner(ToolChoice.CALLS, vocabulary).withThinking(limit, opened);
          Walk walk =
              new Walk(vocabulary)
                  .hostile(
                      grammar,
                      random,
                      Fuzz.pick(Walk.Hostile.values(), random),
                      random.nextBoolean());
          check(walk, vocabulary, limit, opened, random);
        });
  }

  private static void check(
      Walk walk, TestVocabulary vocabulary, int limit, boolean opened, Random random) {
    String text = walk.text();
    boolean thought = opened || text.startsWith("<think>");
    List<Event> events = new ArrayList<>();
    ToolCallParser parser = new ToolCallParser(ToolCallSyntax.HERMES, opened);
    for (int at = 0; at < text.length(); ) {
      int to = Math.min(text.length(), at + 1 + random.nextInt(9));
      events.addAll(parser.accept(text.substring(at, to)));
      at = to;
    }
    events.addAll(parser.finish());
    assertThat(events.stream().filter(e -> e instanceof Event.Call)).as(text).isNotEmpty();
    if (!thought) {
      return;
    }
    // Tokens that lie before the end mark but for those that the grammar closes it with: a line
    // break and the rest of a character.
    int[] tokens = walk.tokens();
    int opening = opened ? 0 : vocabulary.tokenizer().encode("<think>", true).length;
    int end = 0;
    while (!vocabulary.tokenizer().decode(Arrays.copyOf(tokens, end)).contains("</think>")) {
      end++;
    }
    int most =
        limit
            + Math.max(opening, "<think>".length())
            + "灯\n</think>".getBytes(StandardCharsets.UTF_8).length;
    assertThat(end).as(text).isLessThanOrEqualTo(most);
  }
}
