package dev.hearth.inference.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.chat.ToolCallParser.Event;
import dev.hearth.inference.testing.Fuzz;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ToolCallParserTest {
  private static final ToolCallSyntax COMPACT =
      new ToolCallSyntax("<call>", " ", "</call>", "", true);
  private static final ToolCallSyntax BARE =
      new ToolCallSyntax("{\"name\": \"", "\", \"parameters\": ", "}", "; ", false);

  record Case(ToolCallSyntax syntax, String turn, List<Event> events) {}

  private static Event text(String text) {
    return new Event.Text(text);
  }

  private static Event call(int number, String name, String arguments) {
    return new Event.Call(new ToolCall("call_" + number, name, arguments));
  }

  static List<Case> turns() {
    ToolCallSyntax hermes = ToolCallSyntax.HERMES;
    String one = "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>";
    return List.of(
        new Case(hermes, "Hello <b>you</b>.", List.of(text("Hello <b>you</b>."))),
        new Case(hermes, one, List.of(call(1, "f", "{\"a\":1}"))),
        new Case(
            hermes,
            one + "\n" + one.replace("\"f\"", "\"g\""),
            List.of(call(1, "f", "{\"a\":1}"), call(2, "g", "{\"a\":1}"))),
        new Case(hermes, "Sure.\n" + one, List.of(text("Sure.\n"), call(1, "f", "{\"a\":1}"))),
        new Case(
            hermes, one + " and so on", List.of(call(1, "f", "{\"a\":1}"), text(" and so on"))),
        new Case(
            hermes,
            "<think>\nhm <tool_call> no\n</think>\n\n" + one,
            List.of(
                new Event.Thinking("\nhm <tool_call> no\n"),
                text("\n\n"),
                call(1, "f", "{\"a\":1}"))),
        new Case(
            hermes,
            "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": \"</tool_call> \\\" {\"}}\n</tool_call>",
            List.of(call(1, "f", "{\"a\":\"</tool_call> \\\" {\"}"))),
        new Case(
            hermes,
            "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n",
            List.of(call(1, "f", "{\"a\":1}"))),
        new Case(
            hermes,
            "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}",
            List.of(call(1, "f", "{\"a\":1}"))),
        new Case(
            hermes,
            "<tool_call>{\"arguments\":\"{\\\"a\\\": 1}\",\"name\":\"f\"}</tool_call>",
            List.of(call(1, "f", "{\"a\":1}"))),
        new Case(
            hermes,
            "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": ",
            List.of(text("<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": "))),
        new Case(
            hermes,
            "<tool_call>oops</tool_call> ok",
            List.of(text("<tool_call>oops</tool_call> ok"))),
        new Case(hermes, "a <tool_cal", List.of(text("a <tool_cal"))),
        new Case(hermes, "", List.of()),
        new Case(
            COMPACT,
            "<call>turn {\"on\":true}</call><call>ask {}</call>",
            List.of(call(1, "turn", "{\"on\":true}"), call(2, "ask", "{}"))),
        new Case(
            BARE,
            "{\"name\": \"f\", \"parameters\": {\"x\": {}}}; {\"name\": \"g\", \"parameters\": {}}",
            List.of(call(1, "f", "{\"x\":{}}"), call(2, "g", "{}"))));
  }

  @ParameterizedTest
  @MethodSource("turns")
  void readsTheSameWhateverTheChunks(Case given) {
    String turn = given.turn;
    assertThat(parse(given.syntax, List.of(turn))).isEqualTo(given.events);
    assertThat(parse(given.syntax, List.of(turn.split("")))).isEqualTo(given.events);
    for (int first = 0; first <= turn.length(); first++) {
      for (int second = first; second <= turn.length(); second += 5) {
        List<String> pieces =
            List.of(
                turn.substring(0, first), turn.substring(first, second), turn.substring(second));
        assertThat(parse(given.syntax, pieces)).as("%s", pieces).isEqualTo(given.events);
      }
    }
  }

  @Test
  void givesTextAtOnceWhenNoCallCanBegin() {
    ToolCallParser parser = new ToolCallParser(ToolCallSyntax.HERMES);
    assertThat(parser.accept("Hello")).containsExactly(text("Hello"));
    assertThat(parser.accept(" <")).containsExactly(text(" "));
    assertThat(parser.accept("b>")).containsExactly(text("<b>"));
  }

  private static final List<String> PARTS =
      List.of(
          "<tool_call>",
          "</tool_call>",
          "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>",
          "<call>turn {\"on\":true}</call>",
          "<call>",
          "</call>",
          "{\"name\": \"f\", \"parameters\": {\"x\": {}}}",
          "; ",
          ";",
          "\n",
          " ",
          "{",
          "}",
          "\"name\"",
          ": ",
          "\"f\"",
          "\"arguments\"",
          ",",
          "<think>",
          "</think>",
          "x",
          "\\",
          "\"",
          "[",
          "]",
          "1e999999",
          "<",
          "</",
          "😀",
          "灯");

  @Test
  void anyTextInAnyPiecesGivesTheSameEvents() {
    List<ToolCallSyntax> syntaxes = List.of(ToolCallSyntax.HERMES, COMPACT, BARE);
    Fuzz.each(
        1_200,
        random -> {
          ToolCallSyntax syntax = syntaxes.get(random.nextInt(syntaxes.size()));
          boolean thinking = random.nextInt(4) == 0;
          StringBuilder turn = new StringBuilder();
          for (int n = random.nextInt(25); n > 0; n--) {
            String part = PARTS.get(random.nextInt(PARTS.size()));
            turn.append(random.nextInt(60) == 0 ? part.repeat(700) : part);
          }
          List<Event> whole = parse(syntax, thinking, List.of(turn.toString()));
          int longest = 1 + random.nextInt(random.nextBoolean() ? 6 : 3_000);
          List<String> pieces = new ArrayList<>();
          for (int at = 0; at < turn.length(); ) {
            int to = Math.min(turn.length(), at + 1 + random.nextInt(longest));
            pieces.add(turn.substring(at, to));
            at = to;
          }
          assertThat(parse(syntax, thinking, pieces)).as("%s", turn).isEqualTo(whole);
        });
  }

  @Test
  void whatIsHeldBackStaysBoundedWhateverComes() {
    for (ToolCallSyntax syntax : List.of(ToolCallSyntax.HERMES, COMPACT, BARE)) {
      String call = parse(syntax, false, List.of(COMPACT_CALL)).isEmpty() ? "" : COMPACT_CALL;
      for (String flood :
          List.of("\n", "}", "\\", "\"", "<", "<tool_call>", "<think></think>", "{")) {
        ToolCallParser parser = new ToolCallParser(syntax);
        String opening = call + syntax.open();
        int given = length(parser.accept(opening));
        int taken = opening.length();
        for (int i = 0; i < 400; i++) {
          String piece = flood.repeat(1 + 1_500 / flood.length());
          given += length(parser.accept(piece));
          taken += piece.length();
        }
        // Marks of thinking and blanks between calls are no text, hence only an upper bound.
        assertThat(given).as(flood).isLessThanOrEqualTo(taken);
        assertThat(length(parser.finish())).as(flood).isLessThanOrEqualTo((1 << 18) + 1_000);
      }
    }
  }

  private static final String COMPACT_CALL = "<call>ask {}</call>";

  private static int length(List<Event> events) {
    int length = 0;
    for (Event event : events) {
      length +=
          switch (event) {
            case Event.Text text -> text.text().length();
            case Event.Thinking thinking -> thinking.text().length();
            case Event.Call call -> 0;
          };
    }
    return length;
  }

  @Test
  void thinkingThatThePromptHasOpenedEndsAtItsMark() {
    assertThat(parse(ToolCallSyntax.HERMES, true, List.of("hm <tool", "_call> </th", "ink>\nyes")))
        .containsExactly(new Event.Thinking("hm <tool_call> "), text("\nyes"));
  }

  /** Events with neighbouring texts joined. */
  private static List<Event> parse(ToolCallSyntax syntax, List<String> pieces) {
    return parse(syntax, false, pieces);
  }

  private static List<Event> parse(ToolCallSyntax syntax, boolean thinking, List<String> pieces) {
    ToolCallParser parser = new ToolCallParser(syntax, thinking);
    List<Event> all = new ArrayList<>();
    pieces.forEach(piece -> all.addAll(parser.accept(piece)));
    all.addAll(parser.finish());
    List<Event> joined = new ArrayList<>();
    for (Event event : all) {
      Event last = joined.isEmpty() ? null : joined.getLast();
      if (event instanceof Event.Text now && last instanceof Event.Text before) {
        joined.set(joined.size() - 1, text(before.text() + now.text()));
      } else if (event instanceof Event.Thinking now && last instanceof Event.Thinking before) {
        joined.set(joined.size() - 1, new Event.Thinking(before.text() + now.text()));
      } else {
        joined.add(event);
      }
    }
    return joined;
  }
}
