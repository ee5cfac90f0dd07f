package dev.hearth.devices.command;

import dev.hearth.devices.Command;
import dev.hearth.devices.Kind;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * How long to wait for evidence, by kind of device.
 *
 * @param quick lights, switches, fans and sirens
 * @param lock locks, until locked or unlocked, and alarm panels, until they answer
 * @param coverStart covers and valves, until they move
 * @param coverTravel covers and valves, until they arrive
 * @param climate what heats, cools or moistens, and inputs: numbers, choices and texts
 * @param robot robots, until they do what they were told or are on their way to it
 * @param errand robots that are on their way to the dock and alarm panels that are arming, until
 *     they are done
 * @param hasty a confirming report that comes sooner than this after sending comes too soon for a
 *     device that really acts: it may be an echo
 * @param settle how long such a report must stand before it counts; a report that takes it back
 *     within this time unmasks a device that echoes commands without acting
 * @param echo a confirming report that comes sooner than this was an echo, if the device then turns
 *     out to be offline
 */
public record Deadlines(
    Duration quick,
    Duration lock,
    Duration coverStart,
    Duration coverTravel,
    Duration climate,
    Duration robot,
    Duration errand,
    Duration hasty,
    Duration settle,
    Duration echo) {
  /** How soon after sending no device that acts has answered. */
  private static final Duration TOO_SOON = Duration.ofMillis(35);

  /**
   * 2 s, lock 15 s, cover 5 s to start and 60 s to arrive, climate 10 s, robot 20 s and 5 min for
   * its way; reports within 35 ms must stand for 0.5 s.
   */
  public static final Deadlines DEFAULTS =
      new Deadlines(
          Duration.ofSeconds(2),
          Duration.ofSeconds(15),
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          Duration.ofMinutes(5),
          TOO_SOON,
          Duration.ofMillis(500),
          TOO_SOON);

  /**
   * Deadlines by which every confirming report must stand, hasty or not; those of robots are the
   * usual ones.
   *
   * @param quick lights, switches, fans and sirens
   * @param lock locks and alarm panels
   * @param coverStart covers and valves, until they move
   * @param coverTravel covers and valves, until they arrive
   * @param climate what heats, cools or moistens, and inputs
   * @param settle how long a confirming report must stand, zero for not at all
   */
  public Deadlines(
      Duration quick,
      Duration lock,
      Duration coverStart,
      Duration coverTravel,
      Duration climate,
      Duration settle) {
    this(
        quick,
        lock,
        coverStart,
        coverTravel,
        climate,
        Duration.ofSeconds(20),
        Duration.ofMinutes(5),
        ChronoUnit.YEARS.getDuration(),
        settle,
        TOO_SOON);
  }

  /**
   * The same deadline for every kind, for tests.
   *
   * @param deadline how long to wait
   * @return deadlines by which every report counts at once
   */
  public static Deadlines all(Duration deadline) {
    return new Deadlines(
        deadline,
        deadline,
        deadline,
        deadline,
        deadline,
        deadline,
        deadline,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO);
  }

  /**
   * Deadlines for a slower or faster home; what tells an echo from an answer stays as it is.
   *
   * @param factor what each is multiplied by, positive
   * @return the longer or shorter ones
   */
  public Deadlines times(double factor) {
    return new Deadlines(
        times(quick, factor),
        times(lock, factor),
        times(coverStart, factor),
        times(coverTravel, factor),
        times(climate, factor),
        times(robot, factor),
        times(errand, factor),
        hasty,
        settle,
        echo);
  }

  private static Duration times(Duration duration, double factor) {
    return Duration.ofMillis(Math.round(duration.toMillis() * factor));
  }

  /** How long to wait for the first answer of a kind. */
  Duration of(Kind kind) {
    return switch (kind) {
      case LIGHT, SWITCH, FAN, SIREN, BUTTON, SCENE, SENSOR, BINARY_SENSOR, EVENT, UPDATE -> quick;
      case LOCK, ALARM_CONTROL_PANEL -> lock;
      case COVER, VALVE -> coverStart;
      case CLIMATE, HUMIDIFIER, WATER_HEATER, NUMBER, SELECT, TEXT -> climate;
      case VACUUM, LAWN_MOWER -> robot;
    };
  }

  /** How long to wait for the end of what has begun. */
  Duration travel(Command command) {
    return Matching.slot(command) == Matching.Slot.COVER ? coverTravel : errand;
  }
}
