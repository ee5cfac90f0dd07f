package dev.hearth.inference.grammar;

import dev.hearth.inference.chat.ToolCallParser;
import dev.hearth.inference.chat.ToolCallSyntax;
import dev.hearth.inference.chat.ToolDefinition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The turns that a model may write, as a byte automaton whose states and token masks are built when
 * first needed. Whatever is chosen within the masks, the turn parses and can be completed.
 * Thread-safe; one grammar serves many turns.
 *
 * <p>Schemas: object (properties in the schema's order, or in any order where {@code x-any-order}
 * is true, then 12 at most; {@code required} or optional), {@code enum} and {@code const}, string
 * with {@code minLength} and {@code maxLength} or {@code x-substring-of} (a part of a text, whole
 * words), integer and number with inclusive and exclusive bounds and {@code x-decimals} (2 unless
 * given), boolean, null, array ({@code items}, {@code minItems}, {@code maxItems}; {@code
 * uniqueItems} for enums), {@code anyOf}, {@code oneOf} of variants that plainly exclude each
 * other, {@code allOf} of one part, {@code $ref} into the schema itself without cycles. Other
 * constraints are refused with their path and a way out. JSON is written in one layout: compact or
 * with blanks as Python does.
 */
public final class Grammar {
  private final TokenVocabulary vocabulary;
  private final TokenIndex index;
  private final Node start;
  private final Automaton automaton;
  private final int thinkingTokens;

  private Grammar(TokenVocabulary vocabulary, TokenIndex index, Node start, int thinkingTokens) {
    this.vocabulary = vocabulary;
    this.index = index;
    this.start = start;
    this.automaton = new Automaton(index, start);
    this.thinkingTokens = thinkingTokens;
  }

  /**
   * Turns with tool calls. A tool whose arguments nothing matches (such as an enum without values)
   * is not on offer.
   *
   * @param tools tools on offer
   * @param syntax how calls are written
   * @param choice whether calls or text are wanted
   * @param maxCalls most calls of one turn, at least 1
   * @param vocabulary tokens of the model
   * @throws IllegalArgumentException when a schema uses what is not supported or nothing can match
   */
  public static Grammar forTools(
      List<ToolDefinition> tools,
      ToolCallSyntax syntax,
      ToolChoice choice,
      int maxCalls,
      TokenVocabulary vocabulary) {
    if (maxCalls < 1) {
      throw new IllegalArgumentException("maxCalls is %d; give at least 1".formatted(maxCalls));
    }
    TokenIndex index = TokenIndex.of(vocabulary);
    Calls calls = new Calls(tools, syntax, maxCalls, index);
    Node start =
        switch (choice) {
          case CALLS -> calls.required();
          case TEXT_OR_CALLS -> calls.any() ? calls.orText() : calls.textOnly();
          case TEXT -> calls.textOnly();
        };
    return new Grammar(vocabulary, index, start, 0);
  }

  /**
   * Turns that are one JSON value.
   *
   * @param schema JSON schema of the value
   * @param compactJson {@code {"a":1}} or {@code {"a": 1}}
   * @param vocabulary tokens of the model
   * @throws IllegalArgumentException when the schema uses what is not supported or nothing can
   *     match
   */
  public static Grammar forSchema(
      JsonNode schema, boolean compactJson, TokenVocabulary vocabulary) {
    Rule rule = SchemaCompiler.compile(schema, compactJson);
    if (rule == null) {
      throw new IllegalArgumentException("nothing matches the JSON schema " + schema);
    }
    return new Grammar(vocabulary, TokenIndex.of(vocabulary), rule.before(Node.End.END), 0);
  }

