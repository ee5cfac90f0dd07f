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
 */
public record SimulationOptions(
    String discoveryPrefix,
    String base,
    Duration reaction,
    double speed,
    Duration tick,
    SimulationTime time,
    boolean everyKind) {
  /** Checks the ranges. */
  public SimulationOptions {
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
        false);
  }

  /**
   * The same at another speed.
   *
   * @param speed how much faster than life, above 0
   * @return a copy
   */
  public SimulationOptions withSpeed(double speed) {
    return new SimulationOptions(discoveryPrefix, base, reaction, speed, tick, time, everyKind);
  }

  /**
   * The same with another reaction time.
   *
   * @param reaction how long a healthy device takes to act
   * @return a copy
   */
  public SimulationOptions withReaction(Duration reaction) {
    return new SimulationOptions(discoveryPrefix, base, reaction, speed, tick, time, everyKind);
  }

  /**
   * The same in another time.
   *
   * @param time the time devices live in
   * @return a copy
   */
  public SimulationOptions withTime(SimulationTime time) {
    return new SimulationOptions(discoveryPrefix, base, reaction, speed, tick, time, everyKind);
  }

  /**
   * The same with devices of every kind and convention.
   *
   * @return a copy
   */
  public SimulationOptions withEveryKind() {
    return new SimulationOptions(discoveryPrefix, base, reaction, speed, tick, time, true);
  }

  /** A duration of life at this speed. */
  Duration scaled(Duration life) {
    return Duration.ofNanos(Math.round(life.toNanos() / speed));
  }
}
