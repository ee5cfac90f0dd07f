package dev.hearth.devices;

import java.util.Locale;

/** Something that a device does when told, rather than a state that it keeps. */
public enum Action {
  /** Begin to clean or mow, or go on after a pause. */
  START,
  /** Wait where it is. */
  PAUSE,
  /** End the work, where it is. */
  STOP,
  /** Return to the dock. */
  DOCK,
  /** Clean around where it is. */
  CLEAN_SPOT,
  /** Make itself heard or seen. */
  LOCATE,
  /** Press a button. */
  PRESS,
  /** Call a scene. */
  ACTIVATE;

  /**
   * Whether doing it twice is the same as doing it once, so that a newer command can take the place
   * of an older one.
   *
   * @return false for what counts each time
   */
  public boolean lasting() {
    return switch (this) {
      case START, PAUSE, STOP, DOCK, CLEAN_SPOT -> true;
      case LOCATE, PRESS, ACTIVATE -> false;
    };
  }

  /**
   * Its name for machines.
   *
   * @return such as {@code clean_spot}
   */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
