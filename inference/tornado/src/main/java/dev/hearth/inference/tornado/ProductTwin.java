package dev.hearth.inference.tornado;

import java.util.List;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Matrix operations in OpenCL C: {@code products-of-type.cl}. */
final class ProductTwin {

  private ProductTwin() {}

  /** Begins a graph that has tasks in OpenCL C; {@code any} array of it is not read. */
  static Grids.Shape begin(TaskGraph graph, String id, IntArray pass, FloatArray any) {
    TwinKernel.add(
        graph,
        id,
        new TwinKernel.Arguments(
            pass, any, List.of(), any, any, TwinKernel.NOTHING, Pass.ALL, 0, 0, 0));
    return TwinKernel.shape(1, -1, 1);
  }

  /** Adds a product to a graph; parameters as of {@link MatrixTasks#product}. */
  static Grids.Shape product(
      TaskGraph graph,
      String id,
      IntArray pass,
      DeviceWeight weight,
      FloatArray in,
      FloatArray bias,
      FloatArray out,
      int stage,
      int mode) {
    int columns = weight.weight().columns();
    int outputs = weight.weight().rows();
    TwinKernel.add(
        graph,
        id,
        new TwinKernel.Arguments(
            pass, in, weight.arrays(), bias, out, op(weight), stage, columns, outputs, mode));
    return TwinKernel.shape(Math.ceilDiv(outputs, TwinKernel.OUTPUTS), -1, 1);
  }

  /** Adds the look-up of the tokens' rows. */
  static Grids.Shape embed(
      TaskGraph graph, String id, IntArray pass, DeviceWeight table, FloatArray out) {
    int columns = table.weight().columns();
    int op = TwinKernel.EMBED + op(table);
    TwinKernel.add(
        graph,
        id,
        new TwinKernel.Arguments(pass, out, table.arrays(), out, out, op, Pass.ALL, columns, 0, 0));
    return TwinKernel.shape(Math.ceilDiv(columns, TwinKernel.EMBED_VALUES), Pass.ALL, 1);
  }

  private static int op(DeviceWeight weight) {
    return TwinKernel.TYPES.indexOf(weight.weight().type());
  }
}
