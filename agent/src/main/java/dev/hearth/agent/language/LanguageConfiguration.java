package dev.hearth.agent.language;

import dev.hearth.agent.library.ModelLibrary;
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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
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
  @Nullable LanguageModel languageModel(LanguageSettings settings, ModelLibrary library) {
    if (settings.provider().equals("openai")) {
      return null;
    }
    ModelOptions options =
        options(settings)
            .withPrepared(settings.keepPrepared() ? library.prepared() : null)
            .withMeasured(library.measured());
    Path file = file(settings, library);
    if (!Files.isReadable(file)) {
      throw new StartException("There is no readable language model " + file + ".", MODEL_REMEDY);
    }
    try {
      LanguageModel model = LanguageModel.load(file, options);
      library.loaded(file);
      return model;
    } catch (ModelLoadException e) {
      throw new StartException(
          "The language model cannot be used. " + e.getMessage() + ".", MODEL_REMEDY, e);
    }
  }

  private static ModelOptions options(LanguageSettings settings) {
    try {
      return ModelOptions.defaults()
          .withContextLength(settings.contextLength())
          .withThreads(settings.threads())
          .withBackend(settings.backend())
          .withKv(kvType(settings.kvType()), settings.kvMegabytes() << 20)
          .withDrafts(settings.drafts());
    } catch (IllegalArgumentException e) {
      throw new StartException(
          "A setting of hearth.language cannot be used: " + e.getMessage() + ".",
          "kv-megabytes, threads and context-length are 0 or more; backend is auto, cpu, vector,"
              + " scalar or opencl (opencl:1 for the second device); drafts is -1 to "
              + ModelOptions.MAX_DRAFTS
              + ".",
          e);
    }
  }

  /** Null is for the engine to choose. */
  private static @Nullable KvType kvType(String setting) {
    if (setting.isBlank()) {
      return null;
    }
    for (KvType type : KvType.values()) {
      if (type.name().equalsIgnoreCase(setting.strip())) {
        return type;
      }
    }
    String allowed =
        Arrays.stream(KvType.values())
            .map(type -> type.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    throw new StartException(
        "hearth.language.kv-type is '" + setting + "'.",
        "It must be one of " + allowed + ", or be left out.");
  }

  private static Thinking thinking(LanguageSettings settings) {
    requireTokens("command-thinking", settings.commandThinking());
    requireTokens("question-thinking", settings.questionThinking());
    return new Thinking(settings.commandThinking(), settings.questionThinking());
  }

  private static void requireTokens(String setting, int value) {
    if (value < 0 || value > Thinking.MOST) {
      throw new StartException(
          "hearth.language." + setting + " is " + value + ".",
          "It must be a number of tokens from 0 to " + Thinking.MOST + "; 0 is no thinking.");
    }
  }

  private static Path file(LanguageSettings settings, ModelLibrary library) {
    return switch (settings.provider()) {
      case "embedded" -> ModelStore.embedded(library.path());
      case "gguf" -> {
        if (settings.model().isBlank()) {
          throw new StartException(
              "HEARTH_PROVIDER is gguf, but HEARTH_MODEL names no file.",
              "Name one: ./hearth up --model FILE.");
        }
        yield named(settings.model(), library);
      }
      case "" -> settings.model().isBlank() ? chosen(library) : named(settings.model(), library);
      default ->
          throw new StartException(
              "HEARTH_PROVIDER is '" + settings.provider() + "'.",
              "It must be embedded, gguf or openai, or be left out.");
    };
  }

  private static Path named(String model, ModelLibrary library) {
    Path file = Path.of(model);
    return Files.exists(file) ? file : library.file(model).orElse(file);
  }

  private static Path chosen(ModelLibrary library) {
    Optional<String> name = library.chosen();
    return name.isEmpty()
        ? ModelStore.embedded(library.path())
        : library
            .file(name.get())
            .orElseThrow(() ->
                new StartException(
                    "The model %s, chosen by ./hearth models use, is not in %s."
                        .formatted(name.get(), library.path()),
                    "Choose another: ./hearth models use NAME, or ./hearth models use built-in."));
  }

  @Bean
  ChatModel chatModel(
      LanguageSettings settings, ObjectProvider<LanguageModel> local, DataDirectory data) {
    LanguageModel model = local.getIfAvailable();
    if (model != null) {
      return new LocalChatModel(
          model,
          data.path().resolve("prefixes"),
          Duration.ofSeconds(settings.timeoutSeconds()),
          thinking(settings));
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
  StartReport modelReport(
      LanguageSettings settings, ModelLibrary library, ObjectProvider<LanguageModel> local) {
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
                library.loaded().orElse("elsewhere"),
                info.parameters() / MEGABYTE,
                info.weightTypes(),
                info.contextLength()),
            "Backend: " + info.backend() + " (" + info.backendReason() + ")");
      }
    };
  }
}
