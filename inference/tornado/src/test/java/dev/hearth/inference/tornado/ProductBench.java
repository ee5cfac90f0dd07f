package dev.hearth.inference.tornado;

import com.sun.management.OperatingSystemMXBean;
import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.cpu.PanelRun;
import dev.hearth.inference.plan.Weight;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/**
 * Times products on the device, in Java and in OpenCL C, beside the processor's own kernel and a
 * plain read of memory, in turn. With each goes the processor time by the number of cores: what it
 * would take if nobody else used them.
 */
final class ProductBench {

  private static final int LANES = 16;
  private static final int ROUNDS = 7;

  private static final int[][] SHAPES = {{4096, 4096}, {11008, 4096}};
  private static final List<WeightType> TYPES =
      List.of(WeightType.Q8_0, WeightType.Q4_0, WeightType.Q4_K, WeightType.Q6_K, WeightType.F16);
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private ProductBench() {}

  /** What is timed, and the bytes of weights that it reads. */
  private static final class Figure {

    private final String name;
    private final long bytes;
    private final LongSupplier run;

    /** Runs of a round; the processor's time has steps of 10 ms. */
    private final int repeats;

    private final long[] nanos;
    private long used;

    Figure(String name, long bytes, int repeats, LongSupplier run) {
      this.name = name;
      this.bytes = bytes;
      this.repeats = repeats;
      this.run = run;
      nanos = new long[ROUNDS * repeats];
    }

    void run(int round) {
      long before = SYSTEM.getProcessCpuTime();
      for (int i = 0; i < repeats; i++) {
        nanos[repeats * round + i] = run.getAsLong();
      }
      used += SYSTEM.getProcessCpuTime() - before;
    }

    @Override
    public String toString() {
      Arrays.sort(nanos);
      long median = nanos[nanos.length / 2];
      long processor = used / nanos.length / SYSTEM.getAvailableProcessors();
      return "%-28s median %8.2f ms %6.1f GB/s, best %8.2f ms %6.1f GB/s, processor %8.2f ms %6.1f GB/s"
          .formatted(
              name,
              median / 1e6,
              (double) bytes / median,
              nanos[0] / 1e6,
              (double) bytes / nanos[0],
              processor / 1e6,
              (double) bytes / processor);
    }
  }

  /** A matrix whose rows are all the same. */
  private record Stored(MemorySegment bytes) implements WeightStore {

    static Stored of(WeightType type, int rows, int columns) {
      MemorySegment bytes = Arena.ofAuto().allocate(type.bytes((long) rows * columns), 64);
      long row = type.bytes(columns);
      float[] values = random(columns);
      type.codec().quantise(values, 0, columns, bytes, 0);
      for (int i = 1; i < rows; i++) {
        MemorySegment.copy(bytes, 0, bytes, i * row, row);
      }
      return new Stored(bytes);
    }

    @Override
    public MemorySegment data(Weight weight) {
      return bytes;
    }

    @Override
    public void read(Weight weight, Consumer<MemorySegment> reader) {
      reader.accept(bytes);
    }
  }

  private static float[] random(int size) {
    SplittableRandom random = new SplittableRandom(size);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  /** Measures all types, or those that are named. */
  @SuppressWarnings("SystemOut") // a command line
  public static void main(String[] args) {
    List<WeightType> types =
        args.length == 0 ? TYPES : Arrays.stream(args).map(WeightType::valueOf).toList();
    TornadoDevice device = Device.backend().device();
    long[] memory = new long[1 << 25];
    for (WeightType type : types) {
      for (int[] shape : SHAPES) {
        System.out.printf("%s %dx%d%n", type, shape[0], shape[1]);
        measure(device, type, shape[0], shape[1], memory).forEach(System.out::println);
      }
    }
  }

  private static List<Figure> measure(
      TornadoDevice device, WeightType type, int rows, int columns, long[] memory) {
    Stored stored = Stored.of(type, rows, columns);
    DeviceWeight weight = DeviceWeight.load(new Weight("w", type, rows, columns), stored);
    long bytes = DeviceWeight.bytes(type, (long) rows * columns);
    try (PanelRun panel = new PanelRun(type, rows, columns, stored.bytes, random(columns));
        ProductRun java = new ProductRun(device, LANES, weight, "java", Twins.NONE);
        ProductRun vectors = run(device, weight, "vectors", new VectorTwin());
        ProductRun groups = run(device, weight, "groups", groups(type))) {
      List<Figure> figures =
          List.of(
              new Figure("plain read", 8L * memory.length, 2, () -> read(memory)),
              new Figure("processor's panel", type.bytes((long) rows * columns), 8, panel::run),
              new Figure("Java, 1 row", bytes, 5, () -> java.run(1)),
              new Figure("vectors, 1 row", bytes, 5, () -> vectors.run(1)),
              new Figure("groups, 1 row", bytes, 5, () -> groups.run(1)),
              new Figure("Java, 4 rows", bytes, 3, () -> java.run(4)),
              new Figure("vectors, 4 rows", bytes, 3, () -> vectors.run(4)),
              new Figure("groups, 4 rows", bytes, 3, () -> groups.run(4)),
              new Figure("Java, 64 rows", bytes, 3, () -> java.run(Pass.MAX_ROWS)),
              new Figure("vectors, 64 rows", bytes, 3, () -> vectors.run(Pass.MAX_ROWS)),
              new Figure("groups, 64 rows", bytes, 3, () -> groups.run(Pass.MAX_ROWS)));
      for (int i = 0; i < 100; i++) {
        panel.run();
      }
      figures.forEach(figure -> sink = figure.run.getAsLong());
      for (int round = 0; round < ROUNDS; round++) {
        for (Figure figure : figures) {
          figure.run(round);
        }
      }
      return figures;
    }
  }

  private static ProductTwin groups(WeightType type) {
    return new GroupTwin(64, GroupTwin.Sums.LOCAL, "", Set.of(type));
  }

  private static ProductRun run(
      TornadoDevice device, DeviceWeight weight, String name, ProductTwin twin) {
    return new ProductRun(
        device, LANES, weight, name, new Twins(twin, Set.of(weight.weight().type())));
  }

  private static volatile long sink;

  /** Reads on two threads. */
  private static long read(long[] memory) {
    long start = System.nanoTime();
    sink =
        IntStream.range(0, 2)
            .parallel()
            .mapToLong(half -> sum(memory, half * (memory.length / 2), memory.length / 2))
            .sum();
    return System.nanoTime() - start;
  }

  private static long sum(long[] memory, int from, int count) {
    long sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += memory[i];
    }
    return sum;
  }
}
