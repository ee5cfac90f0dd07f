package dev.hearth.devices.dialect.zigbee2mqtt;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Command;
import dev.hearth.devices.Kind;
import dev.hearth.devices.State;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.UnsupportedCommandException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What becomes one entity: a light, a reading. It knows how its values stand in the JSON of the
 * device or group, but no topics.
 */
final class Part {
  /** Puts a value of a message into an update. */
  @FunctionalInterface
  interface Mapper {
    /** Takes the value; throws IllegalArgumentException when it makes no sense. */
    void map(Object value, Map<?, ?> message, State before, StateUpdate.Builder out);
  }

  /** Writes a command. */
  @FunctionalInterface
  interface Encoder {
    Written write(Command command, State before) throws UnsupportedCommandException;
  }

  /**
   * A command as the bridge takes it.
   *
   * @param message the JSON
   * @param target the state that it should lead to
   */
  record Written(Map<String, Object> message, Map<Attribute, Object> target) {}

  private record Reader(String key, boolean gettable, Mapper mapper, Set<Attribute> attributes) {}

  private final Kind kind;
  private final String object;
  private final @Nullable String endpoint;
  private final @Nullable String deviceClass;
  private final boolean visible;
  private final boolean proven;
  private final List<Capability> capabilities;
  private final @Nullable Encoder encoder;
  private final List<Reader> readers;
  private final Set<String> keys;

  private Part(Builder builder) {
    kind = builder.kind;
    object = builder.object;
    endpoint = builder.endpoint;
    deviceClass = builder.deviceClass;
    visible = builder.visible;
    proven = builder.proven;
    capabilities = List.copyOf(builder.capabilities);
    encoder = builder.encoder;
    readers = List.copyOf(builder.readers);
    keys = Set.copyOf(builder.keys);
  }

  Kind kind() {
    return kind;
  }

  /** Its name within the device, as the bridge itself uses it in Home Assistant's discovery. */
  String object() {
    return object;
  }

  @Nullable String endpoint() {
    return endpoint;
  }

  @Nullable String deviceClass() {
    return deviceClass;
  }

  boolean visible() {
    return visible;
  }

  List<Capability> capabilities() {
    return capabilities;
  }

  /** Whether it takes commands. */
  boolean settable() {
    return encoder != null;
  }

  /** Whether a report is the device's own word, not the bridge's assumption after a command. */
  boolean proven() {
    return proven;
  }

  /** Whether it is what the device is there for, rather than a reading or a setting. */
  boolean main() {
    return switch (kind) {
      case LIGHT, COVER, CLIMATE, FAN, LOCK -> true;
      case SWITCH -> visible;
      default -> false;
    };
  }

  boolean reports(Attribute attribute) {
    return readers.stream().anyMatch(each -> each.attributes.contains(attribute));
  }

  /** Whether a key of a message, with or without its endpoint, is one of its own. */
  boolean knows(String key) {
    return keys.contains(key);
  }

  /** Reads a message; what makes no sense is left out and said in one exception at the end. */
  void read(Map<?, ?> message, State before, StateUpdate.Builder out) {
    IllegalArgumentException problem = null;
    for (Reader each : readers) {
      if (!message.containsKey(each.key)) {
        continue;
      }
      Object value = message.get(each.key);
      if (value == null) {
        each.attributes.forEach(out::unknown);
        continue;
      }
      try {
        each.mapper.map(value, message, before, out);
      } catch (IllegalArgumentException e) {
        problem = e;
      }
    }
    if (problem != null) {
      throw problem;
    }
  }

  Written write(Command command, State before) throws UnsupportedCommandException {
    if (encoder == null) {
      throw UnsupportedCommandException.of(command);
    }
    return encoder.write(command, before);
  }

  /** The keys to ask for, or none when one of the attributes cannot be asked for. */
  Set<String> questions(Set<Attribute> attributes) {
    Set<String> questions = new LinkedHashSet<>();
    for (Attribute attribute : attributes) {
      String key =
          readers.stream()
              .filter(each -> each.gettable && each.attributes.contains(attribute))
              .map(Reader::key)
              .findFirst()
              .orElse(null);
      if (key == null) {
        return Set.of();
      }
      questions.add(key);
    }
    return questions;
  }

  /** Collects a part. */
  static final class Builder {
    private final Kind kind;
    private final String object;
    private final @Nullable String endpoint;
    private @Nullable String deviceClass;
    private boolean visible = true;
    private boolean proven;
    private final List<Capability> capabilities = new ArrayList<>();
    private @Nullable Encoder encoder;
    private final List<Reader> readers = new ArrayList<>();
    private final Set<String> keys = new HashSet<>();

    Builder(Kind kind, String object, @Nullable String endpoint) {
      this.kind = kind;
      this.object = endpoint == null ? object : object + "_" + endpoint;
      this.endpoint = endpoint;
    }

    Builder deviceClass(@Nullable String deviceClass) {
      this.deviceClass = deviceClass;
      return this;
    }

    Builder visible(boolean visible) {
      this.visible = visible;
      return this;
    }

    Builder proven() {
      this.proven = true;
      return this;
    }

    Builder can(Capability capability) {
      capabilities.add(capability);
      return this;
    }

    /** A key of commands that no value is read from. */
    Builder key(String key) {
      keys.add(key);
      return this;
    }

    /** Reads a value, when it is in the device's messages. */
    Builder read(@Nullable Expose expose, Mapper mapper, Attribute... attributes) {
      if (expose != null) {
        keys.add(expose.property());
        keys.add(expose.name());
        if (expose.published()) {
          Set<Attribute> reported = EnumSet.noneOf(Attribute.class);
          reported.addAll(List.of(attributes));
          readers.add(new Reader(expose.property(), expose.gettable(), mapper, reported));
        }
      }
      return this;
    }

    Part build(Encoder encoder) {
      this.encoder = encoder;
      return new Part(this);
    }

    Part build() {
      return new Part(this);
    }
  }
}
