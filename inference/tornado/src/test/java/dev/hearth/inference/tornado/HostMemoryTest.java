package dev.hearth.inference.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/** Needs no device. */
@EnabledOnOs(OS.LINUX)
class HostMemoryTest {

  private static final int MANY = 3 << 20;

  @Test
  void arraysBeginWithZerosAndTakeAsManyValuesAsWereAsked() {
    ByteArray bytes = HostMemory.bytes(MANY);
    ShortArray shorts = HostMemory.shorts(7);
    FloatArray floats = HostMemory.floats(MANY);
    floats.set(MANY - 1, 3);
    assertThat(bytes.getSize()).isEqualTo(MANY);
    assertThat(bytes.get(MANY - 1)).isZero();
    assertThat(shorts.getSize()).isEqualTo(7);
    assertThat(floats.get(MANY - 1)).isEqualTo(3);
  }

  @Test
  void whatWasGivenBackIsGone() {
    FloatArray given = HostMemory.floats(MANY);
    FloatArray kept = HostMemory.floats(MANY);
    given.init(2);
    kept.init(3);
    HostMemory.giveBack(given);
    assertThat(given.get(MANY - 1)).isZero();
    assertThat(kept.get(MANY - 1)).isEqualTo(3);
  }

  @Test
  void memoryMovesToAnArrayOfItsSize() {
    FloatArray from = HostMemory.floats(MANY);
    FloatArray to = HostMemory.floats(MANY);
    from.init(2);
    HostMemory.move(from, to);
    assertThat(to.get(MANY - 1)).isEqualTo(2);
    assertThat(to.getSize()).isEqualTo(MANY);
    assertThat(from.get(MANY - 1)).isZero();
  }

  @Test
  void memoryDoesNotMoveToAnArrayOfAnotherSize() {
    FloatArray from = HostMemory.floats(MANY);
    FloatArray to = HostMemory.floats(MANY - 1);
    from.init(2);
    HostMemory.move(from, to);
    assertThat(from.get(0)).isEqualTo(2);
    assertThat(to.get(0)).isZero();
  }
}
