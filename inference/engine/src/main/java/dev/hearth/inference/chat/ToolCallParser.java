package dev.hearth.inference.chat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a turn of the model piece by piece and tells text, thinking and tool calls apart. Any
 * chunking gives the same result but for the cuts between text events. What is held back is bounded
 * whatever comes. Not thread-safe.
 *
 * <p>Tolerated: a call that is never closed, arguments given as a JSON string, other white space
 * inside the JSON than the syntax writes, text before and between calls. What looks like a call but
 * cannot be read as one is given as text.
 */
public final class ToolCallParser {
  /** What was read. */
  public sealed interface Event {
    /**
     * Text for the person.
     *
     * @param text a piece of it
     */
    record Text(String text) implements Event {}

    /**
     * Text between {@code <think>} and {@code </think>}.
     *
     * @param text a piece of it
     */
    record Thinking(String text) implements Event {}

    /**
     * A complete tool call.
     *
     * @param call the call
     */
    record Call(ToolCall call) implements Event {}
  }

  private enum Mode {
    TEXT,
    THINKING,
    CALL
  }

  /** Opens thinking. */
  public static final String THINK = "<think>";

  /** Ends thinking. */
  public static final String END_THINK = "</think>";

  /** Characters of a call whose end has a tag of its own; longer ones are text. */
  private static final int MAX_CALL = 1 << 18;

  /** Characters of a call that any closing brace may end, each of which has to be tried. */
  private static final int MAX_BARE_CALL = 1 << 14;

  /** White space after a call that may be nobody's text. */
  private static final int MAX_BLANK = 1024;

  /** A longer piece is taken in parts. */
  private static final int PART = 1024;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final ToolCallSyntax syntax;
  private final String marker;
  private final String closeMarker;
  private final StringBuilder pending = new StringBuilder();
  private Mode mode;
  private boolean betweenCalls;
  private int calls;

  /** Where the search for the end of a call goes on, and whether inside of a JSON string. */
  private int searched;

  private boolean inString;

  /**
   * Creates a parser for one turn.
   *
   * @param syntax how the model writes calls
   */
  public ToolCallParser(ToolCallSyntax syntax) {
    this(syntax, false);
  }

  /**
   * Creates a parser for one turn.
   *
   * @param syntax how the model writes calls
   * @param thinking whether the prompt ends inside of thinking, see {@link
   *     ChatTemplate#opensThinking}
   */
  public ToolCallParser(ToolCallSyntax syntax, boolean thinking) {
    this.syntax = syntax;
    this.marker = firstLine(syntax.open());
    this.closeMarker = lastLine(syntax.close());
    this.mode = thinking ? Mode.THINKING : Mode.TEXT;
  }

  private static String firstLine(String open) {
    int line = open.indexOf('\n');
    return line > 0 && !open.substring(0, line).isBlank() ? open.substring(0, line) : open;
  }

  private static String lastLine(String close) {
    int line = close.lastIndexOf('\n');
    return line >= 0 && !close.substring(line + 1).isBlank() ? close.substring(line + 1) : close;
  }

  /**
   * Takes the next piece of text.
   *
   * @return events that are certain now, possibly none
   */
  public List<Event> accept(String piece) {
    List<Event> events = new ArrayList<>();
    for (int from = 0; from < piece.length(); ) {
      int to = Math.min(piece.length(), from + PART);
      boolean pair = to < piece.length() && Character.isHighSurrogate(piece.charAt(to - 1));
      to = pair ? to + 1 : to;
      pending.append(piece, from, to);
      while (step(events)) {
        // Each step takes a part of what is pending.
      }
      from = to;
    }
    return events;
  }

  /**
   * Ends the turn: an unclosed call whose JSON is complete is given, what cannot be read as a call
   * is given as text.
   */
  public List<Event> finish() {
    List<Event> events = new ArrayList<>();
    if (mode == Mode.CALL) {
      closeCall(pending.length(), pending.length(), events);
    } else {
      text(pending.toString(), events);
    }
    pending.setLength(0);
    mode = Mode.TEXT;
    return events;
  }

  private boolean step(List<Event> events) {
    return switch (mode) {
      case TEXT -> stepText(events);
      case THINKING -> stepThinking(events);
      case CALL -> stepCall(events);
    };
  }

  private boolean stepText(List<Event> events) {
    int call = pending.indexOf(marker);
    int think = pending.indexOf(THINK);
    int at = call < 0 ? think : think < 0 ? call : Math.min(call, think);
    if (at < 0) {
      giveUpTo(pending.length() - beginning(marker, THINK), events);
      return false;
    }
    giveUpTo(at, events);
    if (at == call) {
      mode = Mode.CALL; // the marker stays: the call may turn out to be text
      searched = marker.length();
      inString = syntax.open().endsWith("\"") && marker.equals(syntax.open());
    } else {
      pending.delete(0, THINK.length());
      mode = Mode.THINKING;
    }
    return true;
  }

  private boolean stepThinking(List<Event> events) {
    int end = pending.indexOf(END_THINK);
    if (end < 0) {
      giveUpTo(pending.length() - beginning(END_THINK), events);
      return false;
    }
    giveUpTo(end, events);
    pending.delete(0, END_THINK.length());
    mode = Mode.TEXT;
    return true;
  }

