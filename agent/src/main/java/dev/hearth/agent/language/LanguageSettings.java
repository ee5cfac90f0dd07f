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
 * @param backend {@code auto} (what is the fastest by measurement), {@code cpu}, {@code vector} or
 *     {@code scalar} (the processor), {@code opencl} or {@code opencl:1} (a device, where TornadoVM
 *     runs)
 * @param kvType how the KV cache is stored: {@code f32}, {@code f16} or {@code q8_0}; empty takes
 *     {@code f32} for small models and {@code f16} for others
 * @param kvMegabytes memory of the KV cache, for requests and for what is kept between them; 0
 *     takes two contexts but at most 1,024
 * @param drafts most tokens guessed ahead of a model step; -1 takes what pays, 0 none
 * @param keepPrepared whether a large model's weights are kept a second time, in the form in which
 *     they are used: as large as the model, and the next start takes seconds less
 * @param commandThinking most tokens that a model which can think may think before a command; 0 is
 *     none
 * @param questionThinking the same before a question
 * @param timeoutSeconds how long one answer may take
 */
@ConfigurationProperties("hearth.language")
record LanguageSettings(
    @DefaultValue("") String provider,
    @DefaultValue("") String model,
    @DefaultValue("") String baseUrl,
    @DefaultValue("") String apiKey,
    @DefaultValue("0") int contextLength,
    @DefaultValue("0") int threads,
    @DefaultValue("auto") String backend,
    @DefaultValue("") String kvType,
    @DefaultValue("0") long kvMegabytes,
    @DefaultValue("-1") int drafts,
    @DefaultValue("true") boolean keepPrepared,
    @DefaultValue("0") int commandThinking,
    @DefaultValue("0") int questionThinking,
    @DefaultValue("60") int timeoutSeconds) {

  /** The settings without the key. */
  @Override
  public String toString() {
    return "LanguageSettings[provider=%s, model=%s, baseUrl=%s]"
        .formatted(provider, model, baseUrl);
  }
}
