package dev.hearth.devices.dialect.homeassistant;

import dev.hearth.devices.DeviceDescription;
import dev.hearth.devices.EntityDescription;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Kind;
import dev.hearth.devices.Names;
import dev.hearth.devices.Slugs;
import dev.hearth.devices.dialect.Announced;
import dev.hearth.devices.dialect.Announcement;
import dev.hearth.devices.dialect.Dialect;
import dev.hearth.devices.dialect.Discovered;
import dev.hearth.devices.dialect.DiscoveryException;
import dev.hearth.devices.dialect.DiscoveryFault;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.zwavejs.NodeCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Reads announcements in Home Assistant's component form ({@code
 * prefix/component/[node/]object/config}) and device form ({@code prefix/device/[node/]object/
 * config}). Stateless.
 */
public final class HomeAssistantDiscovery implements Dialect {
  /** The largest announcement that is read, in bytes. */
  public static final int MAX_PAYLOAD = 256 * 1024;

  /** The origin of what Hearth announces of itself; it is ignored, whichever Hearth it was. */
  public static final String OWN_ORIGIN = "Hearth";

  private static final int MAX_COMPONENTS = 200;
  private static final int MAX_KEYS = 16;
  private static final int MAX_KEY_LENGTH = 128;

  /** Root keys of the device form that its components inherit. */
  private static final List<String> SHARED =
      List.of(
          "availability",
          "availability_mode",
          "availability_topic",
          "availability_template",
          "payload_available",
          "payload_not_available",
          "state_topic",
          "command_topic",
          "qos",
          "encoding",
          "origin",
          "device");

  private final String prefix;

  /**
   * A reader of announcements below a prefix.
   *
   * @param prefix such as {@code homeassistant}
   */
  public HomeAssistantDiscovery(String prefix) {
    this.prefix = prefix;
  }

  @Override
  public List<String> filters() {
    // One for each component and not one for all: what is retained for a filter comes in one go,
    // and what is too much for the broker to hold is lost.
    return Stream.concat(Stream.of("device"), Stream.of(Kind.values()).map(Kind::component))
        .flatMap(each ->
            Stream.of(prefix + "/" + each + "/+/config", prefix + "/" + each + "/+/+/config"))
        .toList();
  }

  @Override
  public List<Announced> announcements(String topic, byte[] payload) throws DiscoveryException {
    return List.of(new Announced(topic, ByteBuffer.wrap(payload), read(topic, payload)));
  }

  /**
   * Reads a message on one of the filters.
   *
   * @param topic its topic
   * @param payload its payload
   * @return what it means
   * @throws DiscoveryException when it cannot be used; what was announced before stays valid
   */
  public Announcement read(String topic, byte[] payload) throws DiscoveryException {
    String[] levels = topic.substring(prefix.length() + 1).split("/", -1);
    if (payload.length == 0) {
      return new Announcement.Gone();
    }
    String component = levels[0];
    String discoveryId = levels.length == 3 ? levels[1] : levels[1] + " " + levels[2];
    boolean device = component.equals("device");
    if (!device && kind(component) == null) {
      return new Announcement.Ignored("component '" + Names.clean(component) + "' is not known");
    }
    if (payload.length > MAX_PAYLOAD) {
      throw new DiscoveryException(
          "it has " + payload.length + " bytes; at most " + MAX_PAYLOAD + " are read");
    }
    Map<String, @Nullable Object> root = parse(payload);
    if (Boolean.TRUE.equals(root.get("migrate_discovery"))) {
      return new Announcement.Moving();
    }
    return device ? readDevice(root, discoveryId) : readComponent(root, component, discoveryId);
  }

  private static Map<String, @Nullable Object> parse(byte[] payload) throws DiscoveryException {
    Object json;
    try {
      json = Json.parse(payload);
    } catch (JacksonException e) {
      throw new DiscoveryException("it is not JSON: " + Names.clean(e.getOriginalMessage()));
    }
    if (!(json instanceof Map<?, ?> map)) {
      throw new DiscoveryException("it is JSON, but not an object");
    }
    return Expansion.expand(map);
  }

  private static Announcement readComponent(
      Map<String, @Nullable Object> config, String component, String discoveryId)
      throws DiscoveryException {
    Expansion.putBase(config, config.get("~"));
    Discovered found = entity(new Config(config), component, discoveryId);
    return found == null
        ? new Announcement.Ignored("component '" + component + "' is not known")
        : new Announcement.Entities(List.of(found));
  }