  /**
   * This grammar after thinking: {@code <think>}, text, {@code </think>}, up to two line breaks,
   * then the turn as before. The marks are plain text or added tokens as the vocabulary has them.
   * After so many tokens of text the end mark is the only way on, wherever the text stands.
   *
   * @param maxTokens tokens of thinking, from 0 on; the end mark comes on top
   * @param opened whether the prompt already ends inside of thinking, as {@code
   *     ChatTemplate.opensThinking} tells; otherwise the model may think or not
   */
  public Grammar withThinking(int maxTokens, boolean opened) {
    if (maxTokens < 0) {
      throw new IllegalArgumentException(
          "maxTokens of thinking is %d; give 0 or more".formatted(maxTokens));
    }
    byte[] line = JsonText.utf8("\n");
    Node after = Node.either(start, Node.literal(line, start));
    after = Node.either(start, Node.literal(line, after));
    TokenIndex.AddedToken end = index.addedAt(ToolCallParser.END_THINK, 0);
    Node text =
        end == null
            ? FreeText.thinking(JsonText.utf8(ToolCallParser.END_THINK), null, after)
            : FreeText.thinking(new byte[0], new Node.Special(end.token(), after), after);
    Node thinking =
        opened
            ? text
            : Node.either(start, index.text(ToolCallParser.THINK).before(new Node.Commit(text)));
    return new Grammar(vocabulary, index, thinking, maxTokens);
  }

  /**
   * Prepares a vocabulary, which the first grammar would otherwise do (some 200 ms for 151,680
   * tokens): call it in the background when a model loads. Done once per vocabulary.
   *
   * @param vocabulary tokens of the model
   * @throws IllegalArgumentException when it is no byte-level vocabulary
   */
  public static void prepare(TokenVocabulary vocabulary) {
    TokenIndex index = TokenIndex.of(vocabulary);
    index.plain(PlainText.ALL);
    index.plain(PlainText.OF_STRING);
  }

  /** State at the start of a turn. */
  public GrammarState start() {
    return new GrammarState(this, automaton.start(), thinkingTokens);
  }

  /** Number of masks in memory. */
  int keptMasks() {
    return automaton.masks();
  }

  /** Number of states in memory. */
  int keptStates() {
    return automaton.states();
  }

  TokenVocabulary vocabulary() {
    return vocabulary;
  }

  TokenIndex index() {
    return index;
  }

  /** Tool calls and the text around them. */
  private static final class Calls {
    private final List<Rule> bodies = new ArrayList<>();
    private final ToolCallSyntax syntax;
    private final int maxCalls;
    private final TokenIndex index;

    Calls(List<ToolDefinition> tools, ToolCallSyntax syntax, int maxCalls, TokenIndex index) {
      this.syntax = syntax;
      this.maxCalls = maxCalls;
      this.index = index;
      for (ToolDefinition tool : tools) {
        Rule arguments = arguments(tool);
        if (arguments != null) {
          bodies.add(
              Rule.sequence(text(tool.name() + syntax.middle()), arguments, text(syntax.close())));
        }
      }
    }

    private @Nullable Rule arguments(ToolDefinition tool) {
      try {
        return SchemaCompiler.compile(tool.parameters(), syntax.compactJson());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "tool '%s': %s".formatted(tool.name(), e.getMessage()), e);
      }
    }

    private Rule text(String text) {
      return index.text(text);
    }

    boolean any() {
      return !bodies.isEmpty();
    }

    Node required() {
      if (!any()) {
        throw new IllegalArgumentException(
            "calls are wanted but no tool can be called; give a tool whose schema has a match");
      }
      return text(syntax.open()).before(body(1));
    }

    /** A call behind its opening, then more calls or the end. */
    private Node body(int number) {
      return Node.lazy(() -> Rule.either(bodies).before(after(number)));
    }

    private Node after(int number) {
      return number == maxCalls
          ? Node.End.END
          : Node.either(
              Node.End.END,
              Node.lazy(() -> text(syntax.separator() + syntax.open()).before(body(number + 1))));
    }

    Node textOnly() {
      String marker = marker();
      return FreeText.answer(JsonText.utf8(marker), null, null);
    }

    Node orText() {
      String marker = marker();
      Node call = required();
      if (marker.isEmpty()) {
        return Node.either(call, FreeText.answer(new byte[0], null, call));
      }
      Node rest = text(syntax.open().substring(marker.length())).before(body(1));
      return Node.either(call, FreeText.answer(JsonText.utf8(marker), rest, null));
    }

    /**
     * The plain text that tells a call from text: the opening up to its first line break or added
     * token; empty when the opening begins with an added token.
     */
    private String marker() {
      String open = syntax.open();
      int end = 0;
      while (end < open.length() && index.addedAt(open, end) == null) {
        end++;
      }
      String plain = open.substring(0, end);
      int line = plain.indexOf('\n');
      return line > 0 && !plain.substring(0, line).isBlank() ? plain.substring(0, line) : plain;
    }
  }
}
