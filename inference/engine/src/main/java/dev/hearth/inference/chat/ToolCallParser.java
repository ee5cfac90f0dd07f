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
 * chunking gives the same result but for the cuts between text events. Not thread-safe.
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

  private static final String THINK = "<think>";
  private static final String END_THINK = "</think>";
  private static final int MAX_CALL = 1 << 18;
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final ToolCallSyntax syntax;
  private final String marker;
  private final String closeMarker;
  private final StringBuilder pending = new StringBuilder();
  private Mode mode = Mode.TEXT;
  private boolean betweenCalls;
  private int calls;

  /**
   * Creates a parser for one turn.
   *
   * @param syntax how the model writes calls
   */
  public ToolCallParser(ToolCallSyntax syntax) {
    this.syntax = syntax;
    this.marker = firstLine(syntax.open());
    this.closeMarker = lastLine(syntax.close());
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
    pending.append(piece);
    List<Event> events = new ArrayList<>();
    while (step(events)) {
      // Each step takes a part of what is pending.
    }
    return events;
  }

  /**
   * Ends the turn: an unclosed call whose JSON is complete is given, what cannot be read as a call
   * is given as text.
   */
  public List<Event> finish() {
    List<Event> events = new ArrayList<>(accept(""));
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
    if (mode == Mode.TEXT && betweenCalls && isSeparator(pending)) {
      return pending.length(); // white space between two calls is nobody's text
    }
    return longest;
  }

  private boolean isSeparator(CharSequence text) {
    String given = text.toString();
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
    if (betweenCalls && (text.isBlank() || text.equals(syntax.separator()))) {
      return;
    }
    betweenCalls = false;
    events.add(new Event.Text(text));
  }

  private boolean stepCall(List<Event> events) {
    int close = closing();
    if (close < 0) {
      if (pending.length() > MAX_CALL) {
        mode = Mode.TEXT;
        giveUpTo(pending.length(), events);
      }
      return false;
    }
    closeCall(close, close + closeMarker.length(), events);
    mode = Mode.TEXT;
    return true;
  }

  /** Where the closing mark stands outside of strings; -1 when it has not come. */
  private int closing() {
    boolean quoted = syntax.open().endsWith("\"");
    int from = marker.length();
    boolean inString = quoted && marker.equals(syntax.open());
    for (int i = from; i < pending.length(); i++) {
      char c = pending.charAt(i);
      if (inString && c == '\\') {
        i++;
      } else if (c == '"') {
        inString = !inString;
      } else if (!inString
          && c == closeMarker.charAt(0)
          && pending.indexOf(closeMarker, i) == i
          && readable(i)) {
        return i;
      }
    }
    return -1;
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