  private static Announcement readDevice(Map<String, @Nullable Object> root, String discoveryId)
      throws DiscoveryException {
    if (!(root.get("device") instanceof Map)) {
      throw new DiscoveryException("device is missing; the device form needs it");
    }
    if (!(root.get("origin") instanceof Map<?, ?> origin)) {
      throw new DiscoveryException("origin is missing; the device form needs it");
    }
    if (OWN_ORIGIN.equals(origin.get("name"))) {
      return new Announcement.Ignored("it is a Hearth");
    }
    if (!(root.get("components") instanceof Map<?, ?> components)) {
      throw new DiscoveryException("components is missing; the device form needs it");
    }
    if (components.size() > MAX_COMPONENTS) {
      throw new DiscoveryException(
          "components has " + components.size() + " entries; at most " + MAX_COMPONENTS);
    }
    List<Discovered> entities = new ArrayList<>();
    List<DiscoveryFault> faults = new ArrayList<>();
    for (Map.Entry<?, ?> each : components.entrySet()) {
      String key = Names.clean(String.valueOf(each.getKey()));
      if (!(each.getValue() instanceof Map<?, ?> own)) {
        DiscoveryException wrong = Config.wrong("components." + key, each.getValue(), "an object");
        faults.add(new DiscoveryFault(null, String.valueOf(wrong.getMessage())));
        continue;
      }
      Map<String, @Nullable Object> config = component(root, own);
      if (config == null) {
        continue;
      }
      try {
        String platform = new Config(config).text("platform", "");
        if (kind(platform) != null && config.get("unique_id") == null) {
          throw new DiscoveryException("it lacks its unique_id");
        }
        Discovered found = entity(new Config(config), platform, discoveryId + " " + each.getKey());
        if (found != null) {
          entities.add(found);
        }
      } catch (DiscoveryException e) {
        faults.add(
            new DiscoveryFault(announced(config), "components." + key + ": " + e.getMessage()));
      }
    }
    return faults.isEmpty()
        ? new Announcement.Entities(entities)
        : new Announcement.Partly(entities, faults);
  }

  /** The whole configuration of a component of a device; null when it is removed. */
  private static @Nullable Map<String, @Nullable Object> component(
      Map<String, @Nullable Object> root, Map<?, ?> own) {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    for (String key : SHARED) {
      if (root.containsKey(key)) {
        config.put(key, root.get(key));
      }
    }
    Map<String, @Nullable Object> expanded = Expansion.expand(own);
    if (expanded.keySet().equals(Set.of("platform"))) {
      return null; // Only its kind is left.
    }
    config.putAll(expanded);
    Expansion.putBase(config, config.containsKey("~") ? config.get("~") : root.get("~"));
    return config;
  }

  /** The entity that a faulty component is about, when so much of it can be read. */
  private static @Nullable EntityId announced(Map<String, @Nullable Object> config) {
    Kind kind = kind(String.valueOf(config.get("platform")));
    Object unique = config.get("unique_id");
    return kind != null && (unique instanceof String || unique instanceof Number)
        ? id(kind, String.valueOf(unique))
        : null;
  }

  private static EntityId id(Kind kind, String unique) {
    return new EntityId(kind.component() + "." + Slugs.slug(unique));
  }

  private static @Nullable Kind kind(String component) {
    for (Kind kind : Kind.values()) {
      if (kind.component().equals(component)) {
        return kind;
      }
    }
    return null;
  }

  private static @Nullable Discovered entity(Config config, String component, String discoveryId)
      throws DiscoveryException {
    Kind kind = kind(component);
    if (kind == null) {
      return null;
    }
    Component made =
        switch (kind) {
          case LIGHT -> light(config);
          case SWITCH -> Simple.aSwitch(config);
          case COVER -> Covers.of(config);
          case CLIMATE -> Climates.thermostat(config);
          case FAN -> Fans.of(config);
          case LOCK -> Simple.lock(config);
          case SENSOR -> Simple.sensor(config);
          case BINARY_SENSOR -> Simple.binarySensor(config);
          case VACUUM -> Robots.vacuum(config);
          case LAWN_MOWER -> Robots.mower(config);
          case HUMIDIFIER -> Humidifiers.of(config);
          case SIREN -> Sirens.of(config);
          case VALVE -> Valves.of(config);
          case ALARM_CONTROL_PANEL -> AlarmPanels.of(config);
          case NUMBER -> Inputs.number(config);
          case SELECT -> Inputs.select(config);
          case TEXT -> Inputs.text(config);
          case BUTTON -> Inputs.button(config);
          case SCENE -> Inputs.scene(config);
          case WATER_HEATER -> Climates.boiler(config);
          case EVENT -> Notices.event(config);
          case UPDATE -> Notices.update(config);
        };
    String unique = config.text("unique_id");
    String own = unique == null || unique.isEmpty() ? discoveryId : unique;
    EntityId id = id(kind, own);
    String objectId = objectId(config, discoveryId);
    String deviceClass = Simple.deviceClass(config);
    String deviceName = clean(config.section("device").text("name"));
    String name = name(config, kind, deviceClass, deviceName, objectId);
    EntityDescription description =
        new EntityDescription(
            id,
            name,
            aliases(objectId, name),
            kind,
            deviceClass,
            device(config.section("device"), id, name, deviceName),
            made.capabilities(),
            visible(config),
            made.codec().initialAvailability());
    return new Discovered(
        kind.component() + "." + own,
        description,
        NodeCodec.of(made.codec(), identifiers(config.section("device"))));
  }

