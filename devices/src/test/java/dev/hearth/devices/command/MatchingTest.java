package dev.hearth.devices.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MatchingTest {
  @Test
  void allowsForTheRoundingOfDevices() {
    assertThat(Matching.matches(Attribute.BRIGHTNESS, 50, 51)).isTrue();
    assertThat(Matching.matches(Attribute.BRIGHTNESS, 50, 52)).isFalse();
    assertThat(Matching.matches(Attribute.POSITION, 50, 47)).isTrue();
    assertThat(Matching.matches(Attribute.POSITION, 50, 46)).isFalse();
    assertThat(Matching.matches(Attribute.COLOR_TEMPERATURE, 2700, 2667)).isTrue();
    assertThat(Matching.matches(Attribute.COLOR_TEMPERATURE, 2700, 2600)).isFalse();
    assertThat(Matching.matches(Attribute.SETPOINT, 21.0, 21.25)).isTrue();
    assertThat(Matching.matches(Attribute.SETPOINT, 21.0, 21.5)).isFalse();
    assertThat(Matching.matches(Attribute.COLOR, new Color(359, 80), new Color(1, 82))).isTrue();
    assertThat(Matching.matches(Attribute.COLOR, new Color(240, 80), new Color(220, 80))).isFalse();
    assertThat(Matching.matches(Attribute.MODE, "heat", "cool")).isFalse();
  }

  @Test
  void isStricterAboutWhatHoldsAlready() {
    assertThat(Matching.same(Attribute.BRIGHTNESS, 41, 40)).isFalse();
    assertThat(Matching.same(Attribute.BRIGHTNESS, 40, 40)).isTrue();
    assertThat(Matching.same(Attribute.SETPOINT, 21.2, 21.0)).isFalse();
    assertThat(Matching.same(Attribute.POSITION, 100, 98)).isTrue();
    assertThat(Matching.same(Attribute.POSITION, 50, 48)).isFalse();
    assertThat(Matching.same(Attribute.COLOR_TEMPERATURE, 2700, 2703)).isTrue();
    assertThat(Matching.same(Attribute.COLOR_TEMPERATURE, 2700, 2730)).isFalse();
  }

  @Test
  void knowsWhichCommandsContradict() {
    Command on = new Command.TurnOn();
    Command off = new Command.TurnOff();
    Command dim = new Command.SetBrightness(40);
    Command blue = new Command.SetColor(new Color(240, 100), "blue");
    assertThat(Matching.supersedes(off, on)).isTrue();
    assertThat(Matching.supersedes(off, dim)).isTrue();
    assertThat(Matching.supersedes(dim, off)).isTrue();
    assertThat(Matching.supersedes(blue, dim)).isFalse();
    assertThat(Matching.supersedes(dim, on)).isFalse();
    assertThat(Matching.supersedes(new Command.Stop(), new Command.Open())).isTrue();
    assertThat(Matching.supersedes(new Command.SetTemperature(21), off)).isFalse();
  }

  @Test
  void takesBeingOnAsASideEffectOfEverythingElse() {
    assertThat(Matching.primary(Map.of(Attribute.ON, true))).containsExactly(Attribute.ON);
    assertThat(Matching.primary(Map.of(Attribute.ON, true, Attribute.BRIGHTNESS, 40)))
        .containsExactly(Attribute.BRIGHTNESS);
    assertThat(Matching.primary(Map.of(Attribute.COVER, "open", Attribute.POSITION, 40)))
        .containsExactly(Attribute.POSITION);
  }
}
