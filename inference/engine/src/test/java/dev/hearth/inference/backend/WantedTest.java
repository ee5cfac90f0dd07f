package dev.hearth.inference.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WantedTest {

  private static BitSet some(SplittableRandom random, int size) {
    BitSet bits = new BitSet(size);
    int count = random.nextInt(1 + random.nextInt(1 + size));
    for (int i = 0; i < count; i++) {
      bits.set(random.nextInt(size));
    }
    return bits;
  }

  @Test
  void findsWhetherATokenOfARangeIsWanted() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 2_000; i++) {
      int size = 1 + random.nextInt(300);
      BitSet bits = some(random, size);
      Wanted wanted = new Wanted(bits.toLongArray(), false);
      int from = random.nextInt(size);
      int to = from + 1 + random.nextInt(size - from);
      int first = bits.nextSetBit(from);
      assertThat(wanted.any(from, to))
          .as("%s from %d to %d", bits, from, to)
          .isEqualTo(first >= 0 && first < to);
      assertThat(Wanted.ALL.any(from, to)).isTrue();
    }
  }

  @Test
  void copiesWhatIsWantedAndStaysWithinTheRow() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 2_000; i++) {
      int size = 1 + random.nextInt(300);
      float[] rows = new float[3 * size];
      for (int at = 0; at < rows.length; at++) {
        rows[at] = at;
      }
      BitSet bits = some(random, size);
      float[] target = new float[size];
      new Wanted(Arrays.copyOf(bits.toLongArray(), 1 + size / 64), true).copy(rows, size, target);
      bits.stream().forEach(id -> assertThat(target[id]).isEqualTo(size + id));
      for (int id = 0; id < size; id++) {
        assertThat(target[id]).isIn(0f, (float) (size + id));
      }
      Wanted.ALL.copy(rows, 2 * size, target);
      assertThat(target).containsExactly(Arrays.copyOfRange(rows, 2 * size, 3 * size));
    }
  }
}
