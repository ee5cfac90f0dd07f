package dev.hearth.agent.language;

import dev.hearth.agent.start.HearthSettings;
import dev.hearth.agent.start.StartReport;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelInfo;
import dev.hearth.inference.ModelOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Chooses and loads the language model. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LanguageSettings.class)
class LanguageConfiguration {
  private static final String LOCAL = "'${hearth.language.provider:embedded}' != 'openai'";
  private static final double MEGABYTE = 1_000_000;

  @Bean(destroyMethod = "close")
  @ConditionalOnExpression(LOCAL)
  LanguageModel languageModel(LanguageSettings settings, HearthSettings hearth) {
    ModelOptions options =
        ModelOptions.defaults()
            .withContextLength(settings.contextLength())
            .withThreads(settings.threads());
    return LanguageModel.load(file(settings, hearth), options);
  }

  private static Path file(LanguageSettings settings, HearthSettings hearth) {
    return switch (settings.provider()) {
      case "embedded" -> ModelStore.embedded(hearth.data().resolve("models"));
      case "gguf" -> {
        if (settings.model().isBlank()) {
          throw new IllegalArgumentException(
              "hearth.language.provider is gguf, but hearth.language.model names no file");
        }
        yield Path.of(settings.model());
      }
      default ->
          throw new IllegalArgumentException(
              "hearth.language.provider is '"
                  + settings.provider()
                  + "'; it must be embedded, gguf or openai");
    };
  }

  @Bean
  ChatModel chatModel(LanguageSettings settings, ObjectProvider<LanguageModel> local) {
    LanguageModel model = local.getIfAvailable();
    if (model != null) {
      return new LocalChatModel(model);
    }
    if (settings.baseUrl().isBlank()) {
      throw new IllegalArgumentException(
          "hearth.language.provider is openai, but hearth.language.base-url names no server");
    }
    return new OpenAiChatModel(
        settings.baseUrl(),
        settings.apiKey(),
        settings.model(),
        Duration.ofSeconds(settings.timeoutSeconds()));
  }

  @Bean
  HomeLanguage homeLanguage(
      ChatModel model, ObjectProvider<LanguageModel> local, HomeLanguage.Tools tools) {
    boolean marks =
        Optional.ofNullable(local.getIfAvailable())
            .flatMap(m -> m.info().metadata("hearth.prompt"))
            .filter("marked"::equals)
            .isPresent();
    return new HomeLanguage(model, marks, tools);
  }

  @Bean
  @Order(10)
  StartReport modelReport(LanguageSettings settings, ObjectProvider<LanguageModel> local) {
    return new StartReport() {
      @Override
      public String title() {
        return "Model";
      }

      @Override
      public List<String> lines() {
        LanguageModel model = local.getIfAvailable();
        if (model == null) {
          return List.of(settings.model() + " at " + settings.baseUrl());
        }
        ModelInfo info = model.info();
        return List.of(
            String.format(
                Locale.ROOT,
                "%s (%s, %.1f million parameters, %s), context %d tokens",
                info.name(),
                settings.provider(),
                info.parameters() / MEGABYTE,
                info.weightTypes(),
                info.contextLength()),
            "Backend: " + info.backend() + " (" + info.backendReason() + ")");
      }
    };
  }
}
