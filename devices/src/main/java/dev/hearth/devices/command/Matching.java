package dev.hearth.devices.command;

import dev.hearth.devices.Action;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * When a reported value counts as the wished one, and which commands contend for the same thing.
 */
public final class Matching {
  private static final double MILLION = 1e6;

  /** What a command is about; two commands of one slot contradict each other. */
  enum Slot {
    POWER,
    BRIGHTNESS,
    COLOR,
    COVER,
    SETPOINT,
    MODE,
    SPEED,
    PRESET,
    LOCK,
    TILT,
    HUMIDITY,
    CHOICE,
    NUMBER,
    TEXT,
    ACTION,
    ALARM
  }

  /** Wishes that stay valid while the device is off. */
  private static final Set<Slot> LASTING =
      EnumSet.of(Slot.SETPOINT, Slot.HUMIDITY, Slot.NUMBER, Slot.TEXT, Slot.TILT);

  private Matching() {}

  /**
   * Compares with the tolerance that a device's own rounding needs: brightness and speed 1 %, color
   * temperature 5 mired, position and tilt 3 %, temperature 0.25 °C, humidity 1 %, other numbers a
   * thousandth, color as {@link Color#matches}. A robot that was told to stop or wait may call that
   * by several words.
   *
   * @param attribute which
   * @param wanted the wished value, of the attribute's type
   * @param reported the reported value, of the attribute's type
   * @return whether the report fulfils the wish
   */
  public static boolean matches(Attribute attribute, Object wanted, Object reported) {
    return switch (attribute) {
      case BRIGHTNESS, FAN_SPEED -> Math.abs((Integer) wanted - (Integer) reported) <= 1;
      case POSITION, TILT -> Math.abs((Integer) wanted - (Integer) reported) <= 3;
      case COLOR_TEMPERATURE ->
          Math.abs(MILLION / (Integer) wanted - MILLION / (Integer) reported) <= 5.5;
      case SETPOINT, SETPOINT_LOW, SETPOINT_HIGH, TEMPERATURE ->
          Math.abs((Double) wanted - (Double) reported) <= 0.2501;
      case HUMIDITY_SETPOINT -> Math.abs((Double) wanted - (Double) reported) <= 1;
      case NUMBER -> close((Double) wanted, (Double) reported);
      case ACTIVITY ->
          switch ((String) wanted) {
            case "idle" -> Set.of("idle", "paused", "docked").contains(reported);
            case "paused" -> Set.of("paused", "idle").contains(reported);
            default -> wanted.equals(reported);
          };
      case COLOR -> ((Color) wanted).matches((Color) reported);
      default -> wanted.equals(reported);
    };
  }

  /**
   * Compares a known value with a new wish: 41 % is a wish that differs from 40 %, though 40 %
   * would be good enough as an answer to it. Fully open and closed are what the device calls so.
   */
  static boolean same(Attribute attribute, Object wanted, Object known) {
    return switch (attribute) {
      case POSITION ->
          wanted.equals(known)
              || (((Integer) wanted == 0 || (Integer) wanted == 100)
                  && matches(attribute, wanted, known));
      case COLOR_TEMPERATURE ->
          Math.abs(MILLION / (Integer) wanted - MILLION / (Integer) known) <= 1;
      case SETPOINT, SETPOINT_LOW, SETPOINT_HIGH ->
          Math.abs((Double) wanted - (Double) known) <= 0.05;
      case NUMBER -> close((Double) wanted, (Double) known);
      case COLOR -> matches(attribute, wanted, known);
      default -> wanted.equals(known);
    };
  }

  private static boolean close(double wanted, double reported) {
    return Math.abs(wanted - reported) <= 1e-3 * Math.max(1, Math.abs(wanted));
  }

  /** The attributes that a command is really about; the others, such as being on, come along. */
  static Set<Attribute> primary(Map<Attribute, Object> target) {
    Set<Attribute> all = target.keySet();
    if (all.contains(Attribute.POSITION)) {
      return Set.of(Attribute.POSITION);
    }
    Set<Attribute> primary =
        all.stream().filter(a -> a != Attribute.ON).collect(Collectors.toUnmodifiableSet());
    return primary.isEmpty() ? Set.copyOf(all) : primary;
  }

  static Slot slot(Command command) {
    return switch (command) {
      case Command.TurnOn c -> Slot.POWER;
      case Command.TurnOff c -> Slot.POWER;
      case Command.SetBrightness c -> Slot.BRIGHTNESS;
      case Command.SetColor c -> Slot.COLOR;
      case Command.SetColorTemperature c -> Slot.COLOR;
      case Command.Open c -> Slot.COVER;
      case Command.Close c -> Slot.COVER;
      case Command.Stop c -> Slot.COVER;
      case Command.SetPosition c -> Slot.COVER;
      case Command.SetTemperature c -> Slot.SETPOINT;
      case Command.SetMode c -> Slot.MODE;
      case Command.SetFanSpeed c -> Slot.SPEED;
      case Command.SetPreset c -> Slot.PRESET;
      case Command.Lock c -> Slot.LOCK;
      case Command.Unlock c -> Slot.LOCK;
      case Command.SetTilt c -> Slot.TILT;
      case Command.SetTemperatureRange c -> Slot.SETPOINT;
      case Command.SetHumidity c -> Slot.HUMIDITY;
      case Command.Choose c -> Slot.CHOICE;
      case Command.SetNumber c -> Slot.NUMBER;
      case Command.SetText c -> Slot.TEXT;
      case Command.Perform c -> Slot.ACTION;
      case Command.Arm c -> Slot.ALARM;
      case Command.Disarm c -> Slot.ALARM;
    };
  }

  /** Whether a newer command makes an older one to the same entity pointless. */
  static boolean supersedes(Command newer, Command older) {
    Slot one = slot(newer);
    Slot two = slot(older);
    if (one == two) {
      return switch (older) {
        case Command.Choose(Attribute attribute, String word) ->
            newer instanceof Command.Choose next && next.attribute() == attribute;
        case Command.Perform(Action action) ->
            action.lasting() && newer instanceof Command.Perform next && next.action().lasting();
        default -> true;
      };
    }
    if (newer instanceof Command.TurnOff || older instanceof Command.TurnOff) {
      return !LASTING.contains(one) && !LASTING.contains(two);
    }
    return false;
  }
}
