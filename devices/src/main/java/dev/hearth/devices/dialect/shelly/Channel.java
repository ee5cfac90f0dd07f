package dev.hearth.devices.dialect.shelly;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import dev.hearth.devices.Kind;
import dev.hearth.devices.Names;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.Part;
import dev.hearth.devices.dialect.ReaderCodec;
import dev.hearth.devices.dialect.Scales;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A channel of a device of the first generation: a relay, a roller, a lamp. */
final class Channel {
  /** Keys of a lamp's report that tell what it can do. */
  private static final Set<String> TELLING = Set.of("brightness", "gain", "temp", "red");

  private static final int WARMEST = 2700;
  private static final int COLDEST = 6500;

  private final String device;
  private final String id;
  private final String channel;
  private final Set<String> told;

  /**
   * A channel.
   *
   * @param base the level below which devices speak
   * @param id the device's
   * @param channel such as {@code relay/0}
   * @param told what it reports beside being on
   */
  Channel(String base, String id, String channel, Set<String> told) {
    this.device = base + "/" + id;
    this.id = id;
    this.channel = channel;
    this.told = Set.copyOf(told);
  }

  static Set<String> keys(Map<?, ?> status) {
    return TELLING.stream().filter(status::containsKey).collect(Collectors.toSet());
  }

  List<Part> parts(String name) {
    String type = channel.substring(0, channel.indexOf('/'));
    List<Part> parts = new ArrayList<>();
    switch (type) {
      case "relay" -> {
        parts.add(relay(name));
        if (told.contains("power")) {
          parts.add(power(name));
        }
      }
      case "roller" -> parts.add(roller(name));
      default -> parts.add(lamp(name));
    }
    return parts;
  }

  private ReaderCodec.Builder codec() {
    return new ReaderCodec.Builder()
        .availability(device + "/online", "true", "false")
        .greet(FirstGenerationDiscovery.update(id));
  }

  private Outgoing send(String below, String payload) {
    return new Outgoing(device + "/" + channel + "/" + below, payload);
  }

  private static Encoded encoded(Outgoing message, Map<Attribute, Object> target) {
    return new Encoded(List.of(message), target);
  }

  private Part part(Kind kind, String name, List<Capability> can, ReaderCodec codec) {
    return new Part(kind, channel, name, null, true, can, codec);
  }

  private Part relay(String name) {
    return part(
        Kind.SWITCH,
        name,
        List.of(new Capability.OnOff()),
        codec()
            .readOwn(
                device + "/" + channel,
                (payload, before, out) -> {
                  switch (payload) {
                    case "on" -> out.set(Attribute.ON, true);
                    case "off", "overpower" -> out.set(Attribute.ON, false);
                    case "" -> {}
                    default -> throw Json.nonsense(payload, "'on' or 'off'");
                  }
                })
            .reports(Attribute.ON)
            .build((command, before) ->
                switch (command) {
                  case Command.TurnOn c ->
                      encoded(send("command", "on"), Map.of(Attribute.ON, true));
                  case Command.TurnOff c ->
                      encoded(send("command", "off"), Map.of(Attribute.ON, false));
                  default -> throw UnsupportedCommandException.of(command);
                }));
  }

  private Part power(String name) {
    return new Part(
        Kind.SENSOR,
        channel + "_power",
        Names.clean(name + " power"),
        "power",
        true,
        List.of(new Capability.Measurement("W", "power")),
        codec()
            .readOwn(
                device + "/" + channel + "/power",
                (payload, before, out) -> {
                  if (!payload.isEmpty()) {
                    out.set(Attribute.NUMBER, Json.number(payload));
                  }
                })
            .reports(Attribute.NUMBER)
            .build());
  }

  private Part roller(String name) {
    boolean positioned = told.contains("pos");
    List<Capability> can = new ArrayList<>(List.of(new Capability.OpenCloseStop(true)));
    ReaderCodec.Builder codec =
        codec().readOwn(device + "/" + channel, Channel::readRoller).reports(Attribute.COVER);
    if (positioned) {
      can.add(new Capability.Position());
      codec.readOwn(device + "/" + channel + "/pos", Channel::readPosition);
      codec.reports(Attribute.POSITION);
    }
    return part(
        Kind.COVER,
        name,
        can,
        codec.build((command, before) ->
            switch (command) {
              case Command.Open c -> encoded(send("command", "open"), target(100, positioned));
              case Command.Close c -> encoded(send("command", "close"), target(0, positioned));
              case Command.Stop c -> encoded(send("command", "stop"), Map.of());
              case Command.SetPosition(int percent) when positioned ->
                  encoded(send("command/pos", String.valueOf(percent)), target(percent, true));
              default -> throw UnsupportedCommandException.of(command);
            }));
  }