  private static Component light(Config config) throws DiscoveryException {
    String schema = config.text("schema", "basic").toLowerCase(Locale.ROOT);
    return switch (schema) {
      case "json" -> JsonLight.of(config);
      case "template" -> TemplateLight.of(config);
      case "basic", "default" -> DefaultLight.of(config);
      default ->
          throw Config.wrong("schema", schema, "json, template, or absent for the default schema");
    };
  }

  private static boolean visible(Config config) throws DiscoveryException {
    return !config.has("entity_category") && config.flag("enabled_by_default", true);
  }

  /** What the publisher wants the entity to be called in ids; good for an alias at most. */
  private static String objectId(Config config, String discoveryId) throws DiscoveryException {
    String wanted = config.text("default_entity_id");
    if (wanted != null) {
      return wanted.substring(wanted.indexOf('.') + 1);
    }
    String last = discoveryId.substring(discoveryId.lastIndexOf(' ') + 1);
    return config.text("object_id", last);
  }

  private static String name(
      Config config,
      Kind kind,
      @Nullable String deviceClass,
      @Nullable String deviceName,
      String objectId)
      throws DiscoveryException {
    String own = clean(config.text("name"));
    if (own == null && config.isNull("name") && deviceName != null) {
      return deviceName; // The entity is the device's main feature.
    }
    if (own == null) {
      if (deviceName == null) {
        String fromId = Names.clean(objectId.replace('_', ' ').replace('-', ' '));
        return fromId.isEmpty() ? kind.component().replace('_', ' ') : fromId;
      }
      String feature = (deviceClass == null ? kind.component() : deviceClass).replace('_', ' ');
      boolean said = deviceName.toLowerCase(Locale.ROOT).endsWith(feature);
      return said ? deviceName : Names.clean(deviceName + " " + feature);
    }
    if (deviceName == null
        || own.toLowerCase(Locale.ROOT).startsWith(deviceName.toLowerCase(Locale.ROOT))) {
      return own;
    }
    return Names.clean(deviceName + " " + own);
  }

  private static @Nullable String clean(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String clean = Names.clean(text);
    return clean.isEmpty() ? null : clean;
  }

  /** Readable ids make good aliases; serial numbers do not, nor words that the name has anyway. */
  private static List<String> aliases(String objectId, String name) {
    if (!objectId.matches("[a-z]+([_-][a-z0-9]{1,12})+") || objectId.matches(".*\\d{4,}.*")) {
      return List.of();
    }
    String alias = Names.clean(objectId.replace('_', ' ').replace('-', ' '));
    Set<String> known = new HashSet<>(List.of(name.toLowerCase(Locale.ROOT).split(" ")));
    return known.containsAll(List.of(alias.split(" "))) ? List.of() : List.of(alias);
  }

  private static DeviceDescription device(
      Config device, EntityId entity, String entityName, @Nullable String deviceName)
      throws DiscoveryException {
    Set<String> keys = new LinkedHashSet<>();
    identifiers(device).forEach(each -> addKey(keys, "id:", each));
    if (device.raw("connections") instanceof List<?> connections) {
      for (Object each : connections) {
        if (each instanceof List<?> pair && pair.size() == 2) {
          addKey(keys, "", (pair.get(0) + ":" + pair.get(1)).toLowerCase(Locale.ROOT));
        }
      }
    }
    if (keys.isEmpty()) {
      // A device that does not say who it is has this one entity.
      return new DeviceDescription(Set.of("entity:" + entity), entityName, null, null, null);
    }
    return new DeviceDescription(
        keys,
        deviceName,
        clean(device.text("manufacturer")),
        clean(device.text("model")),
        clean(device.text("suggested_area")));
  }

  private static List<?> identifiers(Config device) {
    return switch (device.raw("identifiers")) {
      case null -> List.of();
      case List<?> list -> list;
      case Object one -> List.of(one);
    };
  }

  private static void addKey(Set<String> keys, String prefix, @Nullable Object value) {
    String key = prefix + value;
    if (value != null && keys.size() < MAX_KEYS && key.length() <= MAX_KEY_LENGTH) {
      keys.add(key);
    }
  }
}
