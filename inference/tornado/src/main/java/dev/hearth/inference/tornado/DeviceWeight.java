package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.plan.Weight;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
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

  /** Bytes of a block's 6-bit scales and minima, a byte each. */
  private static final int SIX_BITS = 16;

  private static final VarHandle HALF =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle FOUR =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

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
        long block = (long) form.halves.size() * Float.BYTES + (form.sixBits < 0 ? 0 : SIX_BITS);
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

  /** A matrix whose arrays are still to be {@linkplain #fill filled}, and take no memory yet. */
  static DeviceWeight of(Weight weight) {
    int count = Math.multiplyExact(weight.rows(), weight.columns());
    List<TornadoNativeArray> arrays =
        switch (weight.type()) {
          case F32 -> List.of(HostMemory.floats(count));
          case F16 -> List.of(HostMemory.shorts(count), HostMemory.floats(4 << 5));
          case BF16 -> List.of(HostMemory.shorts(count), HostMemory.floats(4 << 8));
          case Q8_0, Q4_0, Q4_K, Q5_K, Q6_K -> {
            Form form = form(weight.type());
            int blocks = count / weight.type().blockValues();
            List<TornadoNativeArray> all = new ArrayList<>();
            form.parts.forEach(part -> all.add(HostMemory.bytes(part.bytes * blocks)));
            if (form.sixBits >= 0) {
              all.add(HostMemory.bytes(SIX_BITS * blocks));
            }
            all.add(HostMemory.floats(form.halves.size() * blocks));
            yield List.copyOf(all);
          }
        };
    return new DeviceWeight(weight, arrays);
  }

  /** Reads a matrix. */
  static DeviceWeight load(Weight weight, WeightStore store) {
    DeviceWeight loaded = of(weight);
    loaded.fill(store, 0, weight.rows());
    return loaded;
  }

  /** Reads some rows and takes them apart. */
  void fill(WeightStore store, int from, int to) {
    switch (weight.type()) {
      case F32 -> store.read(weight, bytes -> copy(bytes, from, to));
      case F16 -> {
        store.read(weight, bytes -> copy(bytes, from, to));
        exponents(5, 10, 15, (FloatArray) arrays.get(1));
      }
      case BF16 -> {
        store.read(weight, bytes -> copy(bytes, from, to));
        exponents(8, 7, 127, (FloatArray) arrays.get(1));
      }
      case Q8_0, Q4_0, Q4_K, Q5_K, Q6_K -> store.read(weight, bytes -> takeApart(bytes, from, to));
    }
  }

  /** Frees the host's memory, when the device has the matrix for good. */
  void giveBack() {
    arrays.forEach(HostMemory::giveBack);
  }

  private void copy(MemorySegment bytes, int from, int to) {
    long row = bytes(weight.type(), weight.columns());
    MemorySegment.copy(
        bytes, from * row, arrays.getFirst().getSegment(), from * row, (to - from) * row);
  }

  /**
   * What a number's exponent bits with the sign above them stand for: first the numbers with an
   * empty mantissa, then the steps of the mantissa. The exponent of infinities is one more finite
   * one.
   */
  private static void exponents(int bits, int mantissa, int bias, FloatArray table) {
    int count = 1 << bits;
    for (int i = 0; i < 2 * count; i++) {
      int exponent = i % count;
      double sign = i < count ? 1 : -1;
      double step = sign * Math.pow(2, Math.max(exponent, 1) - bias - mantissa);
      table.set(i, exponent == 0 ? 0 : (float) (step * (1 << mantissa)));
      table.set(2 * count + i, (float) step);
    }
  }

  /** Goes row by row: an array is fast to read, a segment is not until compiled. */
  private void takeApart(MemorySegment bytes, int fromRow, int toRow) {
    Form form = form(weight.type());
    int blockBytes = weight.type().blockBytes();
    int blocks = weight.columns() / weight.type().blockValues();
    byte[] stored = new byte[blocks * blockBytes];
    byte[] part = new byte[blocks * K_BLOCK];
    float[] scales = new float[blocks * form.halves.size()];
    for (int row = fromRow; row < toRow; row++) {
      MemorySegment.copy(
          bytes, ValueLayout.JAVA_BYTE, (long) row * stored.length, stored, 0, stored.length);
      for (int p = 0; p < form.parts.size(); p++) {
        int size = form.parts.get(p).bytes;
        int from = form.parts.get(p).at;
        for (int block = 0; block < blocks; block++) {
          System.arraycopy(stored, block * blockBytes + from, part, block * size, size);
        }
        put(part, size * blocks, p, row);
      }
      if (form.sixBits >= 0) {
        for (int block = 0; block < blocks; block++) {
          unpack(stored, block * blockBytes + form.sixBits, part, SIX_BITS * block);
        }
        put(part, SIX_BITS * blocks, form.parts.size(), row);
      }
      int kinds = form.halves.size();
      for (int i = 0; i < kinds; i++) {
        int from = form.halves.get(i);
        for (int block = 0; block < blocks; block++) {
          short half = (short) HALF.get(stored, block * blockBytes + from);
          scales[block * kinds + i] = Float.float16ToFloat(half);
        }
      }
      MemorySegment.copy(
          scales,
          0,
          arrays.getLast().getSegment(),
          ValueLayout.JAVA_FLOAT,
          (long) row * scales.length * Float.BYTES,
          scales.length);
    }
  }

  private void put(byte[] part, int bytes, int array, int row) {
    MemorySegment target = arrays.get(array).getSegment();
    MemorySegment.copy(part, 0, target, ValueLayout.JAVA_BYTE, (long) row * bytes, bytes);
  }

  /** Eight scales, then eight minima, a byte each, of the 12 bytes that ggml packs them in. */
  private static void unpack(byte[] stored, int at, byte[] target, int to) {
    int scales = (int) FOUR.get(stored, at);
    int minima = (int) FOUR.get(stored, at + 4);
    int both = (int) FOUR.get(stored, at + 8);
    FOUR.set(target, to, scales & 0x3F3F3F3F);
    FOUR.set(target, to + 4, (both & 0x0F0F0F0F) | (scales & 0xC0C0C0C0) >>> 2);
    FOUR.set(target, to + 8, minima & 0x3F3F3F3F);
    FOUR.set(target, to + 12, (both >>> 4 & 0x0F0F0F0F) | (minima & 0xC0C0C0C0) >>> 2);
  }
}
