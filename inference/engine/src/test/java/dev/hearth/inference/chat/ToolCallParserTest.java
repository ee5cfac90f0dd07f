package dev.hearth.inference.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.chat.ToolCallParser.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

  @Test
  void anyTextIsReadWithoutFailing() {
    Random random = new Random(5);
    List<String> parts =
        List.of(
            "<tool_call>",
            "</tool_call>",
            "\n",
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
            "[",
            "]",
            "1",
            "<",
            "</");
    for (int i = 0; i < 3_000; i++) {
      ToolCallParser parser = new ToolCallParser(ToolCallSyntax.HERMES);
      int lost = 0;
      for (int n = random.nextInt(40); n > 0; n--) {
        lost += parser.accept(parts.get(random.nextInt(parts.size()))).size();
      }
      lost += parser.finish().size();
      assertThat(lost).isNotNegative();
    }
  }

  /** Events with neighbouring texts joined. */
  private static List<Event> parse(ToolCallSyntax syntax, List<String> pieces) {
    ToolCallParser parser = new ToolCallParser(syntax);
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
