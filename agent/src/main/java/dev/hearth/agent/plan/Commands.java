package dev.hearth.agent.plan;

import dev.hearth.devices.Command;
import java.util.Locale;
import java.util.Map;

/** Names and arguments of commands on the wire. */
public final class Commands {
  private Commands() {}

  /** The command's name in snake case, such as {@code set_brightness}. */
  public static String name(Command command) {
    return switch (command) {
      case Command.TurnOn c -> "turn_on";
      case Command.TurnOff c -> "turn_off";
      case Command.SetBrightness c -> "set_brightness";
      case Command.SetColor c -> "set_color";
      case Command.SetColorTemperature c -> "set_color_temperature";
      case Command.Open c -> "open";
      case Command.Close c -> "close";
      case Command.Stop c -> "stop";
      case Command.SetPosition c -> "set_position";
      case Command.SetTemperature c -> "set_temperature";
      case Command.SetMode c -> "set_mode";
      case Command.SetFanSpeed c -> "set_fan_speed";
      case Command.SetPreset c -> "set_preset";
      case Command.Lock c -> "lock";
      case Command.Unlock c -> "unlock";
      case Command.SetTilt c -> "set_tilt";
      case Command.SetTemperatureRange c -> "set_temperature_range";
      case Command.SetHumidity c -> "set_humidity";
      case Command.Choose c -> "set_" + c.attribute().name().toLowerCase(Locale.ROOT);
      case Command.SetNumber c -> "set_number";
      case Command.SetText c -> "set_text";
      case Command.Perform c -> c.action().word();
      case Command.Arm c -> "arm_" + c.mode().name().toLowerCase(Locale.ROOT);
      case Command.Disarm c -> "disarm";
    };
  }

  /** The command's arguments by name; empty when it has none. Codes are left out. */
  public static Map<String, Object> arguments(Command command) {
    return switch (command) {
      case Command.SetBrightness c -> Map.of("percent", c.percent());
      case Command.SetColor c ->
          c.name() == null
              ? Map.of("hue", c.color().hue(), "saturation", c.color().saturation())
              : Map.of("color", c.name());
      case Command.SetColorTemperature c -> Map.of("kelvin", c.kelvin());
      case Command.SetPosition c -> Map.of("percent", c.percent());
      case Command.SetTemperature c -> Map.of("celsius", c.celsius());
      case Command.SetMode c -> Map.of("mode", c.mode());
      case Command.SetFanSpeed c -> Map.of("percent", c.percent());
      case Command.SetPreset c -> Map.of("preset", c.preset());
      case Command.TurnOn c -> Map.of();
      case Command.TurnOff c -> Map.of();
      case Command.Open c -> Map.of();
      case Command.Close c -> Map.of();
      case Command.Stop c -> Map.of();
      case Command.Lock c -> Map.of();
      case Command.Unlock c -> Map.of();
      case Command.SetTilt c -> Map.of("percent", c.percent());
      case Command.SetTemperatureRange c -> Map.of("low", c.low(), "high", c.high());
      case Command.SetHumidity c -> Map.of("percent", c.percent());
      case Command.Choose c -> Map.of("word", c.word());
      case Command.SetNumber c -> Map.of("value", c.value());
      case Command.SetText c -> Map.of("text", c.text());
      case Command.Perform c -> Map.of();
      case Command.Arm c -> Map.of();
      case Command.Disarm c -> Map.of();
    };
  }
}
