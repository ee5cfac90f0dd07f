package dev.hearth.agent.tool;

import dev.hearth.agent.language.HomeLanguage;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Hands the home's tools to the language model. */
@Configuration(proxyBeanMethods = false)
class ToolConfiguration {
  @Bean
  HomeLanguage.Tools homeTools() {
    return HomeTools::definitions;
  }
}
