package dev.hearth.inference.tornado;

import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import uk.ac.manchester.tornado.api.AccessorParameters;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.Access;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Matrix products in OpenCL C ({@code products.cl}), which compilers make vectors of where they
 * make none of what TornadoVM generates. TornadoVM takes them from a file, as a prebuilt task.
 *
 * <p>TornadoVM 5.2 gives all prebuilt tasks of a graph the kernel of the graph's first task, so
 * that one kernel does all types and a graph begins with a product of nothing.
 */
final class ProductTwin {

  private static final String ENTRY = "product";

  private static final List<WeightType> TYPES =
      List.of(WeightType.F16, WeightType.Q8_0, WeightType.Q4_0, WeightType.Q4_K, WeightType.Q6_K);

  /** Outputs of a work item. */
  private static final int OUTPUTS = 4;

  /** Work items of a group. */
  private static final int GROUP = 4;

  /** Arrays of the types that have the most. */
  private static final int MOST_ARRAYS = 4;

  /** The source, written once. */
  private static final class Source {
    private static final Path FILE = write();
  }

  private ProductTwin() {}

  /** Whether there is one for a type. */
  static boolean exists(WeightType type) {
    return TYPES.contains(type);
  }

  /** Begins a graph that has such products; {@code any} array of it is not read. */
  static Grids.Shape begin(TaskGraph graph, String id, IntArray pass, FloatArray any) {
    List<TornadoNativeArray> none = List.of();
    return add(graph, id, pass, none, any, any, any, -1, Pass.ALL, 0, 0, 0);
  }

  /** Adds a product to a graph; parameters as of {@link MatrixTasks#product}. */
  static Grids.Shape add(
      TaskGraph graph,
      String id,
      IntArray pass,
      DeviceWeight weight,
      FloatArray in,
      FloatArray bias,
      FloatArray out,
      int stage,
      int mode) {
    int type = TYPES.indexOf(weight.weight().type());
    int columns = weight.weight().columns();
    int outputs = weight.weight().rows();
    return add(
        graph, id, pass, weight.arrays(), in, bias, out, type, stage, columns, outputs, mode);
  }

  private static Grids.Shape add(
      TaskGraph graph,
      String id,
      IntArray pass,
      List<TornadoNativeArray> arrays,
      FloatArray in,
      FloatArray bias,
      FloatArray out,
      int type,
      int stage,
      int columns,
      int outputs,
      int mode) {
    AccessorParameters all = new AccessorParameters(MOST_ARRAYS + 9);
    int at = 0;
    all.set(at++, pass, Access.READ_ONLY);
    all.set(at++, in, Access.READ_ONLY);
    for (int i = 0; i < MOST_ARRAYS; i++) {
      all.set(at++, i < arrays.size() ? arrays.get(i) : bias, Access.READ_ONLY);
    }
    all.set(at++, bias, Access.READ_ONLY);
    all.set(at++, out, Access.READ_WRITE);
    for (int number : new int[] {type, stage, columns, outputs, mode}) {
      all.set(at++, number, Access.READ_ONLY);
    }
    graph.prebuiltTask(id, ENTRY, Source.FILE.toString(), all);
    int groups = Math.max(1, Math.ceilDiv(outputs, OUTPUTS * GROUP));
    return new Grids.Shape(groups * GROUP, GROUP, -1, 1);
  }

  private static Path write() {
    StringBuilder text = new StringBuilder();
    for (WeightType type : TYPES) {
      define(text, "IS_" + type, TYPES.indexOf(type));
    }
    define(text, "HEADER", TornadoNativeArray.ARRAY_HEADER);
    define(text, "OUTPUTS", OUTPUTS);
    define(text, "MAX_ROWS", Pass.MAX_ROWS);
    define(text, "BIASED", ValueKernels.BIASED);
    define(text, "ADDED", ValueKernels.ADDED);
    define(text, "GATED", ValueKernels.GATED);
    text.append(resource("products.cl"));
    for (WeightType type : TYPES) {
      define(text, "TYPE", TYPES.indexOf(type));
      text.append(resource("products-of-type.cl")).append("#undef TYPE\n");
    }
    text.append(resource("products-kernel.cl"));
    try {
      Path file = Files.createTempFile("hearth-products", ".cl");
      file.toFile().deleteOnExit();
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("the temporary folder takes no OpenCL C source", e);
    }
  }

  private static void define(StringBuilder text, String name, long value) {
    text.append("#define ").append(name).append(' ').append(value).append('\n');
  }

  private static String resource(String name) {
    try (InputStream resource = ProductTwin.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new IllegalStateException("the resource " + name + " is missing");
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the resource " + name + " cannot be read", e);
    }
  }
}
