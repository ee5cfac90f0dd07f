package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.Measured;
import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.plan.Weight;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Finds out which twin of a product is the faster one on a device: both run with a matrix of the
 * model, one row and a full pass. What it found is remembered for the device, its driver and the
 * type. The Java kernel is taken where the driver refuses the OpenCL C source, or runs it wrong.
 */
final class TwinChoice {

  private static final Logger LOG = LoggerFactory.getLogger(TwinChoice.class);

  /** More take long and tell no more. */
  private static final int ENOUGH_VALUES = 1 << 22;

  private static final int RUNS = 3;

  /** Of the sum of squares; both twins add in single precision. */
  private static final double MOST_DIFFERENCE = 1e-8;

  /** A figure of other kernels tells nothing of these. */
  private static final String KERNELS = kernels();

  private static final String OPENCL_C = "OpenCL C";
  private static final String JAVA = "Java";

  private final TornadoDevice device;
  private final int lanes;
  private final Measured measured;
  private final Map<WeightType, Boolean> choices = new EnumMap<>(WeightType.class);

  /** For a device, whose work groups in Java have a number of lanes. */
  TwinChoice(TornadoDevice device, int lanes, Measured measured) {
    this.device = device;
    this.lanes = lanes;
    this.measured = measured;
  }

  /** Finds out, for all types of some matrices. */
  void measure(Iterable<Weight> weights, WeightStore store) {
    for (Weight weight : weights) {
      WeightType type = weight.type();
      if (!choices.containsKey(type)) {
        Weight apt = apt(weights, type);
        String key = key(apt);
        if (measured.get(key).isEmpty()) {
          measured.put(key, decide(DeviceWeight.load(apt, store)) ? OPENCL_C : JAVA);
        }
        choices.put(type, measured.get(key).filter(OPENCL_C::equals).isPresent());
      }
    }
  }

  /**
   * Whether operations without a matrix run in OpenCL C: where products do, on a processor, for
   * which that form is made.
   */
  boolean rowsInOpenCl(Iterable<Weight> weights) {
    if (device.getDeviceType() != TornadoDeviceType.CPU) {
      return false;
    }
    for (Weight weight : weights) {
      if (openCl(weight.type())) {
        return true;
      }
    }
    return false;
  }

  /** Whether products of a type run in OpenCL C; in Java where nothing was measured. */
  boolean openCl(WeightType type) {
    return choices.getOrDefault(type, false);
  }

  private String key(Weight weight) {
    return "%s | kernels %s | %d lanes | %s of %d x %d"
        .formatted(
            Devices.describe(device),
            KERNELS,
            lanes,
            weight.type(),
            weight.rows(),
            weight.columns());
  }

  /** What changes with either twin's code. */
  private static String kernels() {
    CRC32C sum = new CRC32C();
    sum.update(TwinKernel.source().getBytes(StandardCharsets.UTF_8));
    for (Class<?> kernels : List.of(ValueKernels.class, PairKernels.class, MatrixTasks.class)) {
      try (InputStream code = kernels.getResourceAsStream(kernels.getSimpleName() + ".class")) {
        sum.update(Objects.requireNonNull(code).readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException("the code of " + kernels + " cannot be read", e);
      }
    }
    return Long.toHexString(sum.getValue());
  }

  /** The largest, or as many rows of it as are enough. */
  private static Weight apt(Iterable<Weight> weights, WeightType type) {
    Weight largest = null;
    for (Weight weight : weights) {
      boolean larger = largest == null || weight.rows() > largest.rows();
      if (weight.type() == type && larger) {
        largest = weight;
      }
    }
    if (largest == null) {
      throw new IllegalStateException("no matrix is of type " + type);
    }
    int rows = Math.min(largest.rows(), Math.ceilDiv(ENOUGH_VALUES, largest.columns()));
    return new Weight(largest.name(), type, rows, largest.columns());
  }

  private boolean decide(DeviceWeight weight) {
    WeightType type = weight.weight().type();
    Trial java = trial(weight, false);
    Trial openCl;
    try {
      openCl = trial(weight, true);
    } catch (RuntimeException e) {
      // TornadoVM has no common exception for what a driver refuses.
      LOG.debug("OpenCL C of {}", type, e);
      LOG.info(
          "{} runs in Java kernels: the driver refuses the OpenCL C ({}); a newer one may not",
          type,
          Devices.reason(e));
      return false;
    }
    if (!(java.difference(openCl) <= MOST_DIFFERENCE)) {
      LOG.info("{} runs in Java kernels: OpenCL C gives other numbers here", type);
      return false;
    }
    // The ratio for decoding counts as much as that for prompts.
    boolean faster = (double) openCl.one * openCl.all < (double) java.one * java.all;
    LOG.info(
        "{} of {}: one row takes {} us in Java, {} in OpenCL C, {} rows {} and {}",
        type,
        weight.weight().name(),
        java.one / 1000,
        openCl.one / 1000,
        Pass.MAX_ROWS,
        java.all / 1000,
        openCl.all / 1000);
    return faster;
  }

  /**
   * What a twin took.
   *
   * @param one nanoseconds of one row
   * @param all nanoseconds of a full pass
   * @param out its results
   */
  private record Trial(long one, long all, FloatArray out) {

    /** Squares of the differences by squares of the values. */
    double difference(Trial other) {
      double squares = 0;
      double differences = 0;
      for (int i = 0; i < out.getSize(); i++) {
        double value = out.get(i);
        squares += value * value;
        differences += (value - other.out.get(i)) * (value - other.out.get(i));
      }
      return differences / squares;
    }
  }

  private Trial trial(DeviceWeight weight, boolean openCl) {
    try (ProductRun run = new ProductRun(device, lanes, weight, openCl)) {
      return new Trial(best(run, 1), best(run, Pass.MAX_ROWS), run.results());
    }
  }

  /** The shortest of some runs, after one that is not counted. */
  private static long best(ProductRun run, int rows) {
    run.run(rows);
    long best = Long.MAX_VALUE;
    for (int i = 0; i < RUNS; i++) {
      best = Math.min(best, run.run(rows));
    }
    return best;
  }
}
