package dev.hearth.devices;

/** Whether a device can be reached. */
public enum Availability {
  /** It says it is there, or it has no way to say otherwise. */
  ONLINE,
  /** It, or the bridge in front of it, says it cannot be reached. */
  OFFLINE,
  /** Nothing was heard yet. */
  UNKNOWN
}
