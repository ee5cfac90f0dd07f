package dev.hearth.devices.simulation;

import java.time.Duration;

/**
 * How the simulated home behaves.
 *
 * @param discoveryPrefix first level of the discovery topics
 * @param base first level of the devices' own topics
 * @param reaction how long a healthy device takes to act on a command
 * @param speed how much faster than life covers travel, locks turn and rooms warm up; above 0
 * @param tick how often sensors look and rooms drift, in real time
 * @param time the time devices live in
 * @param everyKind whether devices of rarer kinds, such as sirens and alarm panels, and of other
 *     conventions, such as Tasmota's, are there too
 * @param entities how many entities a generated home has, {@value #MOST_ENTITIES} at most; 0 for
 *     the standard home
 */
public record SimulationOptions(
    String discoveryPrefix,
    String base,
    Duration reaction,
    double speed,
    Duration tick,
    SimulationTime time,
    boolean everyKind,
    int entities) {
  /** The largest home that can be generated. */
  public static final int MOST_ENTITIES = 20_000;

  /** Checks the ranges. */
  public SimulationOptions {
    if (entities < 0 || entities > MOST_ENTITIES) {
      throw new IllegalArgumentException(
          "SimulationOptions.entities is " + entities + ": give 0 to " + MOST_ENTITIES);
    }
    if (!(speed > 0)) {
      throw new IllegalArgumentException("SimulationOptions.speed is " + speed + ": give above 0");
    }
    if (reaction.isNegative() || !tick.isPositive()) {
      throw new IllegalArgumentException(
          "SimulationOptions: reaction ("
              + reaction
              + ") must not be negative and tick ("
              + tick
              + ") must be above 0");
    }
  }

  /**
   * Prefix {@code homeassistant}, topics under {@code home}, 40 ms reaction, the speed of life, a
   * look every 10 s, real time, without the rarer kinds.
   *
   * @return the options, with a new time
   */
  public static SimulationOptions defaults() {
    return new SimulationOptions(
        "homeassistant",
        "home",
        Duration.ofMillis(40),
        1,
        Duration.ofSeconds(10),
        SimulationTime.real(),
        false,
        0);
  }

  /**
   * The same at another speed.
   *
   * @param speed how much faster than life, above 0
   * @return a copy
   */
  public SimulationOptions withSpeed(double speed) {
    return new SimulationOptions(
        discoveryPrefix, base, reaction, speed, tick, time, everyKind, entities);
  }

  /**
   * The same with another reaction time.
   *
   * @param reaction how long a healthy device takes to act
   * @return a copy
   */
  public SimulationOptions withReaction(Duration reaction) {
    return new SimulationOptions(
        discoveryPrefix, base, reaction, speed, tick, time, everyKind, entities);
  }

  /**
   * The same in another time.
   *
   * @param time the time devices live in
   * @return a copy
   */
  public SimulationOptions withTime(SimulationTime time) {
    return new SimulationOptions(
        discoveryPrefix, base, reaction, speed, tick, time, everyKind, entities);
  }

  /**
   * The same with devices of every kind and convention.
   *
   * @return a copy
   */
  public SimulationOptions withEveryKind() {
    return new SimulationOptions(
        discoveryPrefix, base, reaction, speed, tick, time, true, entities);
  }

  /**
   * A generated home of so many entities instead of the standard one. It has every kind and
   * convention.
   *
   * @param entities how many, 1 to {@value #MOST_ENTITIES}
   * @return a copy
   */
  public SimulationOptions withEntities(int entities) {
    return new SimulationOptions(
        discoveryPrefix, base, reaction, speed, tick, time, everyKind, entities);
  }

  /** A duration of life at this speed. */
  Duration scaled(Duration life) {
    return Duration.ofNanos(Math.round(life.toNanos() / speed));
  }
}
