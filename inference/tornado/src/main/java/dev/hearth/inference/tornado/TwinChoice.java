package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.Measured;
import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.plan.Weight;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Finds out in which form products are the fastest on a device: each form runs with a matrix of the
 * model, one row and a full pass. What it found is remembered for the device, its driver and the
 * type. A form that the driver refuses, or whose results differ from those of the Java kernel, is
 * left out.
 */
final class TwinChoice {

  /** Name of the property that names the form of all products; then nothing is measured. */
  static final String FORM = "hearth.opencl.form";

  /** Name of the property that sets the lanes of a work group in the forms for GPUs. */
  static final String LANES = "hearth.opencl.lanes";

  private static final Logger LOG = LoggerFactory.getLogger(TwinChoice.class);

  /** More take long and tell no more. */
  private static final int ENOUGH_VALUES = 1 << 22;

  private static final int RUNS = 3;

  /** Of the sum of squares; all forms add in single precision. */
  private static final double MOST_DIFFERENCE = 1e-8;

  private static final Form VECTORS = new Form("vectors", types -> new VectorTwin());

  /** A figure of other kernels tells nothing of these. */
  private static final String KERNELS = kernels();

  private static final String JAVA = "java";

  /** As {@link #text} writes it; of no more digits than a number has. */
  private static final Pattern FIGURE = Pattern.compile("(\\S+) (\\d{1,18})/(\\d{1,18})");

  /**
   * A form in OpenCL C.
   *
   * @param name short, without spaces
   * @param twin makes it for some types
   */
  record Form(String name, Function<Set<WeightType>, ProductTwin> twin) {}

  /**
   * What a product took.
   *
   * @param one nanoseconds of one row
   * @param all nanoseconds of a full pass
   */
  private record Figure(long one, long all) {

    /** The ratio for decoding counts as much as that for prompts. */
    double cost() {
      return Math.sqrt((double) one * all);
    }

    @Override
    public String toString() {
      return one + "/" + all;
    }
  }

  /**
   * What was found of a type.
   *
   * @param values of the matrix
   * @param figures of the forms that are right, by their names
   */
  private record Trials(long values, Map<String, Figure> figures) {}

  private final TornadoDevice device;
  private final int lanes;
  private final Measured measured;
  private final List<Form> forms;

  private final Map<WeightType, Trials> found = new EnumMap<>(WeightType.class);

  private String flags = "";

  /** For a device, whose work groups in Java have a number of lanes. */
  TwinChoice(TornadoDevice device, int lanes, Measured measured) {
    this(
        device,
        lanes,
        measured,
        device.getDeviceType() == TornadoDeviceType.CPU ? List.of(VECTORS) : forms(device));
  }

  /** Tries these forms. */
  TwinChoice(TornadoDevice device, int lanes, Measured measured, List<Form> forms) {
    this.device = device;
    this.lanes = lanes;
    this.measured = measured;
    this.forms = forms;
  }

  /** All that a device can run. On processors those for GPUs lose by far and are not tried. */
  private static List<Form> forms(TornadoDevice device) {
    int lanes = Integer.getInteger(LANES, 64);
    Form groups =
        new Form("groups-" + lanes, types -> new GroupTwin(lanes, GroupTwin.Sums.LOCAL, "", types));
    if (!Devices.hasSubGroups(device)) {
      return List.of(VECTORS, groups);
    }
    String flags = Devices.flagsForSubGroups(device);
    Form subGroups =
        new Form(
            "sub-groups-" + lanes,
            types -> new GroupTwin(lanes, GroupTwin.Sums.SUB_GROUPS, flags, types));
    return List.of(VECTORS, groups, subGroups);
  }

