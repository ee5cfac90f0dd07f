package dev.hearth.inference.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelLoadException;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GgufFileTest {

  @TempDir Path folder = Path.of("unset");

  /** Builds headers by hand, right or wrong. */
  private static final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Bytes i32(int value) {
      out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
      return this;
    }

    Bytes i64(long value) {
      out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
      return this;
    }

    Bytes text(String value) {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      i64(bytes.length);
      out.writeBytes(bytes);
      return this;
    }

    Bytes zeros(int count) {
      out.writeBytes(new byte[count]);
      return this;
    }

    static Bytes header(int version, long tensors, long entries) {
      return new Bytes().i32(GgufParser.MAGIC).i32(version).i64(tensors).i64(entries);
    }
  }

  private Path file(Bytes bytes) {
    return file(bytes.out.toByteArray());
  }

  private Path file(byte[] bytes) {
    try {
      return Files.write(folder.resolve("model.gguf"), bytes);
    } catch (IOException e) {
      throw new AssertionError("cannot write the test's file", e);
    }
  }

  private void assertRefused(Path path, String field, String expected, String found) {
    assertThatThrownBy(
            () -> {
              try (GgufFile file = GgufFile.open(path)) {
                throw new AssertionError("was read: " + file.name());
              }
            })
        .isInstanceOfSatisfying(
            ModelLoadException.class,
            e -> {
              assertThat(e.file()).isEqualTo(path.toString());
              assertThat(e.field()).contains(field);
              assertThat(e.expected()).contains(expected);
              assertThat(e.found()).contains(found);
            });
  }

  @ParameterizedTest
  @EnumSource(WeightType.class)
  void readsWhatTheWriterWrote(WeightType type) throws IOException {
    int width = Math.max(64, type.blockValues());
    float[] row = new float[width];
    for (int i = 0; i < width; i++) {
      row[i] = (i - 32) / 32f;
    }
    byte[] stored = new byte[(int) type.bytes(width)];
    type.codec().quantise(row, 0, width, MemorySegment.ofArray(stored), 0);
    Path path = folder.resolve("written.gguf");
    new GgufWriter()
        .put("a.string", "grüße")
        .put("a.count", 7)
        .put("a.number", 0.5f)
        .put("a.flag", true)
        .put("a.list", new String[] {"x", "", "灯"})
        .put("a.numbers", new int[] {1, -2})
        .matrix("m", type, width, 3, (index, target) -> System.arraycopy(row, 0, target, 0, width))
        .vector("v", WeightType.F32, new float[] {1, 2, 3})
        .write(path);
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(file.version()).isEqualTo(3);
      assertThat(file.string("a.string")).contains("grüße");
      assertThat(file.integer("a.count", 0, 10)).contains(7);
      assertThat(file.real("a.number")).contains(0.5);
      assertThat(file.real("a.count")).contains(7.0);
      assertThat(file.bool("a.flag")).contains(true);
      assertThat(file.strings("a.list").orElseThrow()).containsExactly("x", "", "灯");
      assertThat(file.integers("a.numbers").orElseThrow()).containsExactly(1, -2);
      assertThat(file.string("nothing")).isEmpty();
      GgufTensor matrix = file.tensor("m").orElseThrow();
      assertThat(matrix.rows()).isEqualTo(3);
      assertThat(matrix.columns()).isEqualTo(width);
      assertThat(matrix.data().asSlice(stored.length, stored.length).toArray(ValueLayout.JAVA_BYTE))
          .containsExactly(stored);
      assertThat(file.tensor("v").orElseThrow().rows()).isEqualTo(1);
      assertThatThrownBy(() -> file.string("a.count"))
          .isInstanceOf(ModelLoadException.class)
          .hasMessageContaining("a.count")
          .hasMessageContaining("a string");
      assertThatThrownBy(() -> file.integer("a.count", 8, 9))
          .isInstanceOf(ModelLoadException.class)
          .hasMessageContaining("8 to 9");
    }
  }

  @Test
  void readsVersionTwo() {
    Bytes bytes = Bytes.header(2, 0, 1).text("k").i32(8).text("v");
    try (GgufFile file = GgufFile.open(file(bytes))) {
      assertThat(file.version()).isEqualTo(2);
      assertThat(file.string("k")).contains("v");
    }
  }

  @Test
  void refusesAFileThatIsNotThere() {
    assertRefused(folder.resolve("absent.gguf"), "file", "readable", "NoSuchFile");
  }

  @Test
  void refusesAFolder() {
    assertThatThrownBy(() -> GgufFile.open(folder)).isInstanceOf(ModelLoadException.class);
  }

  @Test
  void refusesAnEmptyFile() {
    assertRefused(file(new byte[0]), "magic", "4 bytes", "end of the file");
  }

  @Test
  void refusesAnotherMagic() {
    assertRefused(file(new Bytes().i32(0x6c6d6767).i64(0)), "magic", "GGUF", "0x67676d6c");
  }

  @Test
  void refusesAnotherVersion() {
    assertRefused(file(Bytes.header(1, 0, 0)), "version", "2 or 3", "1");
    assertRefused(
        file(Bytes.header(Integer.reverseBytes(3), 0, 0)),
        "version",
        "little-endian",
        "big-endian");
  }

  @Test
  void refusesAbsurdCounts() {
    assertRefused(file(Bytes.header(3, Long.MAX_VALUE, 0)), "tensor count", "at most", "92233");
    assertRefused(file(Bytes.header(3, -1, 0)), "tensor count", "at most", "18446744073709551615");
    assertRefused(file(Bytes.header(3, 0, 1L << 40)), "metadata count", "at most", "1099511627776");
    Bytes array = Bytes.header(3, 0, 1).text("k").i32(9).i32(4).i64(1L << 33).zeros(64);
    assertRefused(file(array), "k length", "at most", "8589934592");
  }

  @Test
  void refusesStringsBeyondTheEnd() {
    assertRefused(
        file(Bytes.header(3, 0, 1).i64(1L << 50).zeros(30)),
        "metadata key 0",
        "bytes left",
        "11258");
  }

  @Test
  void refusesDeepNesting() {
    Bytes bytes = Bytes.header(3, 0, 1).text("k").i32(9);
    for (int i = 0; i < 5; i++) {
      bytes.i32(9).i64(1);
    }
    assertRefused(file(bytes.zeros(64)), "k", "levels", "more");
  }

  @Test
  void refusesUnknownValueTypesAndDoubleKeys() {
    assertRefused(file(Bytes.header(3, 0, 1).text("k").i32(99).zeros(8)), "k", "value type", "99");
    Bytes twice = Bytes.header(3, 0, 2).text("k").i32(4).i32(1).text("k").i32(4).i32(2);
    assertRefused(file(twice), "k", "one value", "second");
  }

  private static Bytes oneTensor(int type, long offset, long... dimensions) {
    Bytes bytes = Bytes.header(3, 1, 0).text("t").i32(dimensions.length);
    for (long dimension : dimensions) {
      bytes.i64(dimension);
    }
    return bytes.i32(type).i64(offset);
  }

  @Test
  void refusesTensorsThatDoNotFit() {
    assertRefused(file(oneTensor(0, 0, 8).zeros(16)), "t", "32 bytes", "truncated");
    assertRefused(file(oneTensor(0, 1L << 62, 8).zeros(99)), "t", "32 bytes", "data section");
    assertRefused(file(oneTensor(0, 4, 8).zeros(99)), "t", "multiple of 32", "4");
    assertRefused(file(oneTensor(0, -32, 8).zeros(99)), "t", "multiple of 32", "18446");
    assertRefused(
        file(oneTensor(0, 0, (1L << 31) - 1, 1L << 30).zeros(99)),
        "t",
        "bytes at offset",
        "section");
  }

  @Test
  void refusesOddShapes() {
    assertRefused(file(oneTensor(0, 0).zeros(32)), "t", "dimensions", "0");
    assertRefused(file(oneTensor(0, 0, 1, 1, 1, 1, 1).zeros(32)), "t", "dimensions", "5");
    assertRefused(file(oneTensor(0, 0, 0).zeros(32)), "t", "dimensions of 1", "0");
    assertRefused(file(oneTensor(0, 0, -1).zeros(32)), "t", "dimensions of 1", "18446");
    assertRefused(
        file(oneTensor(0, 0, 1, 1 << 30, 1 << 30).zeros(32)), "t", "rows", "1152921504606846976");
    assertRefused(file(oneTensor(8, 0, 33).zeros(99)), "t", "multiple of 32", "33");
  }

  @Test
  void namesUnsupportedWeightTypes() {
    assertRefused(file(oneTensor(10, 0, 256).zeros(999)), "t", "Q8_0", "Q2_K (type 10)");
    assertRefused(file(oneTensor(77, 0, 256).zeros(999)), "t", "Q8_0", "unknown (type 77)");
  }

  private void assertNotLoaded(GgufWriter writer, String field, String expected, String found) {
    Path path = TinyModel.write(folder.resolve("model.gguf"), writer);
    assertThatThrownBy(() -> LanguageModel.load(path, ModelOptions.defaults()).close())
        .isInstanceOfSatisfying(
            ModelLoadException.class,
            e -> {
              assertThat(e.file()).isEqualTo(path.toString());
              assertThat(e.field()).isEqualTo(field);
              assertThat(e.expected()).contains(expected);
              assertThat(e.found()).contains(found);
            });
  }

  private static GgufWriter tiny() {
    return TinyModel.ofType(WeightType.F32).writer();
  }

  @Test
  void refusesUnknownArchitectures() {
    assertNotLoaded(
        tiny().put("general.architecture", "mamba"), "general.architecture", "qwen2", "mamba");
  }

  @Test
  void refusesMissingTensors() {
    assertNotLoaded(
        tiny().put("qwen2.block_count", 3), "blk.2.attn_norm.weight", "1 x 64", "nothing");
  }

  @Test
  void refusesWrongShapes() {
    assertNotLoaded(
        tiny().put("qwen2.feed_forward_length", 128),
        "blk.0.ffn_gate.weight",
        "128 x 64",
        "96 x 64");
    assertNotLoaded(
        tiny().put("qwen2.attention.head_count_kv", 3),
        "qwen2.attention.head_count_kv",
        "divisor of 4",
        "3");
    assertNotLoaded(
        tiny().put("qwen2.attention.key_length", 15), "qwen2.attention.key_length", "even", "15");
  }

  @Test
  void refusesAbsurdSizes() {
    assertNotLoaded(
        tiny().put("qwen2.block_count", 2_000_000_000), "qwen2.block_count", "4096", "2000000000");
    assertNotLoaded(
        tiny().put("qwen2.context_length", -1), "qwen2.context_length", "1 to", "4294967295");
    assertNotLoaded(
        tiny().put("qwen2.rope.freq_base", Float.NaN), "qwen2.rope.freq_base", "positive", "NaN");
    assertNotLoaded(
        tiny().put("qwen2.embedding_length", "wide"), "qwen2.embedding_length", "integer", "wide");
  }

  @Test
  void refusesWhatItCannotCompute() {
    assertNotLoaded(
        tiny().put("qwen2.rope.scaling.type", "yarn"), "qwen2.rope.scaling.type", "none", "yarn");
    assertNotLoaded(
        tiny().put("tokenizer.ggml.pre", "llama3"), "tokenizer.ggml.pre", "qwen2", "llama3");
    assertNotLoaded(
        tiny().put("tokenizer.ggml.model", "llama"), "tokenizer.ggml.model", "gpt2", "llama");
  }
}
