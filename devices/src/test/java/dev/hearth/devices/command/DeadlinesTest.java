package dev.hearth.devices.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

  @Test
  void aSlowHomeIsGivenMoreTimeForEverythingButTheMarksOfAnEcho() {
    Deadlines slow = Deadlines.DEFAULTS.times(2.5);

    assertThat(slow.of(Kind.LIGHT)).isEqualTo(Duration.ofSeconds(5));
    assertThat(slow.of(Kind.LOCK)).isEqualTo(Duration.ofMillis(37_500));
    assertThat(slow.of(Kind.COVER)).isEqualTo(Duration.ofMillis(12_500));
    assertThat(slow.coverTravel()).isEqualTo(Duration.ofSeconds(150));
    assertThat(slow.of(Kind.CLIMATE)).isEqualTo(Duration.ofSeconds(25));
    assertThat(slow.of(Kind.VACUUM)).isEqualTo(Duration.ofSeconds(50));
    assertThat(slow.errand()).isEqualTo(Duration.ofSeconds(750));
    assertThat(slow.hasty()).isEqualTo(Deadlines.DEFAULTS.hasty());
    assertThat(slow.settle()).isEqualTo(Deadlines.DEFAULTS.settle());
    assertThat(slow.echo()).isEqualTo(Deadlines.DEFAULTS.echo());
  }
}
