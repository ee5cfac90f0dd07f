package dev.hearth.inference.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.inference.Sampling;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SamplerTest {

  private static final float[] LOGITS = logits(0.4, 0.3, 0.2, 0.06, 0.04);
  private static final long[] ALL = {0b11111};

  private static float[] logits(double... probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.log(probabilities[i]);
    }
    return logits;
  }

  private static double[] shares(Sampling sampling, long[] allowed) {
    Sampler sampler = RandomSampler.of(sampling, LOGITS.length);
    double[] shares = new double[LOGITS.length];
    for (int i = 0; i < 20_000; i++) {
      shares[sampler.sample(LOGITS, allowed)] += 1 / 20_000.0;
    }
    return shares;
  }

  private static Set<Integer> drawn(Sampling sampling) {
    double[] shares = shares(sampling, ALL);
    Set<Integer> drawn = new TreeSet<>();
    for (int i = 0; i < shares.length; i++) {
      if (shares[i] > 0) {
        drawn.add(i);
      }
    }
    return drawn;
  }

  @Test
  void greedyTakesTheHighestAllowed() {
    Sampler sampler = RandomSampler.of(Sampling.greedy(), 5);
    assertThat(sampler.sample(LOGITS, ALL)).isZero();
    assertThat(sampler.sample(LOGITS, new long[] {0b11100})).isEqualTo(2);
    assertThat(sampler.sample(LOGITS, new long[] {0})).isEqualTo(-1);
    assertThat(sampler.sample(new float[] {1, 2, 2}, new long[] {0b111})).isEqualTo(1);
  }

  @Test
  void greedyStillChoosesAmongNumbersThatAreNone() {
    Sampler sampler = new GreedySampler();
    assertThat(sampler.sample(new float[] {Float.NaN, Float.NaN}, new long[] {0b10})).isEqualTo(1);
  }

  @Test
  void drawsByProbability() {
    double[] shares = shares(Sampling.ofTemperature(1, 42), ALL);
    assertThat(shares).containsExactly(new double[] {0.4, 0.3, 0.2, 0.06, 0.04}, within(0.015));
  }

  @Test
  void temperatureSharpens() {
    double[] shares = shares(Sampling.ofTemperature(0.5f, 42), ALL);
    assertThat(shares[0]).isCloseTo(0.16 / 0.2952, within(0.015));
  }

  @Test
  void topKKeepsTheMostProbable() {
    assertThat(drawn(new Sampling(1, 1, 0, 2, 1))).containsExactly(0, 1);
  }

  @Test
  void topPKeepsTheSmallestSetThatReachesIt() {
    assertThat(drawn(new Sampling(1, 0.65f, 0, 0, 1))).containsExactly(0, 1);
    assertThat(drawn(new Sampling(1, 0.75f, 0, 0, 1))).containsExactly(0, 1, 2);
  }

  @Test
  void minPDropsTheImprobable() {
    assertThat(drawn(new Sampling(1, 1, 0.4f, 0, 1))).containsExactly(0, 1, 2);
  }

  @Test
  void masksBeforeItDraws() {
    double[] shares = shares(Sampling.ofTemperature(1, 3), new long[] {0b01001});
    assertThat(shares[0]).isCloseTo(0.4 / 0.46, within(0.015));
    assertThat(shares[1]).isZero();
    assertThat(RandomSampler.of(Sampling.ofTemperature(1, 3), 5).sample(LOGITS, new long[] {0}))
        .isEqualTo(-1);
  }

  @Test
  void equalSeedsDrawEqually() {
    Sampling sampling = new Sampling(1, 0.9f, 0.01f, 4, 99);
    Sampler one = RandomSampler.of(sampling, 5);
    Sampler two = RandomSampler.of(sampling, 5);
    for (int i = 0; i < 100; i++) {
      assertThat(one.sample(LOGITS, ALL)).isEqualTo(two.sample(LOGITS, ALL));
    }
  }

  @Test
  void namesTheValueThatIsOutOfRange() {
    assertThatThrownBy(() -> new Sampling(1, 0, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("topP")
        .hasMessageContaining("0.0");
    assertThatThrownBy(() -> Sampling.ofTemperature(Float.NaN, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("temperature");
  }
}
