package dev.hearth.devices.dialect.tasmota;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Kind;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.Part;
import dev.hearth.devices.dialect.Scales;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What hangs on a device's outputs. */
final class Outputs {
  private static final int FAN_SPEEDS = 3;

  private Outputs() {}

  static List<Part> of(Setup setup) {
    List<Part> parts = new ArrayList<>();
    List<Integer> outputs = setup.outputs();
    int lamps = (int) outputs.stream().filter(each -> each == Setup.LAMP).count();
    int shutters = 0;
    int lampsSeen = 0;
    boolean alone = !setup.fan() && many(setup, lamps) == 1;
    for (int i = 0; i < outputs.size(); i++) {
      int number = i + 1;
      String name = setup.outputName(number, alone);
      if (setup.fan() && i > 0) {
        break; // The others are the fan's speeds.
      }
      switch (outputs.get(i)) {
        case Setup.RELAY ->
            parts.add(
                setup.fan() || setup.has(Setup.RELAYS_ARE_LAMPS)
                    ? Lights.relay(setup, number, name)
                    : relay(setup, number, name));
        case Setup.LAMP -> {
          lampsSeen++;
          if (lampsSeen == 1 || !isOneLamp(setup, lamps)) {
            parts.add(Lights.lamp(setup, number, lampsSeen, lamps, name));
          }
        }
        case Setup.SHUTTER -> {
          shutters++;
          parts.add(Shutters.of(setup, shutters, name));
          i++; // A shutter has an output for each direction.
        }
        default -> {}
      }
    }
    if (setup.fan()) {
      parts.add(fan(setup));
    }
    return parts;
  }

  private static boolean isOneLamp(Setup setup, int lamps) {
    return lamps == 1 || (setup.linked() && !setup.has(Setup.CHANNELS));
  }

  /** How many things there are; two outputs make a shutter. */
  private static int many(Setup setup, int lamps) {
    long relays = setup.outputs().stream().filter(each -> each == Setup.RELAY).count();
    long shutters = setup.outputs().stream().filter(each -> each == Setup.SHUTTER).count();
    int things = lamps > 0 && isOneLamp(setup, lamps) ? 1 : lamps;
    return (int) (things + relays + (shutters + 1) / 2);
  }

  private static Part relay(Setup setup, int number, String name) {
    Power power = new Power(setup, number);
    return new Part(
        Kind.SWITCH,
        "relay_" + number,
        name,
        null,
        true,
        List.of(new Capability.OnOff()),
        Wiring.codec(
                setup,
                List.of(power.command()),
                false,
                (json, before, out) -> power.read(json, out))
            .reports(Attribute.ON)
            .build((command, before) ->
                switch (command) {
                  case Command.TurnOn c -> encoded(power.write(true), Map.of(Attribute.ON, true));
                  case Command.TurnOff c ->
                      encoded(power.write(false), Map.of(Attribute.ON, false));
                  default -> throw UnsupportedCommandException.of(command);
                }));
  }

  /** A fan of speeds from 0, which is off, to 3. */
  private static Part fan(Setup setup) {
    return new Part(
        Kind.FAN,
        "fan",
        setup.name(),
        null,
        true,
        List.of(new Capability.OnOff(), new Capability.FanSpeed(FAN_SPEEDS)),
        Wiring.codec(
                setup,
                List.of("FanSpeed"),
                false,
                (json, before, out) -> {
                  if (json.get("FanSpeed") != null) {
                    double speed = Json.number(json.get("FanSpeed"));
                    out.set(Attribute.ON, speed > 0);
                    out.set(Attribute.FAN_SPEED, Scales.toPercent(speed, FAN_SPEEDS));
                  }
                })
            .reports(Attribute.ON, Attribute.FAN_SPEED)
            .build((command, before) ->
                switch (command) {
                  case Command.TurnOn c ->
                      encoded(setup.send("FanSpeed", "2"), Map.of(Attribute.ON, true));
                  case Command.TurnOff c ->
                      encoded(setup.send("FanSpeed", "0"), Map.of(Attribute.ON, false));
                  case Command.SetFanSpeed(int percent) -> {
                    int speed = Scales.fromPercent(percent, FAN_SPEEDS);
                    yield encoded(
                        setup.send("FanSpeed", String.valueOf(speed)),
                        Map.of(
                            Attribute.ON,
                            speed > 0,
                            Attribute.FAN_SPEED,
                            Scales.toPercent(speed, FAN_SPEEDS)));
                  }
                  default -> throw UnsupportedCommandException.of(command);
                }));
  }

  static Encoded encoded(Outgoing message, Map<Attribute, Object> target) {
    return new Encoded(List.of(message), target);
  }
}
