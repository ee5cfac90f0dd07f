package dev.hearth.inference;

/** Who goes first when several requests want the model. */
public enum Priority {
  /** Somebody waits for a device to act. */
  COMMAND,
  /** A longer text: its prompt is read in small parts, and it waits while a command runs. */
  CHAT
}
