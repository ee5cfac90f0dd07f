package dev.hearth.devices.dialect.zigbee2mqtt;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Scales;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A lamp. */
final class Lights {
  private static final double COLDEST = 153;
  private static final double WARMEST = 500;

  private final Expose state;
  private final @Nullable Expose brightness;
  private final double scale;
  private final @Nullable Expose temperature;
  private final double coldest;
  private final double warmest;
  private final @Nullable Expose color;
  private final boolean hueAndSaturation;

  private Lights(Expose light, Expose state) {
    this.state = state;
    brightness = light.feature("brightness");
    Double most = brightness == null ? null : brightness.max();
    scale = most == null || most < 1 || most > 1e6 ? 254 : most;
    temperature = light.feature("color_temp");
    coldest = limit(temperature == null ? null : temperature.min(), COLDEST);
    warmest = Math.max(coldest, limit(temperature == null ? null : temperature.max(), WARMEST));
    Expose xy = light.feature("color_xy");
    color = xy == null ? light.feature("color_hs") : xy;
    hueAndSaturation = xy == null;
  }

  private static double limit(@Nullable Double given, double otherwise) {
    return given == null || given < 10 || given > 10_000 ? otherwise : given;
  }

  /** Null for a light without a state. */
  static @Nullable Part of(Expose light) {
    Expose state = light.feature("state");
    return state == null ? null : new Lights(light, state).part(light);
  }

  private Part part(Expose light) {
    Part.Builder part = new Part.Builder(Kind.LIGHT, "light", light.endpoint());
    part.can(new Capability.OnOff()).read(state, Values.onOff(state), Attribute.ON);
    if (brightness != null) {
      part.can(new Capability.Brightness());
      part.read(
          brightness,
          (value, message, before, out) ->
              out.set(Attribute.BRIGHTNESS, Scales.toPercent(Json.number(value), scale)),
          Attribute.BRIGHTNESS);
    }
    if (temperature != null) {
      part.can(new Capability.ColorTemperature(Scales.toKelvin(warmest), Scales.toKelvin(coldest)));
      part.read(temperature, this::readTemperature, Attribute.COLOR_TEMPERATURE);
    }
    if (color != null) {
      part.can(new Capability.Color());
      part.read(color, this::readColor, Attribute.COLOR);
    }
    return part.build(this::write);
  }

  /** What the lamp shows now: a color or a white; null when it does not tell. */
  private @Nullable String mode(Map<?, ?> message) {
    if (color == null) {
      return null;
    }
    String property = color.property();
    String key = property.startsWith("color") ? "color_mode" + property.substring(5) : "color_mode";
    return message.get(key) instanceof String mode ? mode : null;
  }

  private void readTemperature(
      Object value, Map<?, ?> message, State before, StateUpdate.Builder out) {
    String mode = mode(message);
    if (mode == null || mode.equals("color_temp")) {
      out.set(Attribute.COLOR_TEMPERATURE, Scales.toKelvin(Json.number(value)));
      if (mode != null) {
        out.unknown(Attribute.COLOR);
      }
    }
  }

  private void readColor(Object value, Map<?, ?> message, State before, StateUpdate.Builder out) {
    String mode = mode(message);
    if ("color_temp".equals(mode)) {
      return;
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw Json.nonsense(value, "a color with x and y, or hue and saturation");
    }
    Color seen = color(map, "hs".equals(mode) || (mode == null && hueAndSaturation));
    if (seen != null) {
      out.set(Attribute.COLOR, seen);
      if (mode != null) {
        out.unknown(Attribute.COLOR_TEMPERATURE);
      }
    }
  }

  private static @Nullable Color color(Map<?, ?> map, boolean hueFirst) {
    Object hue = map.get("hue");
    Object saturation = map.get("saturation");
    Object x = map.get("x");
    Object y = map.get("y");
    if (hue != null && saturation != null && (hueFirst || x == null || y == null)) {
      return new Color(
          Math.clamp(Json.number(hue), 0, 360), Math.clamp(Json.number(saturation), 0, 100));
    }
    return x != null && y != null ? Color.ofXy(Json.number(x), Json.number(y)) : null;
  }

  private Part.Written write(Command command, State before) throws UnsupportedCommandException {
    Map<String, Object> message = new LinkedHashMap<>();
    Map<Attribute, Object> target = new EnumMap<>(Attribute.class);
    boolean on = !(command instanceof Command.TurnOff);
    Object word = on ? state.on() : state.off();
    if (word != null) {
      message.put(state.property(), word);
    }
    target.put(Attribute.ON, on);
    switch (command) {
      case Command.TurnOn c -> {}
      case Command.TurnOff c -> {}
      case Command.SetBrightness(int percent) when brightness != null -> {
        int value = Scales.fromPercent(percent, scale);
        message.put(brightness.property(), value);
        target.put(Attribute.BRIGHTNESS, Scales.toPercent(value, scale));
      }
      case Command.SetColorTemperature(int kelvin) when temperature != null -> {
        double mired = Math.rint(Math.clamp(Scales.toMired(kelvin), coldest, warmest));
        message.put(temperature.property(), (int) mired);
        target.put(Attribute.COLOR_TEMPERATURE, Scales.toKelvin(mired));
      }
      case Command.SetColor(Color wanted, String name) when color != null -> {
        message.put(color.property(), written(wanted));
        target.put(Attribute.COLOR, wanted);
      }
      default -> throw UnsupportedCommandException.of(command);
    }
    return new Part.Written(message, target);
  }

  private Map<String, Object> written(Color wanted) {
    if (hueAndSaturation) {
      return Map.of("hue", Math.round(wanted.hue()), "saturation", Math.round(wanted.saturation()));
    }
    double[] xy = wanted.xy();
    return Map.of("x", Scales.round(xy[0], 4), "y", Scales.round(xy[1], 4));
  }
}
