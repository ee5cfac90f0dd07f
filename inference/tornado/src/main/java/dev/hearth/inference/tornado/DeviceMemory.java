package dev.hearth.inference.tornado;

import dev.hearth.inference.KvType;
import dev.hearth.inference.backend.BackendUnfitException;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.plan.DecoderShape;
import dev.hearth.inference.plan.Op;
import dev.hearth.inference.plan.Slot;
import dev.hearth.inference.plan.Weight;
import dev.hearth.inference.weight.WeightType;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/**
 * What a plan takes of a device's memory, in bytes.
 *
 * @param plan which
 * @param kv how the KV cache is stored
 * @param total what the device has
 * @param longest the longest array that it takes
 */
record DeviceMemory(DecoderPlan plan, KvType kv, long total, long longest) {

  /** Of the KV cache beyond one context. */
  private static final long MOST_CACHE = 1L << 30;

  /** Kernels count an array's bytes in 32 bits. */
  private static final long MOST_ARRAY = (1L << 32) - 64;

  /** From the widest on. */
  private static final List<WeightType> QUANTISATIONS =
      List.of(
          WeightType.F16,
          WeightType.Q8_0,
          WeightType.Q6_K,
          WeightType.Q5_K,
          WeightType.Q4_0,
          WeightType.Q4_K);

  private static final long MEGABYTE = 1 << 20;

  /** A device's memory for a plan. */
  static DeviceMemory of(TornadoDevice device, DecoderPlan plan, KvType kv) {
    long total = device.getPhysicalDevice().getDeviceGlobalMemorySize();
    return new DeviceMemory(plan, kv, total, Math.min(device.getMaxAllocMemory(), MOST_ARRAY));
  }

  /**
   * Pages of the KV cache: two contexts if they take no more than a gigabyte and fit, one at least.
   *
   * @throws BackendUnfitException if there is no room for one; names what would fit
   */
  int pages() {
    DecoderShape shape = plan.shape();
    long page = KvCache.pageBytes(plan, kv);
    int context = Math.ceilDiv(shape.contextLength(), Pass.PAGE);
    long fixed = weights() + activations();
    // One page is the warm-up's, one more is staged when it is restored.
    long room = (usable() - fixed) / page - 2;
    long longestPages = longest / ((long) Pass.PAGE * KvCache.width(shape, kv) * Integer.BYTES) - 1;
    long most = Math.min(Math.min(room, longestPages), intPages());
    if (most < context) {
      throw new BackendUnfitException(refusal(fixed, most));
    }
    long wanted = Math.max(context, Math.min(2L * context, MOST_CACHE / page));
    return (int) Math.min(most, wanted);
  }

  /** What is left when the driver and others have theirs. */
  private long usable() {
    return total - total / 10;
  }

  /** Pages whose integers can be counted by an int. */
  private long intPages() {
    return Integer.MAX_VALUE / ((long) Pass.PAGE * KvCache.width(plan.shape(), kv)) - 1;
  }

  private String refusal(long fixed, long most) {
    String has = "the device has " + total / MEGABYTE + " MB";
    if (most < 1) {
      return has + ", the weights and buffers take " + fixed / MEGABYTE + smaller();
    }
    return has
        + ", which holds the model with a context of "
        + most * Pass.PAGE
        + " tokens at most, not "
        + plan.shape().contextLength()
        + "; set a smaller context length";
  }

  /** The widest quantisation that fits with one page of the cache. */
  private String smaller() {
    long values = matrices().stream().mapToLong(DeviceMemory::values).sum();
    long room = usable() - activations() - 3 * KvCache.pageBytes(plan, kv);
    for (WeightType type : QUANTISATIONS) {
      if (DeviceWeight.bytes(type, values) <= room) {
        return "; take a smaller quantisation: " + type + " fits";
      }
    }
    return "; take a smaller model: none of its quantisations fits";
  }

  private static long values(Weight weight) {
    return (long) weight.rows() * weight.columns();
  }

  private Set<Weight> matrices() {
    Set<Weight> matrices = new LinkedHashSet<>();
    for (Op op : operations(plan)) {
      Weight matrix = matrix(op);
      if (matrix != null) {
        matrices.add(matrix);
      }
    }
    return matrices;
  }

  /** All operations of a plan, those of its next-token layer included. */
  static List<Op> operations(DecoderPlan plan) {
    return Stream.concat(plan.ops().stream(), plan.nextToken().stream()).toList();
  }

  /** The matrix that an operation reads, if any. */
  static @Nullable Weight matrix(Op op) {
    return switch (op) {
      case Op.Embed embed -> embed.table();
      case Op.MatMul mul -> mul.weight();
      case Op.RmsNorm _,
          Op.Rope _,
          Op.Attend _,
          Op.GatedUnit _,
          Op.Add _,
          Op.KeepRows _,
          Op.Join _ ->
          null;
    };
  }

  private long weights() {
    long most = Math.min(longest, Integer.MAX_VALUE);
    long bytes = 0;
    for (Weight weight : matrices()) {
      long values = values(weight);
      long array = DeviceWeight.longest(weight.type(), values);
      if (array > most || values > Integer.MAX_VALUE) {
        throw new BackendUnfitException(
            weight
                + " takes "
                + array / MEGABYTE
                + " MB in one piece, the device gives "
                + most / MEGABYTE
                + "; take a smaller quantisation");
      }
      bytes += DeviceWeight.bytes(weight.type(), values);
    }
    return bytes;
  }

  /** Bytes of the slots of a graph's operations, each for as many rows as a pass may have. */
  private static long slots(List<Op> ops) {
    Set<Slot> slots = new HashSet<>();
    for (Op op : ops) {
      switch (op) {
        case Op.Embed embed -> slots.add(embed.out());
        case Op.RmsNorm norm -> slots.add(norm.out());
        case Op.MatMul mul -> slots.add(mul.out());
        case Op.Attend attend -> slots.add(attend.out());
        case Op.GatedUnit unit -> slots.add(unit.out());
        case Op.Join join -> slots.add(join.out());
        case Op.Rope _, Op.Add _, Op.KeepRows _ -> {}
      }
    }
    return slots.stream()
        .mapToLong(slot -> (long) slot.width() * Pass.MAX_ROWS * Float.BYTES)
        .sum();
  }

  /** Bytes of the stretches of attention, which a graph's operations share. */
  private static long parts(List<Op> ops) {
    long most = 0;
    for (Op op : ops) {
      if (op instanceof Op.Attend attend) {
        most = Math.max(most, AttentionKernels.parts(attend) * Float.BYTES);
      }
    }
    return most;
  }

  private long activations() {
    DecoderShape shape = plan.shape();
    long heads = 0;
    for (Op op : operations(plan)) {
      if (op instanceof Op.MatMul mul && mul.out().equals(plan.logits())) {
        heads += Head.bytes(mul.weight());
      }
    }
    long angles = (long) shape.contextLength() * shape.headDim() * Float.BYTES;
    long parts = parts(plan.ops()) + parts(plan.nextToken());
    return angles + heads + parts + slots(plan.ops()) + slots(plan.nextToken());
  }
}