  private static Map<Attribute, Object> target(int percent, boolean positioned) {
    return positioned
        ? Map.of(Attribute.COVER, percent == 0 ? "closed" : "open", Attribute.POSITION, percent)
        : Map.of(Attribute.COVER, percent == 0 ? "closed" : "open");
  }

  /** The words tell which way it moves, or that it does not. */
  private static void readRoller(String payload, State before, StateUpdate.Builder out) {
    switch (payload) {
      case "open" -> out.set(Attribute.COVER, "opening");
      case "close" -> out.set(Attribute.COVER, "closing");
      case "stop" ->
          Actors.rest(before.position().isPresent() ? before.position().getAsInt() : null, out);
      case "" -> {}
      default -> throw Json.nonsense(payload, "'open', 'close' or 'stop'");
    }
  }

  private static void readPosition(String payload, State before, StateUpdate.Builder out) {
    if (payload.isEmpty()) {
      return;
    }
    int position = (int) Math.round(Json.number(payload));
    if (position < 0) {
      out.unknown(Attribute.POSITION);
      return;
    }
    out.set(Attribute.POSITION, Math.min(position, 100));
    boolean moving = before.cover().filter(each -> each.endsWith("ing")).isPresent();
    if (!moving) {
      Actors.rest(position, out);
    }
  }

  private Part lamp(String name) {
    @Nullable String dimmer =
        told.contains("gain") ? "gain" : told.contains("brightness") ? "brightness" : null;
    boolean white = told.contains("temp");
    boolean color = told.contains("red");
    List<Capability> can = new ArrayList<>(List.of(new Capability.OnOff()));
    ReaderCodec.Builder codec = codec().reports(Attribute.ON);
    if (dimmer != null) {
      can.add(new Capability.Brightness());
      codec.reports(Attribute.BRIGHTNESS);
    }
    if (white) {
      can.add(new Capability.ColorTemperature(WARMEST, COLDEST));
      codec.reports(Attribute.COLOR_TEMPERATURE);
    }
    if (color) {
      can.add(new Capability.Color());
      codec.reports(Attribute.COLOR);
    }
    codec.readOwnJson(
        device + "/" + channel + "/status",
        (json, before, out) -> {
          if (json.get("ison") instanceof Boolean on) {
            out.set(Attribute.ON, on);
          }
          if (dimmer != null && json.get(dimmer) != null) {
            out.set(Attribute.BRIGHTNESS, Scales.toPercent(Json.number(json.get(dimmer)), 100));
          }
          if (white && json.get("temp") != null) {
            long kelvin = Math.round(Json.number(json.get("temp")));
            out.set(Attribute.COLOR_TEMPERATURE, Math.clamp(kelvin, 1_000, 20_000));
          }
          if (color && json.get("red") != null) {
            out.set(
                Attribute.COLOR,
                Color.ofRgb(part(json, "red"), part(json, "green"), part(json, "blue")));
          }
        });
    return part(
        Kind.LIGHT,
        name,
        can,
        codec.build((command, before) -> write(command, dimmer, white, color)));
  }

  private static double part(Map<?, ?> json, String key) {
    return Math.clamp(Json.number(json.get(key)), 0, 255);
  }

  private Encoded write(Command command, @Nullable String dimmer, boolean white, boolean color)
      throws UnsupportedCommandException {
    Map<String, Object> set = new LinkedHashMap<>();
    Map<Attribute, Object> target = new LinkedHashMap<>();
    boolean on = !(command instanceof Command.TurnOff);
    set.put("turn", on ? "on" : "off");
    target.put(Attribute.ON, on);
    switch (command) {
      case Command.TurnOn c -> {}
      case Command.TurnOff c -> {}
      case Command.SetBrightness(int percent) when dimmer != null -> {
        set.put(dimmer, percent);
        target.put(Attribute.BRIGHTNESS, percent);
      }
      case Command.SetColorTemperature(int kelvin) when white -> {
        int temperature = Math.clamp(kelvin, WARMEST, COLDEST);
        set.put("temp", temperature);
        target.put(Attribute.COLOR_TEMPERATURE, temperature);
      }
      case Command.SetColor(Color wanted, String name) when color -> {
        int[] rgb = wanted.rgb();
        set.put("red", rgb[0]);
        set.put("green", rgb[1]);
        set.put("blue", rgb[2]);
        target.put(Attribute.COLOR, wanted);
      }
      default -> throw UnsupportedCommandException.of(command);
    }
    return encoded(send("set", Json.write(set)), target);
  }
}
