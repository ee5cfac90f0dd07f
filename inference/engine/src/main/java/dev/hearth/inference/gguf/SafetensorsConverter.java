package dev.hearth.inference.gguf;

import dev.hearth.inference.ModelLoadException;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Converts a Hugging Face folder of a Qwen2, Qwen3 or MiMo model to GGUF.
 *
 * <p>Names follow llama.cpp's. The multi-token-prediction layer of MiMo ({@code
 * model.mtp_layers.0}) becomes block {@code blk.{layers}}: {@code hidden_layernorm} is {@code
 * nextn.hnorm}, {@code token_layernorm} is {@code nextn.enorm}, {@code input_proj} is {@code
 * nextn.eh_proj} with MiMo's order of inputs kept ([hidden ; embedding]), {@code final_layernorm}
 * is {@code nextn.shared_head_norm}. Vectors are stored as F32, matrices as the mix asked for says.
 */
public final class SafetensorsConverter {

  private static final long FINGERPRINT_BYTES = 4096;

  private static final Pattern LAYER =
      Pattern.compile("model\\.(layers|mtp_layers)\\.(\\d{1,5})\\.(.+)\\.(weight|bias)");

  private static final Map<String, String> TOP =
      Map.of(
          "model.embed_tokens.weight", "token_embd.weight",
          "model.norm.weight", "output_norm.weight",
          "lm_head.weight", "output.weight");

  private static final Map<String, String> PARTS =
      Map.ofEntries(
          Map.entry("input_layernorm", "attn_norm"),
          Map.entry("self_attn.q_proj", "attn_q"),
          Map.entry("self_attn.k_proj", "attn_k"),
          Map.entry("self_attn.v_proj", "attn_v"),
          Map.entry("self_attn.q_norm", "attn_q_norm"),
          Map.entry("self_attn.k_norm", "attn_k_norm"),
          Map.entry("self_attn.o_proj", "attn_output"),
          Map.entry("post_attention_layernorm", "ffn_norm"),
          Map.entry("mlp.gate_proj", "ffn_gate"),
          Map.entry("mlp.up_proj", "ffn_up"),
          Map.entry("mlp.down_proj", "ffn_down"),
          Map.entry("token_layernorm", "nextn.enorm"),
          Map.entry("hidden_layernorm", "nextn.hnorm"),
          Map.entry("input_proj", "nextn.eh_proj"),
          Map.entry("final_layernorm", "nextn.shared_head_norm"));

  /**
   * What to convert and how.
   *
   * @param folder has {@code model.safetensors} (or shards with their index) and {@code
   *     config.json}
   * @param mix stored form of matrices
   * @param tokenizer {@code tokenizer.json}, or {@code vocab.json} with {@code merges.txt}; null
   *     looks in the folder
   * @param chatTemplate file of the template; null takes that of {@code tokenizer_config.json}
   * @param metadata further string metadata
   */
  public record Job(
      Path folder,
      QuantMix mix,
      @Nullable String tokenizer,
      @Nullable Path chatTemplate,
      Map<String, String> metadata) {
    /** Takes a copy. */
    public Job {
      metadata = new LinkedHashMap<>(metadata);
    }
  }

  private final Job job;
  private final JsonNode config;
  private final GgufWriter writer = new GgufWriter();

  private SafetensorsConverter(Job job) throws IOException {
    this.job = job;
    config = HuggingFaceTokenizer.json(job.folder.resolve("config.json"));
  }

