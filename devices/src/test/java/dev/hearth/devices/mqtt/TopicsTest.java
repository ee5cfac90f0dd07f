package dev.hearth.devices.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicsTest {
  @ParameterizedTest
  @CsvSource({
    "a/b, a/b, true",
    "a/b, a/B, false",
    "a/+, a/b, true",
    "a/+, a, false",
    "a/+, a/b/c, false",
    "a/#, a, true",
    "a/#, a/b/c, true",
    "#, a/b, true",
    "#, $SYS/x, false",
    "+/x, $SYS/x, false",
    "$SYS/#, $SYS/x, true",
    "+, a, true",
    "+/+, /a, true",
    "/+, /a, true",
    "+, /a, false",
    "a/, a, false",
    "a, a/, false",
    "a/, a/, true",
    "a/+, a/, true",
  })
  void matchesAsMqttSays(String filter, String topic, boolean matches) {
    assertThat(Topics.matches(filter, topic)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({"a/+b", "a#", "#/a", "a/#/b", "a++", "''"})
  void refusesFiltersThatAreNone(String filter) {
    assertThat(Topics.isFilter(filter)).isFalse();
    assertThatThrownBy(() -> Topics.requireFilter(filter))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + filter + "'");
  }

  @Test
  void refusesTopicsThatCannotBePublishedOn() {
    for (String bad :
        new String[] {"", "a/+", "#", "a\u0000b", "a\nb", "x".repeat(1025), "\ud800"}) {
      assertThat(Topics.isTopic(bad)).isFalse();
    }
    assertThat(Topics.isTopic("厨房/灯 1")).isTrue();
  }
}
