package dev.hearth.devices.dialect;

import dev.hearth.devices.Command;
import dev.hearth.devices.Names;

/** An entity has no way to do what a command asks. The message says so in one sentence. */
public final class UnsupportedCommandException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Says what cannot be done.
   *
   * @param message one sentence
   */
  public UnsupportedCommandException(String message) {
    super(Names.line(message));
  }

  /**
   * Says that a command cannot be done at all.
   *
   * @param command the command
   */
  public static UnsupportedCommandException of(Command command) {
    return new UnsupportedCommandException(
        "The device has no way to do " + command.getClass().getSimpleName());
  }
}
