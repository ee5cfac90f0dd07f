package dev.hearth.inference.gguf;

import dev.hearth.inference.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A byte-level BPE tokenizer as Hugging Face stores it: either {@code tokenizer.json}, or {@code
 * vocab.json} with {@code merges.txt} (also gzipped) and the added tokens of {@code
 * tokenizer_config.json} next to them.
 */
public final class HuggingFaceTokenizer {

  private static final int MAX_TOKENS = 4_000_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** GGUF's token types. */
  private static final int NORMAL = 1;

  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int UNUSED = 5;

  private final List<String> tokens = new ArrayList<>();
  private final List<Integer> types = new ArrayList<>();
  private final List<String> merges = new ArrayList<>();

  private HuggingFaceTokenizer() {}

  /**
   * Reads a tokenizer.
   *
   * @param where {@code tokenizer.json}, a {@code vocab.json} with {@code merges.txt} beside it, or
   *     both joined by {@code +}
   * @throws ModelLoadException if the files do not hold such a tokenizer
   */
  public static HuggingFaceTokenizer read(String where) throws IOException {
    HuggingFaceTokenizer tokenizer = new HuggingFaceTokenizer();
    int plus = where.indexOf('+');
    Path first = Path.of(plus < 0 ? where : where.substring(0, plus));
    if (plus < 0 && String.valueOf(first.getFileName()).startsWith("tokenizer")) {
      tokenizer.readTokenizerJson(first);
    } else {
      String name = String.valueOf(first.getFileName()).replace("vocab.json", "merges.txt");
      Path second = plus < 0 ? first.resolveSibling(name) : Path.of(where.substring(plus + 1));
      tokenizer.readVocabulary(first, second);
    }
    return tokenizer;
  }

  private void readTokenizerJson(Path path) throws IOException {
    JsonNode root = json(path);
    JsonNode vocabulary = root.path("model").path("vocab");
    if (!vocabulary.isObject()) {
      throw new ModelLoadException(path.toString(), "model.vocab", "a BPE vocabulary", "none");
    }
    addTokens(path, vocabulary);
    for (JsonNode merge : root.path("model").path("merges")) {
      merges.add(
          merge.isArray()
              ? merge.path(0).asString() + " " + merge.path(1).asString()
              : merge.asString());
    }
    for (JsonNode added : root.path("added_tokens")) {
      addSpecial(path, added.path("id").asInt(-1), added);
    }
  }

  private void readVocabulary(Path vocabulary, Path mergesFile) throws IOException {
    addTokens(vocabulary, json(vocabulary));
    for (String line : new String(bytes(mergesFile), StandardCharsets.UTF_8).split("\n", -1)) {
      if (!line.isBlank() && !line.startsWith("#version")) {
        merges.add(line.strip());
      }
    }
    Path config = vocabulary.resolveSibling("tokenizer_config.json");
    if (Files.exists(config)) {
      for (Map.Entry<String, JsonNode> added :
          json(config).path("added_tokens_decoder").properties()) {
        addSpecial(config, Integer.parseInt(added.getKey()), added.getValue());
      }
    }
  }

  private void addTokens(Path path, JsonNode vocabulary) {
    for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
      set(path, entry.getValue().asInt(-1), entry.getKey(), NORMAL);
    }
  }

  private void addSpecial(Path path, int id, JsonNode added) {
    int type = added.path("special").asBoolean(false) ? CONTROL : USER_DEFINED;
    set(path, id, added.path("content").asString(""), type);
  }

  private void set(Path path, int id, String token, int type) {
    if (id < 0 || id >= MAX_TOKENS) {
      throw new ModelLoadException(
          path.toString(), token, "an id of 0 to " + MAX_TOKENS, Integer.toString(id));
    }
    pad(id + 1);
    tokens.set(id, token);
    types.set(id, type);
  }

  /** Fills up with unused ids, as models do whose embedding has more rows. */
  public void pad(int size) {
    while (tokens.size() < size) {
      tokens.add("[PAD" + tokens.size() + "]");
      types.add(UNUSED);
    }
  }

  /** The written form of each token. */
  public List<String> tokens() {
    return List.copyOf(tokens);
  }

  /** GGUF's type of each token. */
  public List<Integer> types() {
    return List.copyOf(types);
  }

  /** Lines "left right" in order of rank. */
  public List<String> merges() {
    return List.copyOf(merges);
  }

  int size() {
    return tokens.size();
  }

  /** Writes the vocabulary's keys. */
  void put(GgufWriter writer) {
    writer.put("tokenizer.ggml.model", "gpt2");
    writer.put("tokenizer.ggml.pre", "qwen2");
    writer.put("tokenizer.ggml.tokens", tokens.toArray(String[]::new));
    writer.put("tokenizer.ggml.token_type", types.stream().mapToInt(Integer::intValue).toArray());
    writer.put("tokenizer.ggml.merges", merges.toArray(String[]::new));
    writer.put("tokenizer.ggml.add_bos_token", false);
  }

  /** Reads a JSON file. */
  static JsonNode json(Path path) throws IOException {
    try {
      return JSON.readTree(bytes(path));
    } catch (JacksonException e) {
      throw new ModelLoadException(path.toString(), "contents", "JSON", e);
    }
  }

  private static byte[] bytes(Path path) throws IOException {
    byte[] stored = Files.readAllBytes(path);
    boolean zipped = stored.length > 2 && stored[0] == 0x1F && (stored[1] & 0xFF) == 0x8B;
    if (!zipped) {
      return stored;
    }
    try (InputStream in = new GZIPInputStream(Files.newInputStream(path))) {
      return in.readAllBytes();
    }
  }
}
