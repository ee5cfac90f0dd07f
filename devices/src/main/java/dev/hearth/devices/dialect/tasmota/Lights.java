package dev.hearth.devices.dialect.tasmota;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.Part;
import dev.hearth.devices.dialect.Scales;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lamps: relays that drive one, dimmers, whites and colors. */
final class Lights {
  private final Setup setup;
  private final Power power;

  /** The command that dims, which is also the key of its value; null when it only switches. */
  private final @Nullable String dimmer;

  private final boolean white;
  private final boolean color;

  /** Whether color and white share the lamp, so that it shows one or the other. */
  private final boolean both;

  private final int coldest;
  private final int warmest;

  private Lights(Setup setup, Power power, @Nullable String dimmer, int can) {
    this.setup = setup;
    this.power = power;
    this.dimmer = dimmer;
    white = can == 2 || can == 5;
    color = can >= 3;
    both = can >= 4;
    coldest = setup.has(Setup.FEW_WHITES) ? 200 : 153;
    warmest = setup.has(Setup.FEW_WHITES) ? 380 : 500;
  }

  /** A relay that drives a lamp. */
  static Part relay(Setup setup, int number, String name) {
    return new Lights(setup, new Power(setup, number), null, 0).part(number, name);
  }

  /**
   * A lamp of its own.
   *
   * @param number of its output, from 1
   * @param nth which of the device's lamps it is, from 1
   * @param count how many there are
   */
  static Part lamp(Setup setup, int number, int nth, int count, String name) {
    Power power = new Power(setup, number);
    if (setup.has(Setup.CHANNELS)) {
      return new Lights(setup, power, "Channel" + nth, 1).part(number, name);
    }
    if (count > 1 && !setup.linked()) {
      // The first has the colors, the second the whites.
      int can = nth == 1 ? 3 : setup.lamp() == 5 ? 2 : 1;
      return new Lights(setup, power, "Dimmer" + nth, can).part(number, name);
    }
    String dimmer = setup.lamp() == 0 ? null : "Dimmer";
    return new Lights(setup, power, dimmer, setup.lamp()).part(number, name);
  }

  private Part part(int number, String name) {
    List<Capability> can = new ArrayList<>(List.of(new Capability.OnOff()));
    List<String> commands = new ArrayList<>(List.of(power.command()));
    List<Attribute> told = new ArrayList<>(List.of(Attribute.ON));
    if (dimmer != null) {
      can.add(new Capability.Brightness());
      commands.add(dimmer);
      told.add(Attribute.BRIGHTNESS);
    }
    if (white) {
      can.add(new Capability.ColorTemperature(Scales.toKelvin(warmest), Scales.toKelvin(coldest)));
      commands.add("CT");
      told.add(Attribute.COLOR_TEMPERATURE);
    }
    if (color) {
      can.add(new Capability.Color());
      commands.addAll(List.of("HSBColor", "HSBColor1", "HSBColor2"));
      told.add(Attribute.COLOR);
    }
    return new Part(
        Kind.LIGHT,
        "light_" + number,
        name,
        null,
        true,
        can,
        Wiring.codec(setup, commands, false, this::read)
            .reports(told.toArray(Attribute[]::new))
            .build(this::write));
  }

  private void read(Map<?, ?> json, State before, StateUpdate.Builder out) {
    power.read(json, out);
    if (dimmer != null) {
      Object value = json.get(dimmer);
      if (value == null
          && dimmer.startsWith("Channel")
          && json.get("Channel") instanceof List<?> all) {
        int at = Integer.parseInt(dimmer.substring("Channel".length())) - 1;
        value = at < all.size() ? all.get(at) : null;
      }
      if (value != null) {
        out.set(Attribute.BRIGHTNESS, Scales.toPercent(Json.number(value), 100));
      }
    }
    Object shade = json.get("CT");
    boolean shadeKnown = white && shade != null;
    boolean colorKnown = color && json.get("HSBColor") != null;
    if (both && json.get("White") != null) {
      boolean isWhite = Json.number(json.get("White")) > 0;
      if (isWhite) {
        out.unknown(Attribute.COLOR);
        colorKnown = false;
      } else if (white) {
        out.unknown(Attribute.COLOR_TEMPERATURE);
        shadeKnown = false;
      }
    }
    if (shadeKnown) {
      out.set(Attribute.COLOR_TEMPERATURE, Scales.toKelvin(Json.number(shade)));
    }
    if (colorKnown) {
      out.set(Attribute.COLOR, color(json.get("HSBColor")));
    }
  }

  /** Hue, saturation and brightness between commas. */
  private static Color color(@Nullable Object value) {
    String[] parts = Json.word(value).split(",", -1);
    if (parts.length != 3) {
      throw Json.nonsense(value, "hue, saturation and brightness");
    }
    return new Color(
        Math.clamp(Json.number(parts[0]), 0, 360), Math.clamp(Json.number(parts[1]), 0, 100));
  }

  private Encoded write(Command command, State before) throws UnsupportedCommandException {
    List<Outgoing> messages = new ArrayList<>();
    Map<Attribute, Object> target = new EnumMap<>(Attribute.class);
    boolean on = !(command instanceof Command.TurnOff);
    target.put(Attribute.ON, on);
    boolean switches = command instanceof Command.TurnOn || command instanceof Command.TurnOff;
    if (switches || setup.has(Setup.NO_POWER_ON)) {
      messages.add(power.write(on));
    }
    switch (command) {
      case Command.TurnOn c -> {}
      case Command.TurnOff c -> {}
      case Command.SetBrightness(int percent) when dimmer != null -> {
        messages.add(setup.send(dimmer, String.valueOf(percent)));
        target.put(Attribute.BRIGHTNESS, percent);
      }
      case Command.SetColorTemperature(int kelvin) when white -> {
        int mired = (int) Math.rint(Math.clamp(Scales.toMired(kelvin), coldest, warmest));
        messages.add(setup.send("CT", String.valueOf(mired)));
        target.put(Attribute.COLOR_TEMPERATURE, Scales.toKelvin(mired));
      }
      case Command.SetColor(Color wanted, String name) when color -> {
        long hue = Math.round(wanted.hue());
        long saturation = Math.round(wanted.saturation());
        int bright = before.brightnessPercent().orElse(0);
        if (bright > 0) {
          messages.add(setup.send("HSBColor", hue + "," + saturation + "," + bright));
        } else { // One after the other, they leave the brightness alone.
          messages.add(setup.send("HSBColor1", String.valueOf(hue)));
          messages.add(setup.send("HSBColor2", String.valueOf(saturation)));
        }
        target.put(Attribute.COLOR, new Color(hue, saturation));
      }
      default -> throw UnsupportedCommandException.of(command);
    }
    return new Encoded(messages, target);
  }
}
