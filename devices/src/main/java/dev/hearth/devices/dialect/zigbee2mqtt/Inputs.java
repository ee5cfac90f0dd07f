package dev.hearth.devices.dialect.zigbee2mqtt;

import dev.hearth.devices.Action;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Kind;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Scales;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What people set or press, whatever it does, and scenes. */
final class Inputs {
  private static final double WIDE = 1e17;

  /** For a number that does not tell its step. */
  private static final double FINE = 0.01;

  private Inputs() {}

  static Part number(Expose expose) {
    double min = Math.clamp(Objects.requireNonNullElse(expose.min(), -WIDE), -WIDE, WIDE);
    double max = Math.clamp(Objects.requireNonNullElse(expose.max(), WIDE), min, WIDE);
    double step = Objects.requireNonNullElse(expose.step(), FINE);
    return new Part.Builder(Kind.NUMBER, expose.property(), null)
        .visible(false)
        .can(new Capability.NumberInput(min, max, step, expose.unit()))
        .read(
            expose,
            (value, message, before, out) -> out.set(Attribute.NUMBER, Json.number(value)),
            Attribute.NUMBER)
        .build((command, before) ->
            switch (command) {
              case Command.SetNumber(double wanted) -> {
                double value = Scales.onScale(wanted, min, max, step);
                yield Values.written(
                    expose.property(), Scales.plain(value), Map.of(Attribute.NUMBER, value));
              }
              default -> throw UnsupportedCommandException.of(command);
            });
  }

  /** Null for a choice without words. */
  static @Nullable Part choice(Expose expose) {
    if (expose.values().size() == 1 && !expose.published()) {
      return button(expose, expose.values().getFirst());
    }
    List<String> words = Values.shown(expose);
    if (words.isEmpty()) {
      return null;
    }
    return new Part.Builder(Kind.SELECT, expose.property(), null)
        .visible(false)
        .can(new Capability.Mode(words))
        .read(expose, Values.words(Attribute.MODE), Attribute.MODE)
        .build((command, before) ->
            switch (command) {
              case Command.SetMode(String word) when words.contains(word) ->
                  Values.written(
                      expose.property(), Values.sent(expose, word), Map.of(Attribute.MODE, word));
              default -> throw UnsupportedCommandException.of(command);
            });
  }

  /** Something with a single word, which may be empty, such as to identify itself. */
  private static Part button(Expose expose, Object word) {
    return new Part.Builder(Kind.BUTTON, expose.property(), null)
        .visible(false)
        .can(new Capability.Actions(Set.of(Action.PRESS)))
        .key(expose.property())
        .build((command, before) ->
            switch (command) {
              case Command.Perform(Action action) when action == Action.PRESS ->
                  Values.written(expose.property(), word, Map.of());
              default -> throw UnsupportedCommandException.of(command);
            });
  }

  /** A scene that a device or group remembers. */
  static Part scene(int id) {
    return new Part.Builder(Kind.SCENE, "scene_" + id, null)
        .can(new Capability.Actions(Set.of(Action.ACTIVATE)))
        .key("scene_recall")
        .build((command, before) ->
            switch (command) {
              case Command.Perform(Action action) when action == Action.ACTIVATE ->
                  Values.written("scene_recall", id, Map.of());
              default -> throw UnsupportedCommandException.of(command);
            });
  }
}
