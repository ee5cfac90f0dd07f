package dev.hearth.devices.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.StateUpdate;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HonestyTest {
  private static final EntityId LAMP = new EntityId("light.lamp");
  private static final Map<Attribute, Object> ON = Map.of(Attribute.ON, true);
  private static final long HALF_A_SECOND = Duration.ofMillis(500).toNanos();

  private final Honesty honesty = new Honesty();

  private static StateUpdate report(boolean on) {
    return new StateUpdate(Map.of(Attribute.ON, on), Set.of(), null);
  }

  @Test
  void doubtsADeviceThatTakesItsWordBackAtOnceUntilItHasHeldThreeTimes() {
    honesty.claimed(LAMP, ON, false, 0);
    honesty.heard(LAMP, report(true), HALF_A_SECOND);
    assertThat(honesty.doubtful(LAMP)).isFalse();
    honesty.heard(LAMP, report(false), HALF_A_SECOND);
    for (int i = 0; i < 3; i++) {
      assertThat(honesty.doubtful(LAMP)).isTrue();
      honesty.claimed(LAMP, ON, false, 10 * HALF_A_SECOND);
    }
    assertThat(honesty.doubtful(LAMP)).isFalse();
  }

  @Test
  void allowsForWallSwitchesAndNewCommands() {
    honesty.claimed(LAMP, ON, false, 0);
    honesty.heard(LAMP, report(false), 3 * HALF_A_SECOND);
    assertThat(honesty.doubtful(LAMP)).isFalse();

    honesty.claimed(LAMP, ON, false, 0);
    honesty.commanded(LAMP);
    honesty.heard(LAMP, report(false), HALF_A_SECOND);
    assertThat(honesty.doubtful(LAMP)).isFalse();
  }

  private static final StateUpdate OFFLINE =
      new StateUpdate(Map.of(), Set.of(), Availability.OFFLINE);

  @Test
  void doubtsWhatAnsweredTooSoonAndTurnsOutToBeOffline() {
    honesty.claimed(LAMP, ON, true, 0);
    honesty.heard(LAMP, OFFLINE, 120 * HALF_A_SECOND);
    assertThat(honesty.doubtful(LAMP)).isTrue();
  }

  @Test
  void doubtsNobodyWhoGoesOfflineAfterAnHonestAnswerOrAnotherReport() {
    honesty.claimed(LAMP, ON, false, 0);
    honesty.heard(LAMP, OFFLINE, 120 * HALF_A_SECOND);
    assertThat(honesty.doubtful(LAMP)).isFalse();

    honesty.claimed(LAMP, ON, true, 0);
    honesty.heard(LAMP, report(true), 60 * HALF_A_SECOND);
    honesty.heard(LAMP, OFFLINE, 120 * HALF_A_SECOND);
    assertThat(honesty.doubtful(LAMP)).isFalse();

    honesty.claimed(LAMP, ON, true, 0);
    honesty.heard(LAMP, OFFLINE, 3_600 * HALF_A_SECOND);
    assertThat(honesty.doubtful(LAMP)).isFalse();
  }

  @Test
  void forgetsWhatIsGone() {
    honesty.claimed(LAMP, ON, false, 0);
    honesty.doubt(LAMP);
    honesty.forget(LAMP);
    honesty.heard(LAMP, report(false), HALF_A_SECOND);
    assertThat(honesty.doubtful(LAMP)).isFalse();
  }
}
