package dev.hearth.devices.dialect.tasmota;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Part;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A shutter, which tells its position with the sensors and after each command. */
final class Shutters {
  private final Setup setup;
  private final int number;
  private final boolean inverted;
  private final int lowest;
  private final int highest;

  private Shutters(Setup setup, int number) {
    this.setup = setup;
    this.number = number;
    inverted = number <= setup.inverted().size() && setup.inverted().get(number - 1);
    List<Integer> tilt =
        number <= setup.tilts().size() ? setup.tilts().get(number - 1) : List.of(0, 0, 0);
    boolean turns = tilt.get(2) > 0 && tilt.get(1) > tilt.get(0);
    lowest = turns ? Math.clamp(tilt.get(0), -360, 360) : 0;
    highest = turns ? Math.clamp(tilt.get(1), -360, 360) : 0;
  }

  static Part of(Setup setup, int number, String name) {
    return new Shutters(setup, number).part(name);
  }

  private boolean slats() {
    return highest > lowest;
  }

  private Part part(String name) {
    List<Capability> can =
        new ArrayList<>(List.of(new Capability.OpenCloseStop(true), new Capability.Position()));
    List<Attribute> told = new ArrayList<>(List.of(Attribute.COVER, Attribute.POSITION));
    if (slats()) {
      can.add(new Capability.Tilt());
      told.add(Attribute.TILT);
    }
    List<String> commands =
        List.of(
            "ShutterOpen" + number,
            "ShutterClose" + number,
            "ShutterStop" + number,
            "ShutterPosition" + number,
            "ShutterTilt" + number);
    return new Part(
        Kind.COVER,
        "shutter_" + number,
        name,
        "shutter",
        true,
        can,
        Wiring.codec(setup, commands, true, this::read)
            .reports(told.toArray(Attribute[]::new))
            .build(this::write));
  }

  private void read(Map<?, ?> json, State before, StateUpdate.Builder out) {
    if (!(json.get("Shutter" + number) instanceof Map<?, ?> shutter)) {
      return;
    }
    if (shutter.get("Position") != null) {
      int position = percent(Json.number(shutter.get("Position")));
      int direction =
          shutter.get("Direction") == null
              ? 0
              : (int) Math.signum(Json.number(shutter.get("Direction"))) * (inverted ? -1 : 1);
      out.set(Attribute.POSITION, position);
      String rests = position == 0 ? "closed" : "open";
      out.set(Attribute.COVER, direction > 0 ? "opening" : direction < 0 ? "closing" : rests);
    }
    if (slats() && shutter.get("Tilt") != null) {
      double share = (Json.number(shutter.get("Tilt")) - lowest) / (highest - lowest);
      out.set(Attribute.TILT, (int) Math.round(100 * Math.clamp(share, 0, 1)));
    }
  }

  private int percent(double position) {
    int percent = (int) Math.round(Math.clamp(position, 0, 100));
    return inverted ? 100 - percent : percent;
  }

  private Encoded write(Command command, State before) throws UnsupportedCommandException {
    return switch (command) {
      case Command.Open c -> Outputs.encoded(setup.send("ShutterOpen" + number, ""), target(100));
      case Command.Close c -> Outputs.encoded(setup.send("ShutterClose" + number, ""), target(0));
      case Command.Stop c -> Outputs.encoded(setup.send("ShutterStop" + number, ""), Map.of());
      case Command.SetPosition(int percent) ->
          Outputs.encoded(
              setup.send(
                  "ShutterPosition" + number, String.valueOf(inverted ? 100 - percent : percent)),
              target(percent));
      case Command.SetTilt(int percent) when slats() ->
          Outputs.encoded(
              setup.send(
                  "ShutterTilt" + number,
                  String.valueOf(lowest + Math.round(percent * (highest - lowest) / 100.0))),
              Map.of(Attribute.TILT, percent));
      default -> throw UnsupportedCommandException.of(command);
    };
  }

  private static Map<Attribute, Object> target(int percent) {
    return Map.of(Attribute.POSITION, percent, Attribute.COVER, percent == 0 ? "closed" : "open");
  }
}
