package dev.hearth.devices;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What an entity last reported. An absent attribute is unknown.
 *
 * @param values values of the types that {@link Attribute#type()} names, in the order of the enum
 * @param updated when the last report came, {@link Instant#EPOCH} when none did
 */
public record State(Map<Attribute, Object> values, Instant updated) {
  /** A state of which nothing is known. */
  public static final State UNKNOWN = new State(Map.of(), Instant.EPOCH);

  /** Copies the values and checks their types. */
  public State {
    EnumMap<Attribute, Object> copy = new EnumMap<>(Attribute.class);
    copy.putAll(values);
    copy.forEach((attribute, value) -> {
      if (!attribute.type().isInstance(value)) {
        throw new IllegalArgumentException(
            attribute + " must be a " + attribute.type().getSimpleName() + ", not " + value);
      }
    });
    values = Collections.unmodifiableMap(copy);
  }

  /**
   * One value.
   *
   * @param attribute which
   * @return the value, or null when unknown
   */
  public @Nullable Object get(Attribute attribute) {
    return values.get(attribute);
  }

  /**
   * Whether it is on.
   *
   * @return empty when unknown
   */
  public Optional<Boolean> on() {
    return value(Attribute.ON, Boolean.class);
  }

  /**
   * Brightness.
   *
   * @return percent 0 to 100, empty when unknown
   */
  public OptionalInt brightnessPercent() {
    return integer(Attribute.BRIGHTNESS);
  }

  /**
   * Color temperature.
   *
   * @return kelvin, empty when unknown
   */
  public OptionalInt colorTemperatureKelvin() {
    return integer(Attribute.COLOR_TEMPERATURE);
  }

  /**
   * Color.
   *
   * @return empty when unknown
   */
  public Optional<Color> color() {
    return value(Attribute.COLOR, Color.class);
  }

  /**
   * Position of a cover.
   *
   * @return percent, 0 closed to 100 open, empty when unknown
   */
  public OptionalInt position() {
    return integer(Attribute.POSITION);
  }

  /**
   * What a cover says.
   *
   * @return {@code open}, {@code opening}, {@code closed} or {@code closing}, empty when unknown
   */
  public Optional<String> cover() {
    return value(Attribute.COVER, String.class);
  }

  /**
   * What a lock says.
   *
   * @return {@code locked}, {@code locking}, {@code unlocked}, {@code unlocking} or {@code jammed},
   *     empty when unknown
   */
  public Optional<String> lock() {
    return value(Attribute.LOCK, String.class);
  }

  /**
   * Mode.
   *
   * @return a word of the device, empty when unknown
   */
  public Optional<String> mode() {
    return value(Attribute.MODE, String.class);
  }

  /**
   * What a climate device does now.
   *
   * @return such as {@code heating}, empty when unknown
   */
  public Optional<String> action() {
    return value(Attribute.ACTION, String.class);
  }

  /**
   * Measured temperature.
   *
   * @return degrees Celsius, empty when unknown
   */
  public OptionalDouble temperature() {
    return number(Attribute.TEMPERATURE);
  }

  /**
   * Wished temperature.
   *
   * @return degrees Celsius, empty when unknown
   */
  public OptionalDouble setpoint() {
    return number(Attribute.SETPOINT);
  }

  /**
   * Measured humidity.
   *
   * @return percent, empty when unknown
   */
  public OptionalDouble humidity() {
    return number(Attribute.HUMIDITY);
  }

  /**
   * Fan speed.
   *
   * @return percent 0 to 100, empty when unknown
   */
  public OptionalInt fanSpeedPercent() {
    return integer(Attribute.FAN_SPEED);
  }

  /**
   * Preset.
   *
   * @return a word of the device, empty when unknown
   */
  public Optional<String> preset() {
    return value(Attribute.PRESET, String.class);
  }

  /**
   * A sensor's number.
   *
   * @return in the unit of the entity's measurement, empty when unknown or not a number
   */
  public OptionalDouble number() {
    return number(Attribute.NUMBER);
  }

  /**
   * A sensor's word.
   *
   * @return empty when unknown or a number
   */
  public Optional<String> text() {
    return value(Attribute.TEXT, String.class);
  }

  /**
   * The word of an attribute that has words.
   *
   * @param attribute such as {@link Attribute#ACTIVITY}
   * @return empty when unknown
   */
  public Optional<String> word(Attribute attribute) {
    return value(attribute, String.class);
  }

  private <T> Optional<T> value(Attribute attribute, Class<T> type) {
    return Optional.ofNullable(values.get(attribute)).map(type::cast);
  }

  private OptionalInt integer(Attribute attribute) {
    return values.get(attribute) instanceof Integer i ? OptionalInt.of(i) : OptionalInt.empty();
  }

  private OptionalDouble number(Attribute attribute) {
    return values.get(attribute) instanceof Double d
        ? OptionalDouble.of(d)
        : OptionalDouble.empty();
  }
}
