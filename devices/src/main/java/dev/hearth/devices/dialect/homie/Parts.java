package dev.hearth.devices.dialect.homie;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Color;
import dev.hearth.devices.Command;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.ReaderCodec;
import dev.hearth.devices.dialect.Scales;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of nodes. The convention has types of values, but none of things: a lamp, a cover or
 * a heater is recognised by what its values are and are called. What is recognised as none of them
 * is as many entities as it has values ({@link Singles}).
 */
final class Parts {
  /** The range of color temperatures that can be meant, in kelvin. */
  private static final int WARMEST = 500;

  private static final int COLDEST = 100_000;

  private static final Pattern LAMP = Pattern.compile(".*(light|lamp|dimmer|led|bulb|rgb).*");
  private static final Pattern COVER =
      Pattern.compile(".*(shutter|blind|cover|curtain|awning|roller|garage|gate).*");
  private static final Pattern DIMMER =
      Pattern.compile("brightness|dim|dimmer|level|intensity|dimming-level");
  private static final Pattern WHITE =
      Pattern.compile("ct|colou?r-temp(erature)?|white-temperature");
  private static final Pattern POSITION = Pattern.compile("position|level|percent|opening");
  private static final Pattern SETPOINT =
      Pattern.compile("set-?point|set-?temperature|(target|desired|set)-temperature");
  private static final Pattern MEASURED = Pattern.compile(".*temperature|temp");
  private static final Pattern MODE = Pattern.compile("mode|(hvac|system|heating)-mode");

  private final Device device;
  private final Device.Node node;
  private final Set<Device.Property> left;
  private final List<PartBuilder> parts = new ArrayList<>();
  private final List<ReaderCodec.Writer> writers = new ArrayList<>();

  private Parts(Device device, Device.Node node) {
    this.device = device;
    this.node = node;
    left = new LinkedHashSet<>(node.properties());
  }

  /** A part and what writes its commands, if it takes any. */
  record Made(PartBuilder part, ReaderCodec.@Nullable Writer writer) {}

  static List<Made> of(Device device, Device.Node node) {
    Parts parts = new Parts(device, node);
    if (!parts.cover() && !parts.lamp()) {
      parts.heater();
    }
    List<Made> made = new ArrayList<>();
    for (int i = 0; i < parts.parts.size(); i++) {
      made.add(new Made(parts.parts.get(i), parts.writers.get(i)));
    }
    parts.left.forEach(each -> made.add(Singles.of(device, node, each)));
    return made;
  }

  private Device.@Nullable Property find(Predicate<Device.Property> test) {
    return left.stream().filter(test).findFirst().orElse(null);
  }

  private PartBuilder part(Kind kind) {
    PartBuilder part = new PartBuilder(device, kind, node.id(), node.name());
    parts.add(part);
    return part;
  }

  private boolean is(Pattern pattern) {
    return pattern.matcher(node.type()).matches() || pattern.matcher(node.id()).matches();
  }

  // --- lamps ------------------------------------------------------------------------------------

  private boolean lamp() {
    Device.Property power = find(each -> each.settable() && each.is("boolean") && each.retained());
    Device.Property dimmer = find(each -> each.settable() && each.numeric() && each.called(DIMMER));
    Device.Property white = find(each -> each.settable() && each.numeric() && each.called(WHITE));
    Device.Property color = find(each -> each.settable() && each.is("color"));
    boolean lamp =
        color != null
            || (is(LAMP) && (power != null || dimmer != null))
            || (power != null && dimmer != null);
    if (!lamp || (power == null && dimmer == null)) {
      return false;
    }
    PartBuilder part = part(Kind.LIGHT).can(new Capability.OnOff());
    if (power != null) {
      part.read(
          power,
          (payload, before, out) -> out.set(Attribute.ON, Values.flag(payload)),
          Attribute.ON);
    }
    if (dimmer != null) {
      part.can(new Capability.Brightness())
          .read(
              dimmer,
              (payload, before, out) -> {
                int percent = Values.toPercent(dimmer, Json.number(payload));
                out.set(Attribute.BRIGHTNESS, percent);
                if (power == null) {
                  out.set(Attribute.ON, percent > 0);
                }
              },
              power == null
                  ? new Attribute[] {Attribute.BRIGHTNESS, Attribute.ON}
                  : new Attribute[] {Attribute.BRIGHTNESS});
    }
    if (white != null) {
      part.can(whites(white))
          .read(
              white,
              (payload, before, out) ->
                  out.set(Attribute.COLOR_TEMPERATURE, kelvin(white, Json.number(payload))),
              Attribute.COLOR_TEMPERATURE);
    }
    if (color != null) {
      part.can(new Capability.Color())
          .read(
              color,
              (payload, before, out) -> out.set(Attribute.COLOR, Values.color(color, payload)),
              Attribute.COLOR);
    }
    writers.add((command, before) -> light(part, power, dimmer, white, color, command, before));
    take(power, dimmer, white, color);
    return true;
  }

