package dev.hearth.devices;

/**
 * A code that a person gave for a lock or an alarm panel. It does not show itself in logs, and no
 * language model may see it.
 *
 * @param value the code, not empty
 */
public record Code(String value) {
  /** The longest code, in characters. */
  public static final int MAX_LENGTH = 64;

  /** Checks the length. */
  public Code {
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("A code needs 1 to " + MAX_LENGTH + " characters");
    }
  }

  @Override
  public String toString() {
    return "Code[hidden]";
  }
}
