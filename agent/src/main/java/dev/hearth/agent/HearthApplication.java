package dev.hearth.agent;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The agent: one process that listens, decides and acts. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class HearthApplication {

  /**
   * Starts the agent.
   *
   * @param arguments Spring Boot options, such as {@code --server.port=8080}
   */
  public static void main(String[] arguments) {
    SpringApplication.run(HearthApplication.class, arguments);
  }
}
