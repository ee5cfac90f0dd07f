package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.plan.Weight;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.Stream;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * A matrix in the form that the kernels read: its blocks taken apart into arrays of one kind each,
 * half-precision scales widened to single precision.
 *
 * @param weight which
 * @param arrays as the kernels of its type take them
 */
record DeviceWeight(Weight weight, List<TornadoNativeArray> arrays) {

  private static final int K_BLOCK = 256;

  /** A part of a stored block: bytes that are copied as they are. */
  private record Part(int at, int bytes) {}

  /**
   * How a type's blocks are taken apart.
   *
   * @param parts each goes to a byte array of its own
   * @param halves where the half-precision scales lie, which go to one float array
   * @param sixBits where 12 bytes of packed 6-bit scales and minima lie, or -1
   */
  private record Form(List<Part> parts, List<Integer> halves, int sixBits) {}

  private static Form form(WeightType type) {
    return switch (type) {
      case Q8_0 -> new Form(List.of(new Part(2, 32)), List.of(0), -1);
      case Q4_0 -> new Form(List.of(new Part(2, 16)), List.of(0), -1);
      case Q4_K -> new Form(List.of(new Part(16, 128)), List.of(0, 2), 4);
      case Q5_K -> new Form(List.of(new Part(48, 128), new Part(16, 32)), List.of(0, 2), 4);
      case Q6_K ->
          new Form(
              List.of(new Part(0, 128), new Part(128, 64), new Part(192, 16)), List.of(208), -1);
      case F32, F16, BF16 -> throw new IllegalArgumentException(type + " has no blocks");
    };
  }

  /** Bytes on the device of a number of values. */
  static long bytes(WeightType type, long values) {
    return switch (type) {
      case F32 -> values * Float.BYTES;
      case F16, BF16 -> values * Short.BYTES;
      case Q8_0, Q4_0, Q4_K, Q5_K, Q6_K -> {
        Form form = form(type);
        long block = (long) form.halves.size() * Float.BYTES + (form.sixBits < 0 ? 0 : 16);
        block += form.parts.stream().mapToLong(Part::bytes).sum();
        yield values / type.blockValues() * block;
      }
    };
  }

  /** Bytes of the longest array. */
  static long longest(WeightType type, long values) {
    return switch (type) {
      case F32, F16, BF16 -> bytes(type, values);
      case Q8_0, Q4_0, Q4_K, Q5_K, Q6_K ->
          values / type.blockValues() * form(type).parts.getFirst().bytes;
    };
  }

  /** Reads a matrix. */
  static DeviceWeight load(Weight weight, WeightStore store) {
    int count = Math.multiplyExact(weight.rows(), weight.columns());
    List<TornadoNativeArray> arrays =
        switch (weight.type()) {
          case F32 -> {
            FloatArray values = new FloatArray(count);
            store.read(weight, bytes -> values.getSegment().copyFrom(bytes));
            yield List.of(values);
          }
          case F16 -> List.of(shorts(weight, store, count), exponents(5, 10, 15));
          case BF16 -> List.of(shorts(weight, store, count), exponents(8, 7, 127));
          case Q8_0, Q4_0, Q4_K, Q5_K, Q6_K -> blocks(weight, store, count);
        };
    return new DeviceWeight(weight, arrays);
  }

  private static ShortArray shorts(Weight weight, WeightStore store, int count) {
    ShortArray values = new ShortArray(count);
    store.read(weight, bytes -> values.getSegment().copyFrom(bytes));
    return values;
  }

  /**
   * What a number's exponent bits with the sign above them stand for: first the numbers with an
   * empty mantissa, then the steps of the mantissa. The exponent of infinities is one more finite
   * one.
   */
  private static FloatArray exponents(int bits, int mantissa, int bias) {
    int count = 1 << bits;
    FloatArray table = new FloatArray(4 * count);
    for (int i = 0; i < 2 * count; i++) {
      int exponent = i % count;
      double sign = i < count ? 1 : -1;
      double step = sign * Math.pow(2, Math.max(exponent, 1) - bias - mantissa);
      table.set(i, exponent == 0 ? 0 : (float) (step * (1 << mantissa)));
      table.set(2 * count + i, (float) step);
    }
    return table;
  }

