package dev.hearth.devices.command;

import dev.hearth.devices.Command;
import dev.hearth.devices.Entity;
import dev.hearth.devices.Kind;
import java.util.EnumSet;
import java.util.Set;

/** Which commands may be sent again when nothing was heard, for the first may have got lost. */
final class Repeats {
  private static final Set<Kind> PATIENT =
      EnumSet.of(
          Kind.LIGHT,
          Kind.SWITCH,
          Kind.FAN,
          Kind.CLIMATE,
          Kind.HUMIDIFIER,
          Kind.COVER,
          Kind.NUMBER);

  private Repeats() {}

  /**
   * Whether a device that got the command twice is as if it got it once. Left out beside what
   * counts each time: what opens or lets in, for it must not happen later than asked; plain opening
   * and closing, for some motors take the second telegram for a stop; and words, behind which may
   * be anything, such as a lamp's effect that begins anew.
   */
  static boolean harmless(Entity entity, Command command) {
    return switch (command) {
      case Command.Lock c -> true;
      case Command.TurnOn c -> patient(entity);
      case Command.TurnOff c -> patient(entity);
      case Command.SetBrightness c -> patient(entity);
      case Command.SetColor c -> patient(entity);
      case Command.SetColorTemperature c -> patient(entity);
      case Command.SetPosition c -> patient(entity);
      case Command.SetTilt c -> patient(entity);
      case Command.SetTemperature c -> patient(entity);
      case Command.SetTemperatureRange c -> patient(entity);
      case Command.SetHumidity c -> patient(entity);
      case Command.SetMode c -> patient(entity);
      case Command.SetFanSpeed c -> patient(entity);
      case Command.SetNumber c -> patient(entity);
      case Command.Open c -> false;
      case Command.Close c -> false;
      case Command.Stop c -> false;
      case Command.SetPreset c -> false;
      case Command.Unlock c -> false;
      case Command.Choose c -> false;
      case Command.SetText c -> false;
      case Command.Perform c -> false;
      case Command.Arm c -> false;
      case Command.Disarm c -> false;
    };
  }

  private static boolean patient(Entity entity) {
    return PATIENT.contains(entity.kind()) && !entity.safety();
  }
}
