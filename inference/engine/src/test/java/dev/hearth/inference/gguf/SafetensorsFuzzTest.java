package dev.hearth.inference.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.ModelLoadException;
import dev.hearth.inference.testing.Fuzz;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged safetensors files end in a load exception or are read within their bytes. */
class SafetensorsFuzzTest {

  private static final String HEADER =
      "{\"__metadata__\":{\"format\":\"pt\"},"
          + "\"a.weight\":{\"dtype\":\"BF16\",\"shape\":[4,8],\"data_offsets\":[0,64]},"
          + "\"b.bias\":{\"dtype\":\"F32\",\"shape\":[8],\"data_offsets\":[64,96]}}";

  private static final List<String> VALUES =
      List.of(
          "-1",
          "0",
          "9223372036854775807",
          "99999999999999999999999",
          "1e308",
          "1e999",
          "2147483648",
          "null",
          "[]",
          "{}",
          "[[1]]",
          "\"F16\"",
          "\"I64\"",
          "true",
          "4294967297");

  @TempDir Path folder = Path.of("unset");

  private static byte[] file(String header, long claimed) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + 96)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(claimed == -1 ? text.length : claimed)
        .put(text)
        .array();
  }

  private boolean reads(byte[] bytes) throws IOException {
    Path path = Files.write(folder.resolve("model.safetensors"), bytes);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      Map<String, SafetensorsFile.Tensor> tensors = file.tensors();
      for (SafetensorsFile.Tensor tensor : tensors.values()) {
        tensor.read(tensor.rows() - 1, new float[tensor.columns()]);
      }
      return !tensors.isEmpty();
    } catch (ModelLoadException e) {
      assertThat(e.file()).endsWith("model.safetensors");
      return false;
    }
  }

  @Test
  void theSoundFileIsRead() throws IOException {
    assertThat(reads(file(HEADER, -1))).isTrue();
  }

  @Test
  void absurdValuesNeverBreakOut() {
    Fuzz.each(
        800,
        random -> {
          StringBuilder header = new StringBuilder(HEADER);
          for (int n = 1 + random.nextInt(3); n > 0; n--) {
            replaceAValue(header, random);
          }
          reads(file(header.toString(), -1));
        });
  }

  private static void replaceAValue(StringBuilder header, Random random) {
    int start = 1 + random.nextInt(header.length() - 1);
    while (start > 0 && ",:[".indexOf(header.charAt(start - 1)) < 0) {
      start--;
    }
    int end = start;
    while (end < header.length() && ",:]}".indexOf(header.charAt(end)) < 0) {
      end++;
    }
    header.replace(start, end, VALUES.get(random.nextInt(VALUES.size())));
  }

  @Test
  void flippedAndMissingBytesNeverBreakOut() {
    Fuzz.each(
        800,
        random -> {
          byte[] bytes = file(HEADER, -1);
          for (int n = random.nextInt(5); n > 0; n--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
          }
          reads(random.nextBoolean() ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length)));
        });
  }

  @Test
  void headersThatLieAboutTheirLengthOrNestWithoutEndAreRefused() throws IOException {
    for (long claimed : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, 0, 1, 1L << 40, 400}) {
      assertThat(reads(file(HEADER, claimed))).as("%d", claimed).isFalse();
    }
    assertThat(reads(file("{\"a\":" + "[".repeat(200_000), -1))).isFalse();
    assertThat(reads(file("null", -1))).isFalse();
    assertThat(reads(file("  ", -1))).isFalse();
    assertThat(reads(new byte[0])).isFalse();
  }
}