  private static List<TornadoNativeArray> blocks(Weight weight, WeightStore store, int count) {
    Form form = form(weight.type());
    int blocks = count / weight.type().blockValues();
    List<ByteArray> parts =
        form.parts.stream().map(part -> new ByteArray(part.bytes * blocks)).toList();
    ByteArray six = new ByteArray(form.sixBits < 0 ? 0 : 16 * blocks);
    FloatArray scales = new FloatArray(form.halves.size() * blocks);
    store.read(weight, bytes -> takeApart(weight, bytes, form, parts, six, scales));
    return form.sixBits < 0 ? concat(parts, List.of(scales)) : concat(parts, List.of(six, scales));
  }

  private static List<TornadoNativeArray> concat(
      List<? extends TornadoNativeArray> first, List<? extends TornadoNativeArray> second) {
    return Stream.<TornadoNativeArray>concat(first.stream(), second.stream()).toList();
  }

  /** Goes row by row: an array is fast to read, a segment is not until compiled. */
  private static void takeApart(
      Weight weight,
      MemorySegment bytes,
      Form form,
      List<ByteArray> parts,
      ByteArray six,
      FloatArray scales) {
    int blockBytes = weight.type().blockBytes();
    int rowBlocks = weight.columns() / weight.type().blockValues();
    byte[] stored = new byte[rowBlocks * blockBytes];
    byte[] part = new byte[rowBlocks * K_BLOCK];
    for (int row = 0; row < weight.rows(); row++) {
      MemorySegment.copy(
          bytes, ValueLayout.JAVA_BYTE, (long) row * stored.length, stored, 0, stored.length);
      for (int p = 0; p < parts.size(); p++) {
        int size = form.parts.get(p).bytes;
        for (int block = 0; block < rowBlocks; block++) {
          int from = block * blockBytes + form.parts.get(p).at;
          System.arraycopy(stored, from, part, block * size, size);
        }
        put(part, size * rowBlocks, parts.get(p), row);
      }
      if (form.sixBits >= 0) {
        for (int block = 0; block < rowBlocks; block++) {
          unpack(stored, block * blockBytes + form.sixBits, part, 16 * block);
        }
        put(part, 16 * rowBlocks, six, row);
      }
      for (int block = 0; block < rowBlocks; block++) {
        for (int i = 0; i < form.halves.size(); i++) {
          int at = block * blockBytes + form.halves.get(i);
          short half = (short) ((stored[at] & 0xFF) | stored[at + 1] << 8);
          int to = (row * rowBlocks + block) * form.halves.size() + i;
          scales.set(to, Float.float16ToFloat(half));
        }
      }
    }
  }

  private static void put(byte[] part, int bytes, ByteArray target, int row) {
    MemorySegment.copy(
        part, 0, target.getSegment(), ValueLayout.JAVA_BYTE, (long) row * bytes, bytes);
  }

  /** Eight scales, then eight minima, a byte each, of the 12 bytes that ggml packs them in. */
  private static void unpack(byte[] stored, int at, byte[] target, int to) {
    for (int i = 0; i < 4; i++) {
      int third = stored[at + 8 + i] & 0xFF;
      target[to + i] = (byte) (stored[at + i] & 63);
      target[to + 8 + i] = (byte) (stored[at + 4 + i] & 63);
      target[to + 4 + i] = (byte) ((third & 0xF) | (stored[at + i] & 0xC0) >> 2);
      target[to + 12 + i] = (byte) ((third >> 4) | (stored[at + 4 + i] & 0xC0) >> 2);
    }
  }
}
