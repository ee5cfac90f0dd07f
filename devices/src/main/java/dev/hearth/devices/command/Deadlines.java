package dev.hearth.devices.command;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * How long to wait for evidence, by kind of device.
 *
 * @param quick lights, switches and fans
 * @param lock locks, until locked or unlocked
 * @param coverStart covers, until they move
 * @param coverTravel covers, until they arrive
 * @param climate thermostats and air conditioners
 * @param hasty a confirming report that comes sooner than this after sending comes too soon for a
 *     device that really acts: it may be an echo
 * @param settle how long such a report must stand before it counts; a report that takes it back
 *     within this time unmasks a device that echoes commands without acting
 */
public record Deadlines(
    Duration quick,
    Duration lock,
    Duration coverStart,
    Duration coverTravel,
    Duration climate,
    Duration hasty,
    Duration settle) {
  /**
   * 2 s, lock 15 s, cover 5 s to start and 60 s to arrive, climate 10 s; reports within 35 ms must
   * stand for 0.5 s.
   */
  public static final Deadlines DEFAULTS =
      new Deadlines(
          Duration.ofSeconds(2),
          Duration.ofSeconds(15),
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          Duration.ofMillis(35),
          Duration.ofMillis(500));

  /**
   * Deadlines by which every confirming report must stand, hasty or not.
   *
   * @param quick lights, switches and fans
   * @param lock locks
   * @param coverStart covers, until they move
   * @param coverTravel covers, until they arrive
   * @param climate thermostats and air conditioners
   * @param settle how long a confirming report must stand, zero for not at all
   */
  public Deadlines(
      Duration quick,
      Duration lock,
      Duration coverStart,
      Duration coverTravel,
      Duration climate,
      Duration settle) {
    this(quick, lock, coverStart, coverTravel, climate, ChronoUnit.YEARS.getDuration(), settle);
  }

  /**
   * The same deadline for every kind, for tests.
   *
   * @param deadline how long to wait
   * @return deadlines by which every report counts at once
   */
  public static Deadlines all(Duration deadline) {
    return new Deadlines(
        deadline, deadline, deadline, deadline, deadline, Duration.ZERO, Duration.ZERO);
  }
}
