package dev.hearth.agent.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntentParserTest {
  @Test
  void readsASelector() {
    assertThat(
            IntentParser.parse(
                "control",
                "{\"do\":\"off\",\"kind\":\"light\",\"in\":[\"①\",\"here\"],\"which\":\"all\",\"except\":[\"⑴\"]}"))
        .isEqualTo(
            new Intent.Control(
                "off",
                new Selector(List.of(), "light", List.of("①", "here"), true, List.of("⑴"), "")));
  }

  @Test
  void readsValuesAsWordsNumbersAndDifferences() {
    assertThat(IntentParser.parse("adjust", "{\"what\":\"color\",\"to\":\"red\"}"))
        .extracting("word")
        .isEqualTo("red");
    assertThat(IntentParser.parse("adjust", "{\"what\":\"temperature\",\"to\":21.5}"))
        .extracting("number")
        .isEqualTo(21.5);
    assertThat(IntentParser.parse("adjust", "{\"what\":\"brightness\",\"by\":-20}"))
        .extracting("difference")
        .isEqualTo(-20.0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "control|{\"do\":\"explode\"}|'do' is 'explode'",
        "control|{}|'do' is ''",
        "adjust|{\"what\":\"brightness\"}|needs either 'to' or 'by'",
        "adjust|{\"what\":\"brightness\",\"to\":1,\"by\":2}|needs either 'to' or 'by'",
        "adjust|{\"what\":\"brightness\",\"by\":\"x\"}|'by' must be a number",
        "control|{\"do\":\"on\",\"in\":\"kitchen\"}|'in' must be a list",
        "reboot|{}|there is no tool 'reboot'",
        "control|[1]|must be a JSON object",
        "control|{\"do\"|no JSON",
      })
  void namesWhatIsWrong(String tool, String arguments, String message) {
    assertThatThrownBy(() -> IntentParser.parse(tool, arguments))
        .isInstanceOf(InvalidToolCallException.class)
        .hasMessageContaining(message);
  }

  @Property
  void anyTextIsAnIntentOrRefused(@ForAll String arguments) {
    try {
      assertThat(IntentParser.parse("control", arguments)).isNotNull();
    } catch (InvalidToolCallException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
