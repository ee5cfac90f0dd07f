package dev.hearth.agent.plan;

import dev.hearth.devices.Command;
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
    };
  }

  /** The command's arguments by name; empty when it has none. */
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
    };
  }
}
