package dev.hearth.agent.web;

import dev.hearth.agent.conversation.Assistant;
import dev.hearth.agent.home.HomeFiles;
import dev.hearth.devices.registry.HomeRegistry;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Profile;

/** The ways in alone, over a fake assistant and a small fixed home. */
@Profile("ways-in")
@SpringBootConfiguration
@EnableAutoConfiguration
@ConfigurationPropertiesScan({"dev.hearth.agent.account", "dev.hearth.agent.start"})
@ComponentScan({
  "dev.hearth.agent.account",
  "dev.hearth.agent.console",
  "dev.hearth.agent.library",
  "dev.hearth.agent.openai",
  "dev.hearth.agent.rest",
  "dev.hearth.agent.start",
  "dev.hearth.agent.web"
})
public class WebApplication {
  @Bean
  FakeAssistant assistant() {
    return new FakeAssistant();
  }

  @Bean
  FakeRegistry registry() {
    return new FakeRegistry();
  }

  @Bean
  HomeFiles homeFiles(HomeRegistry registry) {
    return new HomeFiles(registry);
  }

  /** Both beans by their ports, so that a mistake in the wiring shows here. */
  record Ports(Assistant assistant, HomeRegistry registry) {}

  @Bean
  Ports ports(Assistant assistant, HomeRegistry registry) {
    return new Ports(assistant, registry);
  }
}
