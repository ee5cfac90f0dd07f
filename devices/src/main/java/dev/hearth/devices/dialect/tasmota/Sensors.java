package dev.hearth.devices.dialect.tasmota;

import dev.hearth.devices.Attribute;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Kind;
import dev.hearth.devices.Names;
import dev.hearth.devices.StateUpdate;
import dev.hearth.devices.dialect.Json;
import dev.hearth.devices.dialect.Part;
import dev.hearth.devices.dialect.ReaderCodec;
import dev.hearth.devices.dialect.Scales;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Readings, as the list of a device's sensors has them: objects of values by sensor. */
final class Sensors {
  /** The most readings of one device. */
  private static final int MOST = 60;

  /** A key of that many characters is no name. */
  private static final int LONGEST = 32;

  /** What is measured, by key: Home Assistant's class and the unit. */
  private record Meaning(@Nullable String deviceClass, @Nullable String unit) {}

  private static final Map<String, Meaning> MEANINGS = new HashMap<>();

  static {
    mean("temperature", "°C", "Temperature", "DewPoint");
    mean("humidity", "%", "Humidity");
    mean("moisture", "%", "Moisture");
    mean("pressure", "hPa", "Pressure", "SeaPressure");
    mean("illuminance", "lx", "Illuminance");
    mean("carbon_dioxide", "ppm", "CarbonDioxide", "eCO2");
    mean("volatile_organic_compounds_parts", "ppb", "TVOC");
    mean("pm1", "µg/m³", "PM1");
    mean("pm25", "µg/m³", "PM2.5");
    mean("pm10", "µg/m³", "PM10");
    mean("distance", "cm", "Distance");
    mean("power", "W", "Power");
    mean("apparent_power", "VA", "ApparentPower");
    mean("reactive_power", "var", "ReactivePower");
    mean("power_factor", null, "Factor");
    mean("voltage", "V", "Voltage");
    mean("current", "A", "Current");
    mean("frequency", "Hz", "Frequency");
    mean("energy", "kWh", "Total", "Today", "Yesterday");
    mean("weight", "kg", "Weight");
  }

  private static void mean(String deviceClass, @Nullable String unit, String... keys) {
    for (String key : keys) {
      MEANINGS.put(key, new Meaning(deviceClass, unit));
    }
  }

  /**
   * Where a value stands.
   *
   * @param sensor key of the sensor's object
   * @param key key within it
   * @param index place in a list of phases, -1 when it is no list
   */
  private record Place(String sensor, String key, int index) {
    @Nullable Object find(Map<?, ?> json) {
      Object value = json.get(sensor) instanceof Map<?, ?> values ? values.get(key) : null;
      if (index < 0) {
        return value;
      }
      return value instanceof List<?> list && index < list.size() ? list.get(index) : null;
    }

    String object() {
      return sensor + "_" + key + (index < 0 ? "" : "_" + (index + 1));
    }
  }

  private Sensors() {}

  /**
   * The readings of a device.
   *
   * @param setup of the device
   * @param sensors a message of its sensors, which shows what they are
   */
  static List<Part> of(Setup setup, Map<?, ?> sensors) {
    List<Part> parts = new ArrayList<>();
    Map<String, Integer> uses = new HashMap<>();
    List<Place> places = places(sensors);
    places.forEach(each -> uses.merge(each.key + each.index, 1, Integer::sum));
    for (Place each : places) {
      boolean alone = uses.getOrDefault(each.key + each.index, 0) == 1;
      parts.add(reading(setup, each, alone, sensors));
    }
    for (Object key : sensors.keySet()) {
      String name = String.valueOf(key);
      if (name.matches("Switch\\d{1,2}") && parts.size() < MOST) {
        parts.add(contact(setup, name));
      }
    }
    return parts;
  }

  private static List<Place> places(Map<?, ?> sensors) {
    List<Place> places = new ArrayList<>();
    sensors.forEach((sensor, values) -> {
      // Shutters are no sensors, though they speak with them.
      if (values instanceof Map<?, ?> map && !sensor.toString().matches("Shutter\\d+")) {
        map.forEach((key, value) -> {
          if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
              add(places, String.valueOf(sensor), String.valueOf(key), i, list.get(i));
            }
          } else {
            add(places, String.valueOf(sensor), String.valueOf(key), -1, value);
          }
        });
      }
    });
    return places;
  }

  private static void add(
      List<Place> places, String sensor, String key, int index, @Nullable Object value) {
    // A sensor without a value says null; what it measures then only known keys tell.
    boolean number = value instanceof Number || (value == null && MEANINGS.containsKey(key));
    if (number && sensor.length() <= LONGEST && key.length() <= LONGEST && places.size() < MOST) {
      places.add(new Place(sensor, key, index));
    }
  }

  private static Part reading(Setup setup, Place place, boolean alone, Map<?, ?> sensors) {
    Meaning meaning = MEANINGS.getOrDefault(place.key, new Meaning(null, null));
    boolean temperature = "temperature".equals(meaning.deviceClass);
    boolean fahrenheit = temperature && "F".equals(sensors.get("TempUnit"));
    String unit = meaning.unit;
    if ("pressure".equals(meaning.deviceClass) && sensors.get("PressureUnit") instanceof String u) {
      unit = Names.clean(u);
    }
    String words = words(place.key) + (place.index < 0 ? "" : " " + (place.index + 1));
    String name = setup.name() + " " + (alone ? words : place.sensor + " " + words);
    return new Part(
        Kind.SENSOR,
        place.object(),
        Names.clean(name),
        meaning.deviceClass,
        meaning.deviceClass != null,
        List.of(new Capability.Measurement(unit, meaning.deviceClass)),
        Wiring.codec(
                setup,
                List.of(),
                true,
                (json, before, out) -> {
                  Object value = place.find(json);
                  if (value != null) {
                    out.set(Attribute.NUMBER, Scales.toCelsius(Json.number(value), fahrenheit));
                  } else if (json.get(place.sensor) instanceof Map<?, ?> values
                      && values.containsKey(place.key)) {
                    out.unknown(Attribute.NUMBER);
                  }
                })
            .reports(Attribute.NUMBER)
            .build());
  }

  /** A switch or contact at the device; one that works an output is a detail. */
  private static Part contact(Setup setup, String key) {
    ReaderCodec.Builder codec =
        Wiring.codec(setup, List.of(), true, (json, before, out) -> contact(setup, key, json, out));
    codec.readOwnJson(
        setup.stat() + key.toUpperCase(Locale.ROOT),
        (json, before, out) -> contact(setup, key, Map.of(key, json), out));
    return new Part(
        Kind.BINARY_SENSOR,
        key,
        Names.clean(setup.name() + " " + words(key)),
        null,
        setup.has(Setup.DETACHED),
        List.of(new Capability.Binary(null)),
        codec.reports(Attribute.ON).build());
  }

  /** A word, or an object with what was done to it; other doings, such as holding, are no state. */
  private static void contact(Setup setup, String key, Map<?, ?> json, StateUpdate.Builder out) {
    Object value = json.get(key);
    if (value instanceof Map<?, ?> done) {
      value = done.get("Action");
      if (!(value instanceof String word) || !setup.words().contains(word)) {
        return;
      }
    }
    if (value != null) {
      out.set(Attribute.ON, Power.isOn(setup, value));
    }
  }

  /** Words of a key such as ApparentPower. */
  private static String words(String key) {
    return MEANINGS.containsKey(key) || key.startsWith("Switch")
        ? key.replaceAll("([a-z])([A-Z0-9])", "$1 $2").toLowerCase(Locale.ROOT)
        : key;
  }
}