  /** Length of the longest end of what is pending with which one of the marks may begin. */
  private int beginning(String... marks) {
    int longest = 0;
    for (String mark : marks) {
      for (int n = Math.min(mark.length() - 1, pending.length()); n > longest; n--) {
        if (pending.indexOf(mark.substring(0, n), pending.length() - n) >= 0) {
          longest = n;
          break;
        }
      }
    }
    if (mode == Mode.TEXT && betweenCalls) {
      int certain = pending.length() - longest;
      if (certain <= MAX_BLANK && isSeparator(pending.substring(0, certain))) {
        return pending.length(); // white space between two calls is nobody's text
      }
    }
    return longest;
  }

  private boolean isSeparator(String given) {
    return given.isBlank() || syntax.separator().startsWith(given);
  }

  private void giveUpTo(int end, List<Event> events) {
    if (end > 0) {
      text(pending.substring(0, end), events);
      pending.delete(0, end);
    }
  }

  private void text(String text, List<Event> events) {
    if (text.isEmpty()) {
      return;
    }
    if (mode == Mode.THINKING) {
      events.add(new Event.Thinking(text));
      return;
    }
    boolean blank = text.length() <= MAX_BLANK && text.isBlank();
    if (betweenCalls && (blank || text.equals(syntax.separator()))) {
      return;
    }
    betweenCalls = false;
    events.add(new Event.Text(text));
  }

  private boolean stepCall(List<Event> events) {
    int most = closeMarker.startsWith("<") ? MAX_CALL : MAX_BARE_CALL;
    int close = closing(most);
    if (close >= 0) {
      closeCall(close, close + closeMarker.length(), events);
      mode = Mode.TEXT;
      return true;
    }
    if (searched < most || pending.length() < most) {
      return false;
    }
    mode = Mode.TEXT;
    giveUpTo(most, events);
    return true;
  }

  /** Where the closing mark stands outside of strings; -1 when it has not come by a place. */
  private int closing(int limit) {
    int last = Math.min(limit, pending.length() - closeMarker.length() + 1);
    while (searched < last) {
      char c = pending.charAt(searched);
      if (inString && c == '\\') {
        searched++;
      } else if (c == '"') {
        inString = !inString;
      } else if (!inString && isAt(closeMarker, searched) && readable(searched)) {
        return searched;
      }
      searched++;
    }
    return -1;
  }

  private boolean isAt(String mark, int at) {
    for (int i = 0; i < mark.length(); i++) {
      if (pending.charAt(at + i) != mark.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the text up to a closing mark holds a call, so that the mark is its end. */
  private boolean readable(int end) {
    // A closing mark with a tag of its own ends the call even when it cannot be read.
    return closeMarker.startsWith("<") || read(pending.substring(0, end), end) != null;
  }

  private void closeCall(int end, int after, List<Event> events) {
    String whole = pending.substring(0, after);
    ToolCall call = read(pending.substring(0, end), end);
    pending.delete(0, after);
    if (call == null) {
      mode = Mode.TEXT;
      text(whole, events);
      return;
    }
    calls++;
    betweenCalls = true;
    events.add(new Event.Call(call));
  }

  private @Nullable ToolCall read(String text, int end) {
    ToolCall strict = bySyntax(text);
    return strict != null ? strict : asJson(text.substring(Math.min(marker.length(), end)));
  }

  /** Reads open, name, middle and arguments as the syntax writes them. */
  private @Nullable ToolCall bySyntax(String text) {
    int middle = text.indexOf(syntax.middle(), syntax.open().length());
    if (!text.startsWith(syntax.open()) || middle < 0) {
      return null;
    }
    String name = text.substring(syntax.open().length(), middle);
    String rest = text.substring(middle + syntax.middle().length());
    JsonNode arguments = firstValue(rest);
    return arguments == null || name.isBlank() ? null : call(name, arguments);
  }

  /** Reads an object with name and arguments, in any order and layout. */
  private @Nullable ToolCall asJson(String text) {
    JsonNode node = firstValue(text);
    if (node == null || !node.isObject()) {
      return null;
    }
    JsonNode name = node.get("name");
    JsonNode arguments = node.has("arguments") ? node.get("arguments") : node.get("parameters");
    if (name == null || !name.isString()) {
      return null;
    }
    return call(name.stringValue(), arguments == null ? MAPPER.createObjectNode() : arguments);
  }

  private @Nullable ToolCall call(String name, JsonNode arguments) {
    JsonNode object = arguments;
    if (arguments.isString()) {
      object = firstValue(arguments.stringValue());
    }
    return object == null || !object.isObject()
        ? null
        : new ToolCall("call_" + (calls + 1), name.strip(), object.toString());
  }

  /** The JSON value at the start of a text; null when there is none. */
  private static @Nullable JsonNode firstValue(String text) {
    try (var parser = MAPPER.createParser(text)) {
      JsonNode node = MAPPER.readTree(parser);
      return node == null || node.isMissingNode() ? null : node;
    } catch (JacksonException e) {
      return null;
    }
  }
}
