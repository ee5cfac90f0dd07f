package dev.hearth.inference.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.inference.FinishReason;
import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelLoadException;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.TokenListener;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.testing.TinyVocabulary;
import dev.hearth.inference.tokenizer.TokenKind;
import dev.hearth.inference.tokenizer.Vocabulary;
import dev.hearth.inference.weight.WeightType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class SafetensorsConverterTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LAYERS = 2;

  @TempDir Path folder = Path.of("unset");
  private Path original = Path.of("unset");
  private Path out = Path.of("unset");

  @BeforeEach
  void writeFolder() throws IOException {
    original =
        TinyModel.ofType(WeightType.F32).withNextToken().write(folder.resolve("original.gguf"));
    out = folder.resolve("out.gguf");
    writeConfig();
    writeTokenizer();
    writeSafetensors();
  }

  private void writeConfig() throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"model_type": "mimo", "hidden_size": 64, "num_hidden_layers": 2,
         "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16,
         "intermediate_size": 96, "vocab_size": 448, "max_position_embeddings": 512,
         "rope_theta": 10000, "rms_norm_eps": 1e-05, "tie_word_embeddings": true,
         "num_nextn_predict_layers": 1, "eos_token_id": %d}
        """
            .formatted(TinyVocabulary.ofSize(448).tokens().indexOf(TinyVocabulary.END)));
  }

  private void writeTokenizer() throws IOException {
    Vocabulary words = TinyVocabulary.ofSize(448);
    ObjectNode root = JSON.createObjectNode();
    ObjectNode vocabulary = root.putObject("model").putObject("vocab");
    ArrayNode merges = ((ObjectNode) root.get("model")).putArray("merges");
    ArrayNode added = root.putArray("added_tokens");
    for (int id = 0; id < words.tokens().size(); id++) {
      TokenKind kind = words.kinds().get(id);
      if (kind == TokenKind.NORMAL) {
        vocabulary.put(words.tokens().get(id), id);
      } else if (kind != TokenKind.UNUSED) {
        added
            .addObject()
            .put("id", id)
            .put("content", words.tokens().get(id))
            .put("special", kind == TokenKind.CONTROL);
      }
    }
    words.merges().forEach(merges::add);
    Files.writeString(folder.resolve("tokenizer.json"), root.toString());
  }

  /** Hugging Face's name of a tensor. */
  private static String name(String gguf) {
    String name =
        gguf.replace("token_embd", "model.embed_tokens")
            .replace("output_norm", "model.norm")
            .replace("blk." + LAYERS + ".nextn.enorm", "model.mtp_layers.0.token_layernorm")
            .replace("blk." + LAYERS + ".nextn.hnorm", "model.mtp_layers.0.hidden_layernorm")
            .replace("blk." + LAYERS + ".nextn.eh_proj", "model.mtp_layers.0.input_proj")
            .replace(
                "blk." + LAYERS + ".nextn.shared_head_norm", "model.mtp_layers.0.final_layernorm")
            .replace("blk." + LAYERS + ".", "model.mtp_layers.0.")
            .replace("blk.", "model.layers.");
    return name.replace("attn_norm", "input_layernorm")
        .replace("attn_q_norm", "self_attn.q_norm")
        .replace("attn_k_norm", "self_attn.k_norm")
        .replace("attn_q", "self_attn.q_proj")
        .replace("attn_k", "self_attn.k_proj")
        .replace("attn_v", "self_attn.v_proj")
        .replace("attn_output", "self_attn.o_proj")
        .replace("ffn_norm", "post_attention_layernorm")
        .replace("ffn_gate", "mlp.gate_proj")
        .replace("ffn_up", "mlp.up_proj")
        .replace("ffn_down", "mlp.down_proj");
  }

  private void writeSafetensors() throws IOException {
    ObjectNode header = JSON.createObjectNode();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    try (GgufFile file = GgufFile.open(original)) {
      for (GgufTensor tensor : file.tensors().values()) {
        ObjectNode entry = header.putObject(name(tensor.name())).put("dtype", "F32");
        ArrayNode shape = entry.putArray("shape");
        if (tensor.rows() > 1) {
          shape.add(tensor.rows());
        }
        shape.add(tensor.columns());
        entry.putArray("data_offsets").add(data.size()).add(data.size() + 4 * tensor.size());
        data.writeBytes(tensor.data().toArray(ValueLayout.JAVA_BYTE));
      }
    }
    write(header, data.toByteArray());
  }

  private void write(ObjectNode header, byte[] data) throws IOException {
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer all =
        ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    all.putLong(text.length).put(text).put(data);
    Files.write(folder.resolve("model.safetensors"), all.array());
  }

  private static Map<String, float[]> values(Path path) {
    Map<String, float[]> values = new LinkedHashMap<>();
    try (GgufFile file = GgufFile.open(path)) {
      for (GgufTensor tensor : file.tensors().values()) {
        float[] all = new float[(int) tensor.size()];
        tensor.type().codec().dequantise(tensor.data(), 0, all, 0, all.length);
        values.put(tensor.name(), all);
      }
    }
    return values;
  }

  @Test
  void keepsEveryTensorUnderItsGgufName() {
    int status =
        ConvertMain.run(
            new String[] {
              folder.toString(),
              out.toString(),
              "--quant",
              "f32",
              "--metadata",
              "hearth.tool_call.open=<call>",
              "--metadata",
              "general.name=converted=1"
            });
    assertThat(status).isZero();
    Map<String, float[]> expected = values(original);
    Map<String, float[]> actual = values(out);
    assertThat(actual.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach((name, all) -> assertThat(actual.get(name)).as(name).containsExactly(all));
    try (LanguageModel model = LanguageModel.load(out, ModelOptions.defaults())) {
      assertThat(model.info().name()).isEqualTo("converted=1");
      assertThat(model.toolCallSyntax().open()).isEqualTo("<call>");
      assertThat(model.tokenizer().idOf(TinyVocabulary.CALL)).isPresent();
      int[] prompt = model.tokenizer().encode("<|im_start|>turn on the light", true);
      assertThat(
              model
                  .generate(GenerationRequest.of(prompt).maxTokens(3).build(), TokenListener.NONE)
                  .reason())
          .isIn(FinishReason.LENGTH, FinishReason.STOP);
    }
  }

  @Test
  void keepsQwen3sNormsOfHeads() throws IOException {
    TinyModel.ofType(WeightType.F32).qwen3().write(original);
    Path config = folder.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("\"mimo\"", "\"qwen3\"")
            .replace("\"num_nextn_predict_layers\": 1, ", ""));
    writeSafetensors();
    SafetensorsConverter.convert(
        new SafetensorsConverter.Job(folder, QuantMix.F32, null, null, Map.of()),
        out,
        GgufWriter.Progress.NONE);
    Map<String, float[]> expected = values(original);
    Map<String, float[]> actual = values(out);
    assertThat(actual.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach((name, all) -> assertThat(actual.get(name)).as(name).containsExactly(all));
    assertThat(actual).containsKey("blk.1.attn_k_norm.weight");
    try (LanguageModel model = LanguageModel.load(out, ModelOptions.defaults())) {
      assertThat(model.info().architecture()).isEqualTo("qwen3");
    }
  }

  @Test
  void neverTakesUpWhatAnotherCheckpointOfTheSameShapeLeft() throws IOException {
    SafetensorsConverter.Job job =
        new SafetensorsConverter.Job(folder, QuantMix.F32, null, null, Map.of());
    SafetensorsConverter.convert(job, out, GgufWriter.Progress.NONE);
    Path part = folder.resolve("out.gguf.part");
    Files.move(out, part);
    byte[] checkpoint = Files.readAllBytes(folder.resolve("model.safetensors"));
    checkpoint[checkpoint.length - 1] ^= 1;
    Files.write(folder.resolve("model.safetensors"), checkpoint);
    SafetensorsConverter.convert(job, out, GgufWriter.Progress.NONE);
    byte[] over = Files.readAllBytes(out);
    Files.delete(out);
    SafetensorsConverter.convert(job, out, GgufWriter.Progress.NONE);
    assertThat(over).isEqualTo(Files.readAllBytes(out));
  }

  @Test
  void refusesOtherArchitectures() throws IOException {
    Path config = folder.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\"mimo\"", "\"llama\""));
    assertRefused("qwen2, qwen3 or mimo, found llama");
    writeConfig();
    Files.writeString(config, Files.readString(config).replace("\"model_type\"", "\"type\""));
    assertRefused("qwen2, qwen3 or mimo, found nothing");
  }

  @Test
  void refusesScaledPositionsWhichTheEngineDoesNotCompute() throws IOException {
    Path config = folder.resolve("config.json");
    String scaled = "{\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4.0},";
    Files.writeString(config, Files.readString(config).replaceFirst("\\{", scaled));
    assertRefused("rope_scaling: expected null");
  }

  @Test
  void quantisesMatricesAndKeepsVectors() throws IOException {
    SafetensorsConverter.convert(
        new SafetensorsConverter.Job(folder, QuantMix.Q8_0, null, null, Map.of()),
        out,
        GgufWriter.Progress.NONE);
    try (GgufFile file = GgufFile.open(out)) {
      assertThat(file.tensor("blk.0.attn_q.weight").orElseThrow().type())
          .isEqualTo(WeightType.Q8_0);
      assertThat(file.tensor("blk.0.attn_q.bias").orElseThrow().type()).isEqualTo(WeightType.F32);
    }
  }

  @Test
  void saysWhatIsWrongWithTheArguments() {
    assertThat(ConvertMain.run(new String[] {"only-one"})).isEqualTo(2);
    assertThat(ConvertMain.run(new String[] {folder.toString(), out.toString(), "--quant", "q9"}))
        .isEqualTo(2);
    assertThat(ConvertMain.run(new String[] {folder.toString(), out.toString(), "--quant"}))
        .isEqualTo(2);
    assertThat(ConvertMain.run(new String[] {folder.resolve("no").toString(), out.toString()}))
        .isEqualTo(2);
    assertThat(out).doesNotExist();
  }

  private void assertRefused(String field) {
    SafetensorsConverter.Job job =
        new SafetensorsConverter.Job(folder, QuantMix.F32, null, null, Map.of());
    assertThatThrownBy(() -> SafetensorsConverter.convert(job, out, GgufWriter.Progress.NONE))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(field);
  }

  @Test
  void refusesTensorsItDoesNotKnowOrThatDoNotFit() throws IOException {
    ObjectNode unknown = JSON.createObjectNode();
    unknown.putObject("model.visual.weight").put("dtype", "F32");
    ((ObjectNode) unknown.get("model.visual.weight")).putArray("shape").add(2);
    ((ObjectNode) unknown.get("model.visual.weight")).putArray("data_offsets").add(0).add(8);
    write(unknown, new byte[8]);
    assertRefused("model.visual.weight");
    write(unknown, new byte[4]);
    assertRefused("data offsets");
    Files.write(folder.resolve("model.safetensors"), new byte[] {1, 2, 3});
    assertRefused("header length");
    Files.write(
        folder.resolve("model.safetensors"),
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(8).array());
    assertRefused("JSON");
  }
}
