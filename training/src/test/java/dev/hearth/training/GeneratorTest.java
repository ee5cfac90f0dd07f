package dev.hearth.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.agent.tool.HomeTools;
import dev.hearth.agent.tool.Intent;
import dev.hearth.agent.tool.IntentParser;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {
  private static final Pattern CALL = Pattern.compile("<tool_call>(\\w+) (\\{.*?})</tool_call>");

  private static List<Sample> samples(int count, long seed) {
    Generator generator = new Generator(new SplittableRandom(seed), ModelFormat.SYNTAX);
    return Stream.generate(generator::next).limit(count).toList();
  }

  @Test
  void everyCallIsOneThatTheAgentUnderstands() {
    for (Sample sample : samples(3_000, 5)) {
      Matcher calls = CALL.matcher(sample.calls());
      int end = 0;
      while (calls.find()) {
        assertThat(calls.start()).as(sample.calls()).isEqualTo(end);
        end = calls.end();
        assertThat(IntentParser.parse(calls.group(1), calls.group(2))).isInstanceOf(Intent.class);
      }
      assertThat(end).as(sample.calls()).isEqualTo(sample.calls().length());
    }
  }

  @Test
  void everyHandleOfACallStandsInTheText() {
    for (Sample sample : samples(2_000, 6)) {
      sample
          .calls()
          .codePoints()
          .filter(c -> c >= '①' && c <= '⒛')
          .forEach(c -> assertThat(sample.marked().text()).contains(Character.toString(c)));
    }
  }

  @Test
  void theSameSeedMakesTheSameExamples() {
    assertThat(samples(200, 7)).isEqualTo(samples(200, 7));
  }

  @Test
  void everyToolAndBothLanguagesAndHeldOutTemplatesOccur() {
    Set<String> tools = new HashSet<>();
    Set<String> languages = new HashSet<>();
    int held = 0;
    for (Sample sample : samples(3_000, 8)) {
      Matcher calls = CALL.matcher(sample.calls());
      while (calls.find()) {
        tools.add(calls.group(1));
      }
      languages.add(sample.language());
      held += sample.held() ? 1 : 0;
    }
    assertThat(tools)
        .containsExactlyInAnyOrder(
            HomeTools.CONTROL, HomeTools.ADJUST, HomeTools.ASK, HomeTools.DECLINE);
    assertThat(languages).containsExactlyInAnyOrder("en", "zh");
    assertThat(held).isBetween(100, 900);
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "zh"})
  void everyTemplateExpands(String language) {
    SplittableRandom random = new SplittableRandom(9);
    for (Section section : Section.load(language)) {
      assertThat(section.templates()).as(section.category()).isNotEmpty();
      for (Phrase template : section.templates()) {
        assertThat(template.expand(random, slot -> "x")).isNotBlank().doesNotContain("{", "|", "(");
      }
    }
  }

  @Test
  void shiftedHandlesKeepTheirMeaning() {
    Sample sample =
        samples(500, 10).stream()
            .filter(s -> s.marked().marks().size() == 1)
            .findFirst()
            .orElseThrow();
    String handle = sample.marked().marks().getFirst().handle();
    String raised = Character.toString(handle.charAt(0) + 3);

    assertThat(sample.shifted(3).marked().text())
        .isEqualTo(sample.marked().text().replace(handle, raised))
        .isNotEqualTo(sample.marked().text());
  }
}