  /**
   * Finds the form of a graph's products.
   *
   * @param weights its matrices
   * @throws IllegalArgumentException if a form is asked for that there is not
   */
  Twins choose(List<Weight> weights, WeightStore store) {
    Map<WeightType, Long> values = new EnumMap<>(WeightType.class);
    for (Weight weight : weights) {
      values.merge(weight.type(), (long) weight.rows() * weight.columns(), Long::sum);
    }
    String asked = System.getProperty(FORM);
    Twins twins = asked == null ? fastest(weights, values, store) : named(asked, values.keySet());
    if (twins.form() != null && !twins.form().flags().isEmpty()) {
      flags = twins.form().flags();
    }
    return twins;
  }

  /**
   * Whether operations without a matrix run in OpenCL C: where products do in the form for
   * processors, on a processor.
   */
  boolean withRows(Twins twins) {
    return device.getDeviceType() == TornadoDeviceType.CPU && twins.form() instanceof VectorTwin;
  }

  /** What the driver's compiler must be told for the forms that were chosen. */
  String flags() {
    return flags;
  }

  private Twins named(String name, Set<WeightType> types) {
    if (name.equals(JAVA) || types.isEmpty()) {
      return Twins.NONE;
    }
    List<Form> all = forms(device);
    for (Form form : all) {
      if (form.name.equals(name)) {
        return new Twins(form.twin.apply(types), types);
      }
    }
    throw new IllegalArgumentException(
        "%s names %s, but the forms here are %s, %s"
            .formatted(
                FORM, name, JAVA, all.stream().map(Form::name).collect(Collectors.joining(", "))));
  }

  private Twins fastest(List<Weight> weights, Map<WeightType, Long> values, WeightStore store) {
    Form fastest = null;
    Set<WeightType> types = Set.of();
    double least = Double.POSITIVE_INFINITY;
    values.keySet().forEach(type -> measure(apt(weights, type), store));
    for (Form form : forms) {
      Set<WeightType> faster = new HashSet<>();
      double sum = 0;
      for (Map.Entry<WeightType, Long> entry : values.entrySet()) {
        WeightType type = entry.getKey();
        double inJava = cost(type, JAVA);
        double inForm = cost(type, form.name);
        if (inForm < inJava) {
          faster.add(type);
        }
        sum += entry.getValue() * Math.min(inJava, inForm);
      }
      if (!faster.isEmpty() && sum < least) {
        fastest = form;
        types = Set.copyOf(faster);
        least = sum;
      }
    }
    return fastest == null ? Twins.NONE : new Twins(fastest.twin.apply(types), types);
  }

  /** By value, with which the figures of matrices of some sizes compare. */
  private double cost(WeightType type, String form) {
    Trials trials = found.get(type);
    if (trials == null || !trials.figures.containsKey(form)) {
      return Double.POSITIVE_INFINITY;
    }
    return Objects.requireNonNull(trials.figures.get(form)).cost() / trials.values;
  }

  private void measure(Weight apt, WeightStore store) {
    if (found.containsKey(apt.type())) {
      return;
    }
    String key = key(apt);
    Map<String, Figure> figures = measured.get(key).flatMap(TwinChoice::parse).orElse(null);
    if (figures == null) {
      figures = run(DeviceWeight.load(apt, store));
      measured.put(key, text(figures));
    }
    found.put(apt.type(), new Trials((long) apt.rows() * apt.columns(), figures));
  }

  private static String text(Map<String, Figure> figures) {
    return figures.entrySet().stream()
        .map(figure -> figure.getKey() + " " + figure.getValue())
        .collect(Collectors.joining(", "));
  }

