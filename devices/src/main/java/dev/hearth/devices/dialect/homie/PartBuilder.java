package dev.hearth.devices.dialect.homie;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Kind;
import dev.hearth.devices.Names;
import dev.hearth.devices.dialect.Encoded;
import dev.hearth.devices.dialect.Outgoing;
import dev.hearth.devices.dialect.Part;
import dev.hearth.devices.dialect.ReaderCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Collects what becomes one entity: some values of a node, or one alone. */
final class PartBuilder {
  private final Device device;
  private final Kind kind;
  private final String object;
  private final String name;
  private final List<Capability> capabilities = new ArrayList<>();
  private final ReaderCodec.Builder codec = new ReaderCodec.Builder();
  private final Map<String, String> sent = new ConcurrentHashMap<>();
  private @Nullable String deviceClass;
  private boolean visible = true;

  /**
   * Nothing of a part yet.
   *
   * @param object its name within the device, for ids
   * @param name what people call it beside the device's name
   */
  PartBuilder(Device device, Kind kind, String object, String name) {
    this.device = device;
    this.kind = kind;
    this.object = object;
    this.name = name;
    String root = device.root();
    Presence presence = new Presence(root != null);
    listen(presence, device.topic(), false);
    if (root != null) {
      listen(presence, root, true);
    }
  }

  private void listen(Presence presence, String topic, boolean ofRoot) {
    codec.read(
        topic + "/$state",
        (payload, before, out) -> {
          Availability availability = presence.hear(ofRoot, payload);
          if (availability != null) {
            out.availability(availability);
          }
        });
  }

  /** Whether the device is of the version that tells its targets, and how colors are written. */
  boolean targets() {
    return device.targets();
  }

  PartBuilder deviceClass(@Nullable String deviceClass) {
    this.deviceClass = deviceClass;
    return this;
  }

  PartBuilder visible(boolean visible) {
    this.visible = visible;
    return this;
  }

  PartBuilder can(Capability capability) {
    capabilities.add(capability);
    return this;
  }

  /**
   * Reads a value, if there is one.
   *
   * @param attributes what it reports; what is no state may never be repeated, so it reports none
   */
  PartBuilder read(
      Device.@Nullable Property property, ReaderCodec.Reader reader, Attribute... attributes) {
    if (property == null) {
      return this;
    }
    codec.readOwn(
        property.topic(),
        (payload, before, out) -> {
          if (!payload.isEmpty()) {
            reader.read(payload, before, out);
          }
        });
    if (property.retained()) {
      codec.reports(attributes);
    }
    if (device.targets() && property.settable()) {
      // A device that takes a command repeats it here, letter by letter, before it acts.
      codec.read(
          property.topic() + "/$target",
          (payload, before, out) -> {
            if (payload.equals(sent.get(property.topic()))) {
              out.accepted();
            }
          });
    }
    return this;
  }

  /** A command to a value. */
  Outgoing send(Device.Property property, String value) {
    sent.put(property.topic(), value);
    return new Outgoing(property.topic() + "/set", value);
  }

  Encoded encoded(Device.Property property, String value, Map<Attribute, Object> target) {
    return new Encoded(List.of(send(property, value)), target);
  }

  /**
   * The part.
   *
   * @param alone whether it is all that the device has
   * @param writer writes its commands, null when it takes none
   */
  Part build(boolean alone, ReaderCodec.@Nullable Writer writer) {
    boolean said = alone || name.equalsIgnoreCase(device.name());
    return new Part(
        kind,
        object,
        said ? device.name() : Names.clean(device.name() + " " + name),
        deviceClass,
        visible,
        capabilities,
        writer == null ? codec.build() : codec.build(writer));
  }
}
