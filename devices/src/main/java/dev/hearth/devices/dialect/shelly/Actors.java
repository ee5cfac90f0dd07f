package dev.hearth.devices.dialect.shelly;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Part;
import dev.hearth.devices.dialect.Scales;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Components that do something: switches, lamps, covers. */
final class Actors {
  private static final List<Integer> USUAL_WHITES = List.of(2700, 6500);

  private Actors() {}

  /** Whether components of a type do something. */
  static boolean acts(String type) {
    return switch (type) {
      case "switch", "light", "rgb", "rgbw", "cct", "cover" -> true;
      default -> false;
    };
  }

  /**
   * The part that acts.
   *
   * @param component of such a type
   * @param status an answer that shows what it can do
   */
  static Part of(Component component, Map<?, ?> status, String name) {
    return switch (component.type()) {
      case "switch" -> lamp(component, Kind.SWITCH, name);
      case "cover" -> cover(component, status, name);
      default -> lamp(component, Kind.LIGHT, name);
    };
  }

  private static Part lamp(Component component, Kind kind, String name) {
    String type = component.type();
    boolean colored = type.startsWith("rgb");
    boolean white = type.equals("cct");
    List<Capability> can = new ArrayList<>(List.of(new Capability.OnOff()));
    List<Attribute> told = new ArrayList<>(List.of(Attribute.ON));
    List<Integer> whites = component.device().whites().getOrDefault(component.key(), USUAL_WHITES);
    if (kind == Kind.LIGHT) {
      can.add(new Capability.Brightness());
      told.add(Attribute.BRIGHTNESS);
    }
    if (white) {
      can.add(new Capability.ColorTemperature(whites.get(0), whites.get(1)));
      told.add(Attribute.COLOR_TEMPERATURE);
    }
    if (colored) {
      can.add(new Capability.Color());
      told.add(Attribute.COLOR);
    }
    return new Part(
        kind,
        component.key(),
        name,
        null,
        true,
        can,
        component
            .codec((json, before, out) -> {
              if (json.get("output") instanceof Boolean on) {
                out.set(Attribute.ON, on);
              }
              if (kind == Kind.LIGHT && json.get("brightness") != null) {
                out.set(
                    Attribute.BRIGHTNESS,
                    Scales.toPercent(Json.number(json.get("brightness")), 100));
              }
              if (white && json.get("ct") != null) {
                long kelvin = Math.round(Json.number(json.get("ct")));
                out.set(Attribute.COLOR_TEMPERATURE, Math.clamp(kelvin, 1_000, 20_000));
              }
              if (colored && json.get("rgb") != null) {
                out.set(Attribute.COLOR, color(json.get("rgb")));
              }
            })
            .reports(told.toArray(Attribute[]::new))
            .build((command, before) -> write(component, can, whites, command)));
  }

  private static Color color(@Nullable Object rgb) {
    if (!(rgb instanceof List<?> list) || list.size() != 3) {
      throw Json.nonsense(rgb, "red, green and blue");
    }
    double[] parts = new double[3];
    for (int i = 0; i < 3; i++) {
      parts[i] = Math.clamp(Json.number(list.get(i)), 0, 255);
    }
    return Color.ofRgb(parts[0], parts[1], parts[2]);
  }

  private static Encoded write(
      Component component, List<Capability> can, List<Integer> whites, Command command)
      throws UnsupportedCommandException {
    Map<String, Object> set = new LinkedHashMap<>();
    Map<Attribute, Object> target = new LinkedHashMap<>();
    boolean on = !(command instanceof Command.TurnOff);
    set.put("on", on);
    target.put(Attribute.ON, on);
    switch (command) {
      case Command.TurnOn c -> {}
      case Command.TurnOff c -> {}
      case Command.SetBrightness(int percent) when can.contains(new Capability.Brightness()) -> {
        set.put("brightness", percent);
        target.put(Attribute.BRIGHTNESS, percent);
      }
      case Command.SetColorTemperature(int kelvin) when component.type().equals("cct") -> {
        int white = Math.clamp(kelvin, whites.get(0), whites.get(1));
        set.put("ct", white);
        target.put(Attribute.COLOR_TEMPERATURE, white);
      }
      case Command.SetColor(Color wanted, String name)
          when can.contains(new Capability.Color()) -> {
        int[] rgb = wanted.rgb();
        set.put("rgb", List.of(rgb[0], rgb[1], rgb[2]));
        target.put(Attribute.COLOR, wanted);
      }
      default -> throw UnsupportedCommandException.of(command);
    }
    return component.call("Set", set, target);
  }

  private static Part cover(Component component, Map<?, ?> status, String name) {
    boolean positioned = Boolean.TRUE.equals(status.get("pos_control"));
    boolean slats = positioned && status.containsKey("slat_pos");
    List<Capability> can = new ArrayList<>(List.of(new Capability.OpenCloseStop(true)));
    List<Attribute> told = new ArrayList<>(List.of(Attribute.COVER));
    if (positioned) {
      can.add(new Capability.Position());
      told.add(Attribute.POSITION);
    }
    if (slats) {
      can.add(new Capability.Tilt());
      told.add(Attribute.TILT);
    }
    return new Part(
        Kind.COVER,
        component.key(),
        name,
        null,
        true,
        can,
        component
            .codec((json, before, out) -> {
              if (slats && json.get("slat_pos") != null) {
                out.set(Attribute.TILT, percent(json.get("slat_pos")));
              }
              readCover(json, before, out);
            })
            .reports(told.toArray(Attribute[]::new))
            .build((command, before) ->
                switch (command) {
                  case Command.Open c -> component.call("Open", Map.of(), target(100, positioned));
                  case Command.Close c -> component.call("Close", Map.of(), target(0, positioned));
                  case Command.Stop c -> component.call("Stop", Map.of(), Map.of());
                  case Command.SetPosition(int percent) when positioned ->
                      component.call("GoToPosition", Map.of("pos", percent), target(percent, true));
                  case Command.SetTilt(int percent) when slats ->
                      component.call(
                          "GoToPosition",
                          Map.of("slat_pos", percent),
                          Map.of(Attribute.TILT, percent));
                  default -> throw UnsupportedCommandException.of(command);
                }));
  }

  private static Map<Attribute, Object> target(int percent, boolean positioned) {
    String word = percent == 0 ? "closed" : "open";
    return positioned
        ? Map.of(Attribute.COVER, word, Attribute.POSITION, percent)
        : Map.of(Attribute.COVER, word);
  }

  private static int percent(@Nullable Object value) {
    return (int) Math.round(Math.clamp(Json.number(value), 0, 100));
  }

  private static void readCover(Map<?, ?> json, State before, StateUpdate.Builder out) {
    Integer position = before.position().isPresent() ? before.position().getAsInt() : null;
    if (json.containsKey("current_pos")) {
      position = json.get("current_pos") == null ? null : percent(json.get("current_pos"));
      if (position == null) {
        out.unknown(Attribute.POSITION); // It was not calibrated.
      } else {
        out.set(Attribute.POSITION, position);
      }
    }
    if (json.get("state") instanceof String word) {
      switch (word) {
        case "open", "closed", "opening", "closing" -> out.set(Attribute.COVER, word);
        case "stopped" -> rest(position, out);
        default -> {} // It calibrates itself.
      }
    }
  }

  /** Where a cover rests that does not say whether that is open or closed. */
  static void rest(@Nullable Integer position, StateUpdate.Builder out) {
    if (position == null) {
      out.unknown(Attribute.COVER);
    } else {
      out.set(Attribute.COVER, position == 0 ? "closed" : "open");
    }
  }
}