  /** What was remembered; nothing if it is not of this form. */
  private static Optional<Map<String, Figure>> parse(String text) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    for (String part : text.split(", ", -1)) {
      Matcher matcher = FIGURE.matcher(part);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      Figure figure =
          new Figure(Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)));
      figures.put(matcher.group(1), figure);
    }
    return figures.containsKey(JAVA) ? Optional.of(figures) : Optional.empty();
  }

  private String key(Weight weight) {
    return "%s | kernels %s | %d lanes | %s | %s of %d x %d"
        .formatted(
            Devices.describe(device),
            KERNELS,
            lanes,
            forms.stream().map(Form::name).collect(Collectors.joining(", ")),
            weight.type(),
            weight.rows(),
            weight.columns());
  }

  /** What changes with any form's code. */
  private static String kernels() {
    CRC32C sum = new CRC32C();
    Set<WeightType> all = EnumSet.allOf(WeightType.class);
    for (String source :
        List.of(TwinKernel.source(), GroupTwin.text(64, GroupTwin.Sums.LOCAL, all))) {
      sum.update(source.getBytes(StandardCharsets.UTF_8));
    }
    for (Class<?> kernels : List.of(ValueKernels.class, PairKernels.class, MatrixTasks.class)) {
      try (InputStream code = kernels.getResourceAsStream(kernels.getSimpleName() + ".class")) {
        sum.update(Objects.requireNonNull(code).readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException("the code of " + kernels + " cannot be read", e);
      }
    }
    return Long.toHexString(sum.getValue());
  }

  /** The largest of a type, or as many rows of it as are enough. */
  private static Weight apt(List<Weight> weights, WeightType type) {
    Weight largest =
        weights.stream()
            .filter(weight -> weight.type() == type)
            .max(Comparator.comparingInt(Weight::rows))
            .orElseThrow();
    int rows = Math.min(largest.rows(), Math.ceilDiv(ENOUGH_VALUES, largest.columns()));
    return new Weight(largest.name(), type, rows, largest.columns());
  }

  /** Runs the Java kernel and all other forms, and keeps the figures of those that are right. */
  private Map<String, Figure> run(DeviceWeight weight) {
    WeightType type = weight.weight().type();
    Map<String, Figure> figures = new LinkedHashMap<>();
    Trial java = trial(weight, JAVA, Twins.NONE);
    figures.put(JAVA, java.figure);
    for (Form form : forms) {
      Trial trial;
      try {
        Set<WeightType> one = Set.of(type);
        trial = trial(weight, form.name, new Twins(form.twin.apply(one), one));
      } catch (RuntimeException e) {
        // TornadoVM has no common exception for what a driver refuses.
        LOG.debug("{} of {}", form.name, type, e);
        LOG.info(
            "{} does not run as {}: the driver refuses the OpenCL C ({}); a newer one may not",
            type,
            form.name,
            Devices.reason(e));
        continue;
      }
      if (java.difference(trial) <= MOST_DIFFERENCE) {
        figures.put(form.name, trial.figure);
      } else {
        LOG.info("{} does not run as {}: it gives other numbers here", type, form.name);
      }
    }
    LOG.info(
        "{} of {}, nanoseconds of one row / of {}: {}",
        type,
        weight.weight().name(),
        Pass.MAX_ROWS,
        text(figures));
    return figures;
  }

  /** Times of a form, and its results, of which few rows and many are computed differently. */
  private record Trial(Figure figure, FloatArray one, FloatArray all) {

    /** Squares of the differences by squares of the values; the greater of both. */
    double difference(Trial other) {
      return Math.max(difference(one, other.one), difference(all, other.all));
    }

    private static double difference(FloatArray expected, FloatArray actual) {
      double squares = 0;
      double differences = 0;
      for (int i = 0; i < expected.getSize(); i++) {
        double value = expected.get(i);
        squares += value * value;
        differences += (value - actual.get(i)) * (value - actual.get(i));
      }
      return differences / squares;
    }
  }

  private Trial trial(DeviceWeight weight, String name, Twins twins) {
    try (ProductRun run = new ProductRun(device, lanes, weight, name, twins)) {
      long all = best(run, Pass.MAX_ROWS);
      FloatArray ofAll = run.results(Pass.MAX_ROWS);
      long one = best(run, 1);
      return new Trial(new Figure(one, all), run.results(1), ofAll);
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
