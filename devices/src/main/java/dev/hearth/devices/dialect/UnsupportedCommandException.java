package dev.hearth.devices.dialect;

/** An entity has no way to do what a command asks. The message says so in one sentence. */
public final class UnsupportedCommandException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Says what cannot be done.
   *
   * @param message one sentence
   */
  public UnsupportedCommandException(String message) {
    super(message);
  }
}
