package dev.hearth.agent.start;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What others build on. */
@Configuration(proxyBeanMethods = false)
class StartConfiguration {
  @Bean
  static DataDirectory dataDirectory(HearthSettings settings) {
    return new DataDirectory(settings);
  }
}
