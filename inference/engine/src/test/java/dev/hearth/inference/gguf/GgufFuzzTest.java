package dev.hearth.inference.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelLoadException;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Damaged files end in a load exception or load; nothing else may happen. */
class GgufFuzzTest {

  private static Path folder = Path.of("unset");
  private static byte[] sound = {};

  @BeforeContainer
  static void write() throws IOException {
    folder = Files.createTempDirectory("gguf-fuzz");
    TinyModel small =
        new TinyModel("qwen2", 1, 32, 2, 1, 16, 32, 320, WeightType.Q8_0, true, true, false);
    sound = Files.readAllBytes(small.write(folder.resolve("sound.gguf")));
  }

  @AfterContainer
  static void delete() throws IOException {
    for (String name : new String[] {"sound.gguf", "damaged.gguf"}) {
      Files.deleteIfExists(folder.resolve(name));
    }
    Files.deleteIfExists(folder);
  }

  /** Loads and says whether the file was taken; anything but a load exception fails the test. */
  private static boolean loads(byte[] bytes) {
    try {
      Path path = Files.write(folder.resolve("damaged.gguf"), bytes);
      LanguageModel.load(path, ModelOptions.defaults().withBackend("scalar").withThreads(1))
          .close();
      return true;
    } catch (ModelLoadException e) {
      assertThat(e.file()).endsWith("damaged.gguf");
      return false;
    } catch (IOException e) {
      throw new AssertionError("cannot write the test's file", e);
    }
  }

  @Example
  void theSoundFileLoads() {
    assertThat(loads(sound)).isTrue();
  }

  @Property(tries = 300)
  void everyTruncationIsRefused(@ForAll long seed) {
    int length = new SplittableRandom(seed).nextInt(sound.length - 32);
    assertThat(loads(Arrays.copyOf(sound, length))).isFalse();
  }

  @Property(tries = 1000)
  void flippedBytesNeverBreakOut(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] damaged = sound.clone();
    int headerBytes = 14_000;
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      damaged[random.nextInt(Math.min(headerBytes, sound.length))] = (byte) random.nextInt();
    }
    loads(damaged);
  }

  @Property(tries = 500)
  void absurdNumbersNeverBreakOut(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] damaged = sound.clone();
    long[] absurd = {-1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 31, 1L << 40, 0xFFFF_FFFFL, 0};
    int at = random.nextInt(2_000);
    long value = absurd[random.nextInt(absurd.length)];
    for (int i = 0; i < Long.BYTES; i++) {
      damaged[at + i] = (byte) (value >>> (8 * i));
    }
    loads(damaged);
  }

  @Property(tries = 300)
  void noiseIsRefused(@ForAll byte[] noise) {
    byte[] withMagic = new byte[noise.length + 8];
    System.arraycopy(sound, 0, withMagic, 0, 8);
    System.arraycopy(noise, 0, withMagic, 8, noise.length);
    assertThat(loads(withMagic)).isFalse();
  }
}
