package dev.hearth.inference.cpu;

import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The scalar kernels until the vector ones are warm, then those.
 *
 * <p>Before the optimising compiler has seen a vector kernel, each of its operations allocates
 * objects and takes a microsecond: the first prompt would take seconds where the scalar kernels
 * take 40 ms. So a background thread exercises the vector kernels on small inputs (see {@link
 * WarmUp}) and this class changes over when they are fast. Both give the same results within
 * rounding and the same KV cache, so the change may happen between any two steps.
 */
final class WarmingKernels implements Kernels {

  private static final long LONGEST_WAIT_NANOS = 60_000_000_000L;

  private final Kernels cold;
  private final Kernels warm;
  private final WarmUp warmUp;
  private final Set<WeightType> types = EnumSet.noneOf(WeightType.class);
  private volatile boolean compiled;
  private volatile boolean paired;

  WarmingKernels(Kernels cold, Kernels warm) {
    this.cold = cold;
    this.warm = warm;
    warmUp = new WarmUp(warm);
    warmUp.common(() -> compiled = true);
  }

  private Kernels now() {
    return compiled ? warm : cold;
  }

  @Override
  public String name() {
    return warm.name();
  }

  @Override
  public synchronized void warmUp() {
    if (!types.isEmpty()) {
      warmUp.start();
    }
  }

  /**
   * Small models keep their weights in single precision and answer at once. Only large ones ask for
   * kernels of weight types; their first prompt would take a minute with the scalar kernels, so
   * these wait, and the kernels are compiled while the model is loaded.
   */
  @Override
  public void opened() {
    boolean large;
    synchronized (this) {
      large = !types.isEmpty();
    }
    if (large) {
      warmUp.startAndWait(LONGEST_WAIT_NANOS);
      warmPairs();
    } else {
      warmUp.start();
    }
  }

  /** Two activations can do without their kernels: these come when the model is there. */
  private synchronized void warmPairs() {
    AtomicInteger left = new AtomicInteger(types.size());
    for (WeightType type : types) {
      warmUp.pairs(
          type,
          () -> {
            if (left.decrementAndGet() == 0) {
              paired = true;
            }
          });
    }
  }

  @Override
  public boolean pairs() {
    return paired;
  }

  @Override
  public synchronized PanelKernel weight(WeightType type, int columns) {
    if (types.add(type)) {
      paired = false;
      warmUp.weight(type);
    }
    return warm.weight(type, columns);
  }

  @Override
  public void rmsNorm(
      float[] in, int inAt, float[] gain, float epsilon, float[] out, int outAt, int width) {
    now().rmsNorm(in, inAt, gain, epsilon, out, outAt, width);
  }

  @Override
  public void rotate(float[] x, int at, float[] cosines, float[] sines, int angleAt, int half) {
    now().rotate(x, at, cosines, sines, angleAt, half);
  }

  @Override
  public void gatedUnit(float[] gate, float[] up, float[] out, int at, int count) {
    now().gatedUnit(gate, up, out, at, count);
  }

  @Override
  public void add(float[] a, int aAt, float[] b, int bAt, float[] out, int outAt, int count) {
    now().add(a, aAt, b, bAt, out, outAt, count);
  }

  @Override
  public void subtract(float[] a, int aAt, float[] b, int bAt, float[] out, int outAt, int count) {
    now().subtract(a, aAt, b, bAt, out, outAt, count);
  }

  @Override
  public void softmax(float[] x, int at, int count, float scale) {
    now().softmax(x, at, count, scale);
  }

  @Override
  public void multiply(
      float[] a,
      int aAt,
      int aStride,
      float[] b,
      int bAt,
      int bStride,
      float[] c,
      int cAt,
      int cStride,
      int m,
      int k,
      int n) {
    now().multiply(a, aAt, aStride, b, bAt, bStride, c, cAt, cStride, m, k, n);
  }

  @Override
  public void multiplyPacked(
      float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int m, int k) {
    now().multiplyPacked(a, aAt, b, bAt, c, cAt, m, k);
  }

  @Override
  public void multiplyDifference(
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      int minusAt,
      int differenceAt,
      float[] c,
      int cAt,
      int k) {
    now().multiplyDifference(a, aAt, b, bAt, minusAt, differenceAt, c, cAt, k);
  }

  @Override
  public void widenHalves(MemorySegment in, long inAt, float[] out, int outAt, int count) {
    now().widenHalves(in, inAt, out, outAt, count);
  }

  @Override
  public void widenBytes(MemorySegment in, long inAt, float[] out, int outAt, int count) {
    now().widenBytes(in, inAt, out, outAt, count);
  }
}