  /**
   * Converts. Values are read and written as they are needed, so memory does not grow with the
   * model. What an earlier call left unfinished is taken up when it was the same job.
   *
   * @param out the GGUF file, replaced if it exists
   * @param progress is told how far it is
   * @throws ModelLoadException if the folder holds no such model
   * @throws IOException if reading or writing fails
   */
  public static void convert(Job job, Path out, GgufWriter.Progress progress) throws IOException {
    SafetensorsConverter converter = new SafetensorsConverter(job);
    List<SafetensorsFile> files = new ArrayList<>();
    try {
      Map<String, SafetensorsFile.Tensor> tensors = new LinkedHashMap<>();
      for (Path path : converter.files()) {
        SafetensorsFile file = SafetensorsFile.open(path);
        files.add(file);
        tensors.putAll(file.tensors());
      }
      converter.putShape();
      converter.putTokenizer();
      converter.writer.put("hearth.source", fingerprint(tensors.values()));
      job.metadata.forEach(converter.writer::put);
      for (SafetensorsFile.Tensor tensor : tensors.values()) {
        converter.add(tensor);
      }
      converter.writer.write(out, progress);
    } finally {
      for (SafetensorsFile file : files) {
        file.close();
      }
    }
  }

  /**
   * Tells checkpoints of the same shape apart, so that the rest of one never follows the beginning
   * of another: SHA-256 over the first and last bytes of every tensor. Training changes a tensor
   * everywhere or not at all.
   */
  private static String fingerprint(Collection<SafetensorsFile.Tensor> tensors) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (SafetensorsFile.Tensor tensor : tensors) {
        int piece = (int) Math.min(tensor.size(), FINGERPRINT_BYTES);
        digest.update(tensor.bytes(0, piece));
        digest.update(tensor.bytes(tensor.size() - piece, piece));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private List<Path> files() throws IOException {
    Path index = job.folder.resolve("model.safetensors.index.json");
    Path single = job.folder.resolve("model.safetensors");
    if (Files.exists(single) || !Files.exists(index)) {
      return List.of(single);
    }
    TreeSet<String> shards = new TreeSet<>();
    HuggingFaceTokenizer.json(index)
        .path("weight_map")
        .properties()
        .forEach(entry -> shards.add(entry.getValue().asString()));
    for (String shard : shards) {
      if (!Path.of(shard).equals(Path.of(shard).getFileName())) {
        throw wrong(index.toString(), "weight_map", "file names without folders", shard);
      }
    }
    return shards.stream().map(job.folder::resolve).toList();
  }

  private void putShape() {
    String name = config.path("_name_or_path").asString("");
    String architecture = architecture();
    JsonNode scaling = config.path("rope_scaling");
    if (scaling.isObject()) {
      throw wrongConfig("rope_scaling", "null", scaling.toString());
    }
    writer.put("general.architecture", architecture);
    writer.put("general.name", name.isEmpty() ? String.valueOf(job.folder.getFileName()) : name);
    writer.put("general.quantization_version", 2);
    int hidden = integer("hidden_size");
    int heads = integer("num_attention_heads");
    int headDim = config.path("head_dim").asInt(hidden / heads);
    writer.put(architecture + ".block_count", integer("num_hidden_layers"));
    writer.put(architecture + ".context_length", integer("max_position_embeddings"));
    writer.put(architecture + ".embedding_length", hidden);
    writer.put(architecture + ".feed_forward_length", integer("intermediate_size"));
    writer.put(architecture + ".attention.head_count", heads);
    writer.put(
        architecture + ".attention.head_count_kv", config.path("num_key_value_heads").asInt(heads));
    writer.put(architecture + ".attention.key_length", headDim);
    writer.put(architecture + ".attention.value_length", headDim);
    writer.put(architecture + ".rope.dimension_count", headDim);
    writer.put(
        architecture + ".rope.freq_base", (float) config.path("rope_theta").asDouble(10_000));
    writer.put(
        architecture + ".attention.layer_norm_rms_epsilon",
        (float) config.path("rms_norm_eps").asDouble(1e-6));
    int nextLayers = config.path("num_nextn_predict_layers").asInt(0);
    if (nextLayers > 0) {
      writer.put(architecture + ".nextn_predict_layers", nextLayers);
    }
  }

  /** Files of MiMo go by the name of its base, as llama.cpp writes them. */
  private String architecture() {
    String type = config.path("model_type").asString("nothing");
    return switch (type) {
      case "qwen2", "mimo" -> "qwen2";
      case "qwen3" -> "qwen3";
      default -> throw wrongConfig("model_type", "qwen2, qwen3 or mimo", type);
    };
  }

  private void putTokenizer() throws IOException {
    HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.read(tokenizerPath());
    tokenizer.pad(config.path("vocab_size").asInt(tokenizer.size()));
    tokenizer.put(writer);
    putId("eos_token_id", "tokenizer.ggml.eos_token_id");
    putId("bos_token_id", "tokenizer.ggml.bos_token_id");
    putId("pad_token_id", "tokenizer.ggml.padding_token_id");
    Optional<String> template = chatTemplate();
    if (template.isPresent()) {
      writer.put("tokenizer.chat_template", template.get());
    }
  }

  private String tokenizerPath() {
    if (job.tokenizer != null) {
      return job.tokenizer;
    }
    Path whole = job.folder.resolve("tokenizer.json");
    return (Files.exists(whole) ? whole : job.folder.resolve("vocab.json")).toString();
  }

  private Optional<String> chatTemplate() throws IOException {
    if (job.chatTemplate != null) {
      return Optional.of(Files.readString(job.chatTemplate, StandardCharsets.UTF_8));
    }
    Path tokenizerConfig = job.folder.resolve("tokenizer_config.json");
    if (!Files.exists(tokenizerConfig)) {
      return Optional.empty();
    }
    JsonNode template = HuggingFaceTokenizer.json(tokenizerConfig).path("chat_template");
    return template.isString() ? Optional.of(template.asString()) : Optional.empty();
  }

  private void putId(String field, String key) {
    JsonNode id = config.path(field);
    JsonNode first = id.isArray() ? id.path(0) : id;
    if (first.isInt()) {
      writer.put(key, first.asInt());
    }
  }

  private void add(SafetensorsFile.Tensor tensor) throws IOException {
    boolean tied = config.path("tie_word_embeddings").asBoolean(false);
    if (tied && tensor.name().equals("lm_head.weight")) {
      return;
    }
    String name =
        ggufName(tensor.name())
            .orElseThrow(() ->
                wrong(
                    job.folder.toString(),
                    tensor.name(),
                    "a tensor name of Qwen2, Qwen3 or MiMo",
                    "an unknown one"));
    if (tensor.flat()) {
      float[] values = new float[tensor.columns()];
      tensor.read(0, values);
      writer.vector(name, WeightType.F32, values);
      return;
    }
    Matcher layer = LAYER.matcher(tensor.name());
    boolean ownHead = tied && name.equals("token_embd.weight");
    WeightType type =
        job.mix.of(
            ownHead ? "output.weight" : name,
            layer.matches() ? Integer.parseInt(layer.group(2)) : -1,
            integer("num_hidden_layers"),
            tensor.columns());
    writer.matrix(name, type, tensor.columns(), tensor.rows(), tensor::read);
  }

  private Optional<String> ggufName(String name) {
    String top = TOP.get(name);
    if (top != null) {
      return Optional.of(top);
    }
    Matcher matcher = LAYER.matcher(name);
    String part = matcher.matches() ? PARTS.get(matcher.group(3)) : null;
    if (part == null) {
      return Optional.empty();
    }
    int layer = Integer.parseInt(matcher.group(2));
    if (matcher.group(1).equals("mtp_layers")) {
      layer += integer("num_hidden_layers");
    }
    return Optional.of("blk." + layer + "." + part + "." + matcher.group(4));
  }

  private int integer(String field) {
    JsonNode value = config.path(field);
    if (!value.isInt()) {
      throw wrongConfig(field, "an integer", value.isMissingNode() ? "nothing" : value.toString());
    }
    return value.asInt();
  }

  private ModelLoadException wrongConfig(String field, String expected, String found) {
    return wrong(job.folder.resolve("config.json").toString(), field, expected, found);
  }

  private static ModelLoadException wrong(
      String file, String field, String expected, String found) {
    return new ModelLoadException(file, field, expected, found);
  }
}
