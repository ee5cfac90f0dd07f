package dev.hearth.inference;

import java.util.Map;
import java.util.Optional;

/**
 * What a loaded model is and how it runs.
 *
 * @param name the model's own name ({@code general.name}), else its file name
 * @param architecture the GGUF architecture, such as {@code qwen2}
 * @param parameters number of weights
 * @param weightTypes weight type names with the number of tensors of each
 * @param contextLength most tokens of prompt and answer together
 * @param vocabularySize number of token ids
 * @param layers number of decoder layers
 * @param fileSize bytes of the GGUF file
 * @param backend name of the backend that runs it
 * @param backendReason why that backend was chosen
 * @param strings the string metadata of the file
 */
public record ModelInfo(
    String name,
    String architecture,
    long parameters,
    Map<String, Integer> weightTypes,
    int contextLength,
    int vocabularySize,
    int layers,
    long fileSize,
    String backend,
    String backendReason,
    Map<String, String> strings) {

  /** Takes copies of the maps. */
  public ModelInfo {
    weightTypes = Map.copyOf(weightTypes);
    strings = Map.copyOf(strings);
  }

  /**
   * A string value of the file's metadata.
   *
   * @param key a GGUF key such as {@code tokenizer.chat_template}
   */
  public Optional<String> metadata(String key) {
    return Optional.ofNullable(strings.get(key));
  }
}