  private void take(Device.@Nullable Property... properties) {
    for (Device.Property each : properties) {
      if (each != null) {
        left.remove(each);
      }
    }
  }

  private static boolean mired(Device.Property white) {
    return "mired".equals(white.unit()) || Values.max(white, 6500) < 1_000;
  }

  private static Capability whites(Device.Property white) {
    double first = Values.min(white, mired(white) ? 153 : 2700);
    double last = Math.max(first, Values.max(white, mired(white) ? 500 : 6500));
    return mired(white)
        ? new Capability.ColorTemperature(
            Scales.toKelvin(Math.clamp(last, Scales.toMired(COLDEST), Scales.toMired(WARMEST))),
            Scales.toKelvin(Math.clamp(first, Scales.toMired(COLDEST), Scales.toMired(WARMEST))))
        : new Capability.ColorTemperature(
            (int) Math.clamp(first, WARMEST, COLDEST), (int) Math.clamp(last, WARMEST, COLDEST));
  }

  private static int kelvin(Device.Property white, double value) {
    int kelvin = mired(white) ? Scales.toKelvin(value) : (int) Math.round(value);
    if (kelvin < WARMEST || kelvin > COLDEST) {
      throw Json.nonsense(value, "a color temperature");
    }
    return kelvin;
  }

  private static Encoded light(
      PartBuilder part,
      Device.@Nullable Property power,
      Device.@Nullable Property dimmer,
      Device.@Nullable Property white,
      Device.@Nullable Property color,
      Command command,
      State before)
      throws UnsupportedCommandException {
    List<Outgoing> messages = new ArrayList<>();
    Map<Attribute, Object> target = new EnumMap<>(Attribute.class);
    boolean on = !(command instanceof Command.TurnOff);
    target.put(Attribute.ON, on);
    if (power != null) {
      messages.add(part.send(power, String.valueOf(on)));
    } else if (dimmer != null
        && (command instanceof Command.TurnOn || command instanceof Command.TurnOff)) {
      messages.add(
          part.send(dimmer, Values.write(dimmer, Values.fromPercent(dimmer, on ? 100 : 0))));
    }
    switch (command) {
      case Command.TurnOn c -> {}
      case Command.TurnOff c -> {}
      case Command.SetBrightness(int percent) when dimmer != null -> {
        double value = Values.fromPercent(dimmer, percent);
        messages.add(part.send(dimmer, Values.write(dimmer, value)));
        target.put(Attribute.BRIGHTNESS, Values.toPercent(dimmer, value));
      }
      case Command.SetColorTemperature(int wanted) when white != null -> {
        Capability.ColorTemperature range = (Capability.ColorTemperature) whites(white);
        int kelvin = Math.clamp(wanted, range.minKelvin(), range.maxKelvin());
        double value = mired(white) ? Math.rint(Scales.toMired(kelvin)) : kelvin;
        messages.add(part.send(white, Values.write(white, value)));
        target.put(Attribute.COLOR_TEMPERATURE, kelvin(white, value));
      }
      case Command.SetColor(Color wanted, String name) when color != null -> {
        int bright = before.brightnessPercent().orElse(100);
        messages.add(
            part.send(color, Values.write(color, wanted, Math.max(1, bright), part.targets())));
        target.put(Attribute.COLOR, wanted);
      }
      default -> throw UnsupportedCommandException.of(command);
    }
    return new Encoded(messages, target);
  }

  // --- covers -----------------------------------------------------------------------------------

  private boolean cover() {
    Device.Property position =
        find(each -> each.settable() && each.numeric() && each.called(POSITION));
    Device.Property action =
        find(each ->
            each.settable()
                && each.is("enum")
                && Values.word(each, "STOP") != null
                && Values.word(each, "OPEN", "UP") != null
                && Values.word(each, "CLOSE", "DOWN") != null);
    if (action == null && (position == null || !is(COVER))) {
      return false;
    }
    Device.Property told =
        find(each -> !each.settable() && each.is("enum") && Values.word(each, "closed") != null);
    PartBuilder part =
        part(Kind.COVER).deviceClass(guarded()).can(new Capability.OpenCloseStop(action != null));
    if (position != null) {
      part.can(new Capability.Position());
      part.read(
          position,
          (payload, before, out) -> {
            int percent = Values.toPercent(position, Json.number(payload));
            out.set(Attribute.POSITION, percent);
            boolean moving = before.cover().filter(each -> each.endsWith("ing")).isPresent();
            if (told == null || !moving) {
              out.set(Attribute.COVER, resting(percent));
            }
          },
          told == null
              ? new Attribute[] {Attribute.POSITION, Attribute.COVER}
              : new Attribute[] {Attribute.POSITION});
    }
    part.read(
        told,
        (payload, before, out) -> {
          switch (payload.toLowerCase(Locale.ROOT)) {
            case "open", "opening", "closed", "closing" ->
                out.set(Attribute.COVER, payload.toLowerCase(Locale.ROOT));
            default -> { // It stopped somewhere.
              if (before.position().isPresent()) {
                out.set(Attribute.COVER, resting(before.position().getAsInt()));
              } else {
                out.unknown(Attribute.COVER);
              }
            }
          }
        },
        Attribute.COVER);
    boolean positioned = position != null;
    writers.add((command, before) ->
        switch (command) {
          case Command.Open c when action != null ->
              move(part, action, target(100, positioned), "OPEN", "UP");
          case Command.Close c when action != null ->
              move(part, action, target(0, positioned), "CLOSE", "DOWN");
          case Command.Stop c when action != null -> move(part, action, Map.of(), "STOP");
          case Command.Open c when position != null -> move(part, position, 100);
          case Command.Close c when position != null -> move(part, position, 0);
          case Command.SetPosition(int percent) when position != null ->
              move(part, position, percent);
          default -> throw UnsupportedCommandException.of(command);
        });
    take(position, action, told);
    return true;
  }

