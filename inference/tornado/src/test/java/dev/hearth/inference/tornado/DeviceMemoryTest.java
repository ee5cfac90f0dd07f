package dev.hearth.inference.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.inference.KvType;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.backend.BackendUnfitException;
import dev.hearth.inference.generate.ModelFile;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs no device: the memory is a number. */
class DeviceMemoryTest {

  private static final long MEGABYTE = 1 << 20;

  @TempDir Path folder = Path.of("unset");

  private DeviceMemory memory(long total, long longest) {
    Path path = TinyModel.ofType(WeightType.F32).write(folder.resolve("tiny.gguf"));
    try (GgufFile file = GgufFile.open(path)) {
      DecoderPlan plan = new ModelFile(file).plan(ModelOptions.defaults());
      return new DeviceMemory(plan, KvType.F32, total, longest);
    }
  }

  @Test
  void roomyDevicesHoldTwoContexts() {
    DeviceMemory memory = memory(1024 * MEGABYTE, 256 * MEGABYTE);
    assertThat(memory.pages()).isEqualTo(2 * TinyModel.CONTEXT / Pass.PAGE);
  }

  @Test
  void namesTheContextThatWouldFit() {
    // A page takes 32 KB, weights and activations about 600.
    DeviceMemory memory = memory(MEGABYTE, MEGABYTE);
    assertThatThrownBy(memory::pages)
        .isInstanceOf(BackendUnfitException.class)
        .hasMessageContaining("a context of ")
        .hasMessageContaining("not 512; set a smaller context length");
  }

  @Test
  void namesTheQuantisationWhereNoContextFits() {
    DeviceMemory memory = memory(MEGABYTE / 2 + 171_000, MEGABYTE);
    assertThatThrownBy(memory::pages)
        .isInstanceOf(BackendUnfitException.class)
        .hasMessageContaining("take a smaller quantisation: Q6_K fits");
  }

  @Test
  void saysWhereNoQuantisationFits() {
    DeviceMemory memory = memory(100_000, MEGABYTE);
    assertThatThrownBy(memory::pages)
        .isInstanceOf(BackendUnfitException.class)
        .hasMessageContaining("take a smaller model");
  }

  @Test
  void namesTheWeightThatIsTooLongForOneBuffer() {
    DeviceMemory memory = memory(1024 * MEGABYTE, 100_000);
    assertThatThrownBy(memory::pages)
        .isInstanceOf(BackendUnfitException.class)
        .hasMessageContaining("token_embd.weight")
        .hasMessageContaining("in one piece");
  }
}
