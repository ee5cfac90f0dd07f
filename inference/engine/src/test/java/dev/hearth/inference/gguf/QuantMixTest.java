package dev.hearth.inference.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.inference.weight.WeightType;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuantMixTest {

  private static final int LAYERS = 36;

  private static WeightType inLayer(QuantMix mix, int layer, String part) {
    return mix.of("blk." + layer + "." + part + ".weight", layer, LAYERS, 4096);
  }

  @Test
  void givesTheHeadSixBits() {
    assertThat(QuantMix.Q4_K_M.of("output.weight", -1, LAYERS, 4096)).isEqualTo(WeightType.Q6_K);
    assertThat(QuantMix.Q5_K_M.of("output.weight", -1, LAYERS, 4096)).isEqualTo(WeightType.Q6_K);
    assertThat(QuantMix.Q4_K_M.of("token_embd.weight", -1, LAYERS, 4096))
        .isEqualTo(WeightType.Q4_K);
  }

  @Test
  void givesTheFirstAndLastEighthAndEveryThirdLayerSixBitsWhereItCounts() {
    int[] expected = {0, 1, 2, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 31, 32, 33, 34, 35};
    for (String part : new String[] {"attn_v", "ffn_down"}) {
      assertThat(
              IntStream.range(0, LAYERS)
                  .filter(l -> inLayer(QuantMix.Q4_K_M, l, part) == WeightType.Q6_K))
          .containsExactly(IntStream.of(expected).boxed().toArray(Integer[]::new));
    }
    assertThat(IntStream.range(0, LAYERS).mapToObj(l -> inLayer(QuantMix.Q4_K_M, l, "attn_q")))
        .containsOnly(WeightType.Q4_K);
  }

  @Test
  void usesOneTypeForUnmixedForms() {
    for (String part : new String[] {"attn_v", "ffn_up"}) {
      assertThat(inLayer(QuantMix.Q8_0, 0, part)).isEqualTo(WeightType.Q8_0);
      assertThat(inLayer(QuantMix.Q4_0, 0, part)).isEqualTo(WeightType.Q4_0);
    }
  }

  @Test
  void fallsBackWhereRowsAreNoMultipleOfABlock() {
    assertThat(QuantMix.Q4_K_M.of("blk.0.attn_q.weight", 0, LAYERS, 96)).isEqualTo(WeightType.Q8_0);
    assertThat(QuantMix.Q4_K_M.of("blk.0.attn_q.weight", 0, LAYERS, 77)).isEqualTo(WeightType.F16);
  }

  @Test
  void namesWhatThereIsWhenAskedForAnother() {
    assertThat(QuantMix.of("q4_k_m")).isEqualTo(QuantMix.Q4_K_M);
    assertThatThrownBy(() -> QuantMix.of("q9"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("q9", "Q4_K_M", "Q8_0");
  }
}
