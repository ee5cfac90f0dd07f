package dev.hearth.inference.tornado;

import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import uk.ac.manchester.tornado.api.AccessorParameters;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.Access;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Matrix products in OpenCL C ({@code products.cl}), which compilers make vectors of where they
 * make none of what TornadoVM generates. TornadoVM takes them from a file, as tasks made before.
 */
final class ProductTwin {

  private static final String RESOURCE = "products.cl";
  private static final String ENTRY = "product";
  private static final int OUTPUTS = 4;
  private static final int GROUP = 4;

  /** Files by type, written once. */
  private static final Map<WeightType, Path> FILES = new ConcurrentHashMap<>();

  private ProductTwin() {}

  /** Whether there is one for a type. */
  static boolean exists(WeightType type) {
    return switch (type) {
      case F16, Q8_0, Q4_0, Q4_K, Q6_K -> true;
      case F32, BF16, Q5_K -> false;
    };
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
    List<TornadoNativeArray> arrays = weight.arrays();
    int outputs = weight.weight().rows();
    AccessorParameters all = new AccessorParameters(arrays.size() + 8);
    int at = 0;
    all.set(at++, pass, Access.READ_ONLY);
    all.set(at++, in, Access.READ_ONLY);
    for (TornadoNativeArray array : arrays) {
      all.set(at++, array, Access.READ_ONLY);
    }
    all.set(at++, bias, Access.READ_ONLY);
    all.set(at++, out, Access.READ_WRITE);
    all.set(at++, stage, Access.READ_ONLY);
    all.set(at++, weight.weight().columns(), Access.READ_ONLY);
    all.set(at++, outputs, Access.READ_ONLY);
    all.set(at, mode, Access.READ_ONLY);
    graph.prebuiltTask(id, ENTRY, file(weight.weight().type()).toString(), all);
    int groups = Math.ceilDiv(outputs, OUTPUTS * GROUP);
    return new Grids.Shape(groups * GROUP, GROUP, -1, 1);
  }

  private static Path file(WeightType type) {
    return FILES.computeIfAbsent(type, ProductTwin::write);
  }

  private static Path write(WeightType type) {
    try (InputStream resource = ProductTwin.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new IllegalStateException("the resource " + RESOURCE + " is missing");
      }
      Path file = Files.createTempFile("hearth-product-" + type, ".cl");
      file.toFile().deleteOnExit();
      String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
      return Files.writeString(file, defines(type) + text);
    } catch (IOException e) {
      throw new UncheckedIOException("the temporary folder takes no OpenCL C source", e);
    }
  }

  private static String defines(WeightType type) {
    return """
    #define TYPE_%s
    #define HEADER %d
    #define OUTPUTS %d
    #define MAX_ROWS %d
    #define BIASED %d
    #define ADDED %d
    #define GATED %d
    """
        .formatted(
            type,
            TornadoNativeArray.ARRAY_HEADER,
            OUTPUTS,
            Pass.MAX_ROWS,
            ValueKernels.BIASED,
            ValueKernels.ADDED,
            ValueKernels.GATED);
  }
}
