package dev.hearth.devices.broker;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the embedded broker is to run.
 *
 * @param port TCP port on loopback, 1 to 65535, or 0 for any free one
 * @param dataFolder where retained messages and sessions are kept between runs, created when absent
 *     and used by one broker at a time; null keeps everything in memory
 * @param username the only user that may connect, not empty
 * @param password that user's password, not empty
 */
public record BrokerOptions(int port, @Nullable Path dataFolder, String username, String password) {
  private static final int MAX_PORT = 65_535;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the port is out of range or user or password are empty
   */
  public BrokerOptions {
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException(
          "Broker port " + port + " is out of range: give 1 to 65535, or 0 for any free port");
    }
    if (username.isEmpty()) {
      throw new IllegalArgumentException("The broker needs a user name: anonymous access is off");
    }
    if (password.isEmpty()) {
      throw new IllegalArgumentException("The broker needs a password: anonymous access is off");
    }
  }

  /**
   * A broker on any free port that forgets everything when it closes.
   *
   * @param username the only user
   * @param password that user's password
   * @return the options
   */
  public static BrokerOptions inMemory(String username, String password) {
    return new BrokerOptions(0, null, username, password);
  }

  /** The options without the password. */
  @Override
  public String toString() {
    return "BrokerOptions[port="
        + port
        + ", dataFolder="
        + dataFolder
        + ", username="
        + username
        + "]";
  }
}
