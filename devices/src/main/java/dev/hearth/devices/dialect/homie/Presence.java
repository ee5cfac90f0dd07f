package dev.hearth.devices.dialect.homie;

import dev.hearth.devices.Availability;
import org.jspecify.annotations.Nullable;

/**
 * Whether a device can be reached: not when it or the device in front of it is lost. One that
 * sleeps may be reached or not. Thread-safe.
 */
final class Presence {
  private Availability own = Availability.UNKNOWN;
  private Availability root;

  /**
   * Nothing heard yet.
   *
   * @param behind whether there is a device in front of it
   */
  Presence(boolean behind) {
    root = behind ? Availability.UNKNOWN : Availability.ONLINE;
  }

  /** What is known after the device's word, or that of the one in front of it. */
  synchronized @Nullable Availability hear(boolean ofRoot, String state) {
    Availability heard =
        switch (state) {
          case "ready", "alert" -> Availability.ONLINE;
          case "lost", "disconnected" -> Availability.OFFLINE;
          case "init", "sleeping" -> Availability.UNKNOWN;
          default -> null;
        };
    if (heard == null) {
      return null;
    }
    if (ofRoot) {
      root = heard;
    } else {
      own = heard;
    }
    return root == Availability.OFFLINE ? Availability.OFFLINE : own;
  }
}
