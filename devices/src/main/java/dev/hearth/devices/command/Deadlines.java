package dev.hearth.devices.command;

import java.time.Duration;

/**
 * How long to wait for evidence, by kind of device.
 *
 * @param quick lights, switches and fans
 * @param lock locks, until locked or unlocked
 * @param coverStart covers, until they move
 * @param coverTravel covers, until they arrive
 * @param climate thermostats and air conditioners
 * @param settle how long a confirming report must stand before it counts; a report that takes it
 *     back within this time unmasks a device that echoes commands without acting
 */
public record Deadlines(
    Duration quick,
    Duration lock,
    Duration coverStart,
    Duration coverTravel,
    Duration climate,
    Duration settle) {
  /** 2 s, lock 15 s, cover 5 s to start and 60 s to arrive, climate 10 s, nothing to settle. */
  public static final Deadlines DEFAULTS =
      new Deadlines(
          Duration.ofSeconds(2),
          Duration.ofSeconds(15),
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          Duration.ZERO);

  /**
   * The same deadline for every kind, for tests.
   *
   * @param deadline how long to wait
   * @return deadlines without time to settle
   */
  public static Deadlines all(Duration deadline) {
    return new Deadlines(deadline, deadline, deadline, deadline, deadline, Duration.ZERO);
  }
}
