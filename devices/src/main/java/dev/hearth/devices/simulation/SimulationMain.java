package dev.hearth.devices.simulation;

import dev.hearth.devices.mqtt.MqttOptions;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the simulated home alone against any broker, until the process is asked to end.
 *
 * <p>Arguments: {@code --entities N} for a generated home of that size, if wanted; the broker's
 * address ({@code tcp://host:1883}), and if it wants them a user name and the name of the
 * environment variable that holds the password.
 */
public final class SimulationMain {
  private static final Logger LOG = LoggerFactory.getLogger(SimulationMain.class);

  private SimulationMain() {}

  /**
   * Runs the home.
   *
   * @param args size if wanted, broker address, then user name and name of the password's
   *     environment variable
   * @throws InterruptedException when interrupted
   */
  public static void main(String[] args) throws InterruptedException {
    boolean sized = args.length > 1 && args[0].equals("--entities");
    SimulationOptions home = SimulationOptions.defaults();
    start(
        options(sized ? Arrays.copyOfRange(args, 2, args.length) : args),
        sized ? home.withEntities(size(args[1])) : home);
    LOG.info("Press Ctrl+C to stop");
    new CountDownLatch(1).await();
  }

  private static void start(MqttOptions mqtt, SimulationOptions options) {
    SimulatedHome home = SimulatedHome.start(mqtt, options);
    Runtime.getRuntime().addShutdownHook(new Thread(home::close, "simulated-home-stop"));
  }

  /**
   * Reads the number of entities.
   *
   * @throws IllegalArgumentException when there cannot be so many
   */
  static int size(String text) {
    if (text.matches("[0-9]{1,9}")) {
      int entities = Integer.parseInt(text);
      if (entities >= 1 && entities <= SimulationOptions.MOST_ENTITIES) {
        return entities;
      }
    }
    throw new IllegalArgumentException(
        "--entities is '" + text + "': give a number from 1 to " + SimulationOptions.MOST_ENTITIES);
  }

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException when they are not as described
   */
  static MqttOptions options(String... args) {
    if (args.length != 1 && args.length != 3) {
      throw new IllegalArgumentException(
          "Usage: SimulationMain [--entities N] tcp://host:1883 [user PASSWORD_VARIABLE], not "
              + args.length
              + " arguments");
    }
    MqttOptions options = MqttOptions.of(args[0]);
    if (args.length == 1) {
      return options;
    }
    String password = System.getenv(args[2]);
    if (password == null) {
      throw new IllegalArgumentException(
          "The environment variable "
              + args[2]
              + " is not set; it must hold the password of user "
              + args[1]);
    }
    return options.withCredentials(args[1], password);
  }
}