  /** Garages and gates matter for safety. */
  private @Nullable String guarded() {
    for (String each : List.of("garage", "gate", "shutter", "blind", "curtain", "awning")) {
      if (node.type().contains(each) || node.id().contains(each)) {
        return each;
      }
    }
    return null;
  }

  private static Encoded move(
      PartBuilder part, Device.Property action, Map<Attribute, Object> target, String... words)
      throws UnsupportedCommandException {
    String word = Values.word(action, words);
    if (word == null) {
      throw new UnsupportedCommandException("The cover has no word for that");
    }
    return part.encoded(action, word, target);
  }

  private static Encoded move(PartBuilder part, Device.Property position, int percent) {
    return part.encoded(
        position,
        Values.write(position, Values.fromPercent(position, percent)),
        target(percent, true));
  }

  private static String resting(int percent) {
    return percent == 0 ? "closed" : "open";
  }

  private static Map<Attribute, Object> target(int percent, boolean positioned) {
    String word = resting(percent);
    return positioned
        ? Map.of(Attribute.POSITION, percent, Attribute.COVER, word)
        : Map.of(Attribute.COVER, word);
  }

  // --- heaters ----------------------------------------------------------------------------------

  private void heater() {
    Device.Property setpoint =
        find(each -> each.settable() && each.numeric() && each.called(SETPOINT));
    if (setpoint == null) {
      return;
    }
    Device.Property measured =
        find(each -> !each.settable() && each.numeric() && each.called(MEASURED));
    Device.Property mode = find(each -> each.settable() && each.is("enum") && each.called(MODE));
    boolean fahrenheit = "°F".equals(setpoint.unit());
    double min = Scales.toCelsius(Values.min(setpoint, fahrenheit ? 41 : 5), fahrenheit);
    double max = Scales.toCelsius(Values.max(setpoint, fahrenheit ? 95 : 35), fahrenheit);
    double own = setpoint.format().split(":", -1).length > 2 ? Values.step(setpoint) : 0.5;
    double step = Scales.round(fahrenheit ? own / 1.8 : own, 2);
    PartBuilder part =
        part(Kind.CLIMATE)
            .can(new Capability.Setpoint(min, Math.max(min, max), Math.max(0.01, step)))
            .read(
                setpoint,
                (payload, before, out) ->
                    out.set(Attribute.SETPOINT, Scales.toCelsius(Json.number(payload), fahrenheit)),
                Attribute.SETPOINT)
            .read(
                measured,
                (payload, before, out) ->
                    out.set(
                        Attribute.TEMPERATURE, Scales.toCelsius(Json.number(payload), fahrenheit)),
                Attribute.TEMPERATURE);
    List<String> modes = mode == null ? List.of() : Values.words(mode);
    if (mode != null) {
      part.can(new Capability.Mode(modes))
          .read(
              mode,
              (payload, before, out) -> out.set(Attribute.MODE, Json.word(payload)),
              Attribute.MODE);
    }
    writers.add((command, before) ->
        switch (command) {
          case Command.SetTemperature(double celsius) -> {
            double value = Scales.round(Scales.fromCelsius(celsius, fahrenheit), 1);
            String written = Values.write(setpoint, value);
            yield part.encoded(
                setpoint,
                written,
                Map.of(Attribute.SETPOINT, Scales.toCelsius(Json.number(written), fahrenheit)));
          }
          case Command.SetMode(String word) when mode != null && modes.contains(word) ->
              part.encoded(mode, word, Map.of(Attribute.MODE, word));
          default -> throw UnsupportedCommandException.of(command);
        });
    take(setpoint, measured, mode);
  }
}
