package dev.hearth.agent.language;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which language model understands.
 *
 * @param provider {@code embedded} (the small model inside the application), {@code gguf} (a file,
 *     see {@code model}) or {@code openai} (a server of that API, see {@code baseUrl}); empty is
 *     {@code gguf} if there is a {@code model}, else what {@code ./hearth models use} chose, else
 *     {@code embedded}
 * @param model path of a GGUF file, name of one in the data directory, or the model's name on the
 *     server
 * @param baseUrl address of an OpenAI-compatible server with its version, such as {@code
 *     http://127.0.0.1:8000/v1}
 * @param apiKey the server's key; empty for none
 * @param contextLength tokens of context; 0 is the model's own, capped at 4,096
 * @param threads threads of the model; 0 is one for each core
 * @param timeoutSeconds how long the server may take for one answer
 */
@ConfigurationProperties("hearth.language")
record LanguageSettings(
    @DefaultValue("") String provider,
    @DefaultValue("") String model,
    @DefaultValue("") String baseUrl,
    @DefaultValue("") String apiKey,
    @DefaultValue("0") int contextLength,
    @DefaultValue("0") int threads,
    @DefaultValue("60") int timeoutSeconds) {

  /** The settings without the key. */
  @Override
  public String toString() {
    return "LanguageSettings[provider=%s, model=%s, baseUrl=%s]"
        .formatted(provider, model, baseUrl);
  }
}
