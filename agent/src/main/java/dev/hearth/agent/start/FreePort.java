package dev.hearth.agent.start;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Finds a port that is taken before anything is loaded; the web server would find it last of all.
 */
final class FreePort implements ApplicationContextInitializer<ConfigurableApplicationContext> {
  private static final Logger log = LoggerFactory.getLogger(FreePort.class);

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    Environment environment = context.getEnvironment();
    boolean built = environment.getProperty("spring.aot.processing", Boolean.class, false);
    String number = environment.getProperty("server.port", "");
    if (built
        || !number.matches("[1-9]\\d{0,4}")
        || !(context instanceof ServletWebServerApplicationContext)) {
      return;
    }
    int port = Integer.parseInt(number);
    try (ServerSocket socket = new ServerSocket()) {
      InetAddress address = InetAddress.getByName(environment.getProperty("server.address", ""));
      socket.bind(new InetSocketAddress(address, port));
    } catch (IOException | IllegalArgumentException e) {
      PortInUseException.throwIfPortBindingException(e, () -> port);
      log.debug("The web server will say what is wrong with its address", e);
    }
  }
}
