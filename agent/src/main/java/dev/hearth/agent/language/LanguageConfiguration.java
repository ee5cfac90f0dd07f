package dev.hearth.agent.language;

import dev.hearth.agent.start.DataDirectory;
import dev.hearth.agent.start.StartException;
import dev.hearth.agent.start.StartReport;
import dev.hearth.inference.KvType;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelInfo;
import dev.hearth.inference.ModelLoadException;
import dev.hearth.inference.ModelOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Chooses and loads the language model. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LanguageSettings.class)
class LanguageConfiguration {
  private static final String MODEL_REMEDY =
      "Name a GGUF file of the Qwen2 (MiMo) or Qwen3 family: ./hearth up --model FILE"
          + " (HEARTH_MODEL); or leave that out for the built-in model.";
  private static final double MEGABYTE = 1_000_000;

  /** Null, for Spring no bean, when the model runs elsewhere. */
  @Bean(destroyMethod = "close")
  @Nullable LanguageModel languageModel(LanguageSettings settings, DataDirectory data) {
    if (settings.provider().equals("openai")) {
      return null;
    }
    ModelOptions options = options(settings);
    Path file = file(settings, data);
    if (!Files.isReadable(file)) {
      throw new StartException("There is no readable language model " + file + ".", MODEL_REMEDY);
    }
    try {
      return LanguageModel.load(file, options);
    } catch (ModelLoadException e) {
      throw new StartException(
          "The language model cannot be used. " + e.getMessage() + ".", MODEL_REMEDY, e);
    }
  }

  private static ModelOptions options(LanguageSettings settings) {
    try {
      KvType kvType =
          settings.kvType().isBlank()
              ? null
              : KvType.valueOf(settings.kvType().toUpperCase(Locale.ROOT));
      return ModelOptions.defaults()
          .withContextLength(settings.contextLength())
          .withThreads(settings.threads())
          .withKv(kvType, settings.kvMegabytes() << 20)
          .withDrafts(settings.drafts());
    } catch (IllegalArgumentException e) {
      throw new StartException(
          "A setting of hearth.language cannot be used: " + e.getMessage() + ".",
          "kv-type is f32, f16 or q8_0; kv-megabytes, threads and context-length are 0 or more;"
              + " drafts is -1 to "
              + ModelOptions.MAX_DRAFTS
              + ".",
          e);
    }
  }

  private static Path file(LanguageSettings settings, DataDirectory data) {
    return switch (settings.provider()) {
      case "embedded" -> ModelStore.embedded(data.path().resolve("models"));
      case "gguf" -> {
        if (settings.model().isBlank()) {
          throw new StartException(
              "HEARTH_PROVIDER is gguf, but HEARTH_MODEL names no file.",
              "Name one: ./hearth up --model FILE.");
        }
        yield Path.of(settings.model());
      }
      default ->
          throw new StartException(
              "HEARTH_PROVIDER is '" + settings.provider() + "'.",
              "It must be embedded, gguf or openai.");
    };
  }

  @Bean
  ChatModel chatModel(
      LanguageSettings settings, ObjectProvider<LanguageModel> local, DataDirectory data) {
    LanguageModel model = local.getIfAvailable();
    if (model != null) {
      return new LocalChatModel(
          model, data.path().resolve("prefixes"), Duration.ofSeconds(settings.timeoutSeconds()));
    }
    if (settings.baseUrl().isBlank()) {
      throw new StartException(
          "HEARTH_PROVIDER is openai, but HEARTH_LANGUAGE_BASEURL names no server.",
          "Give its address with the version, such as http://127.0.0.1:8000/v1.");
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
