package dev.hearth.agent.console;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Entity;
import dev.hearth.devices.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An entity as the console shows it. All of it is text from devices: escape it.
 *
 * @param id its id
 * @param name its name
 * @param kind such as {@code light}
 * @param state in words, such as {@code on · 40 %}
 * @param active whether it is on, open, unlocked or running
 * @param availability {@code online}, {@code offline} or {@code unknown}
 */
record EntityLine(
    String id, String name, String kind, String state, boolean active, String availability) {

  private static final Set<String> WORKING = Set.of("cleaning", "mowing", "returning", "error");

  static EntityLine of(Entity entity) {
    return new EntityLine(
        entity.id().value(),
        entity.name(),
        entity.kind().component().replace('_', ' '),
        words(entity),
        active(entity.state()),
        entity.availability() == Availability.ONLINE
            ? "online"
            : entity.availability().name().toLowerCase(Locale.ROOT));
  }

  private static boolean active(State state) {
    return state.on().orElse(false)
        || state.cover().filter(cover -> !cover.equals("closed")).isPresent()
        || state
            .lock()
            .filter(lock -> lock.startsWith("unlock") || lock.equals("jammed"))
            .isPresent()
        || state.word(Attribute.ACTIVITY).filter(WORKING::contains).isPresent()
        || state.word(Attribute.ALARM).filter(alarm -> !alarm.equals("disarmed")).isPresent()
        || state.action().filter(a -> !a.equals("idle") && !a.equals("off")).isPresent();
  }

  private static String words(Entity entity) {
    State state = entity.state();
    List<String> words = new ArrayList<>();
    state.lock().ifPresent(words::add);
    state.cover().ifPresent(words::add);
    state.on().ifPresent(on -> words.add(onOff(entity.deviceClass(), on)));
    boolean off = state.on().filter(on -> !on).isPresent();
    if (!off) {
      state.brightnessPercent().ifPresent(b -> words.add(b + " %"));
      state.colorTemperatureKelvin().ifPresent(k -> words.add(k + " K"));
      state.color().ifPresent(c -> words.add("hue %.0f°".formatted(c.hue())));
      state.fanSpeedPercent().ifPresent(f -> words.add(f + " %"));
    }
    state.position().ifPresent(p -> words.add(p + " %"));
    state.mode().ifPresent(words::add);
    state.preset().ifPresent(words::add);
    state.action().ifPresent(words::add);
    state.temperature().ifPresent(t -> words.add(number(t) + " °C"));
    state.setpoint().ifPresent(t -> words.add("set to " + number(t) + " °C"));
    state.humidity().ifPresent(h -> words.add(number(h) + " % humidity"));
    state.number().ifPresent(n -> words.add(number(n) + unit(entity)));
    state.text().ifPresent(words::add);
    state.word(Attribute.ACTIVITY).ifPresent(words::add);
    state.word(Attribute.ALARM).map(alarm -> alarm.replace('_', ' ')).ifPresent(words::add);
    state.word(Attribute.EVENT).ifPresent(words::add);
    return words.isEmpty() ? "unknown" : String.join(" · ", words);
  }

  private static String onOff(@Nullable String deviceClass, boolean on) {
    return switch (deviceClass == null ? "" : deviceClass) {
      case "door", "window", "opening", "garage_door" -> on ? "open" : "closed";
      case "motion", "occupancy", "presence" -> on ? "detected" : "clear";
      case "moisture" -> on ? "wet" : "dry";
      case "smoke", "gas", "carbon_monoxide" -> on ? "alarm" : "clear";
      default -> on ? "on" : "off";
    };
  }

  private static String unit(Entity entity) {
    return entity
        .capability(Capability.Measurement.class)
        .map(Capability.Measurement::unit)
        .map(unit -> " " + unit)
        .orElse("");
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }
}
