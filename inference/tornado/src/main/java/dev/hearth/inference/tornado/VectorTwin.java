package dev.hearth.inference.tornado;

import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Matrix operations by {@code products-of-type.cl}, for processors: a work item has some outputs by
 * itself.
 */
final class VectorTwin implements ProductTwin {

  @Override
  public Grids.Shape begin(TaskGraph graph, String id, IntArray pass, FloatArray any) {
    TwinKernel.add(graph, id, TwinKernel.Arguments.ofNothing(pass, any));
    return TwinKernel.shape(1, -1, 1);
  }

  @Override
  public Grids.Shape product(
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
            pass,
            in,
            weight.arrays(),
            bias,
            out,
            TwinKernel.op(weight),
            stage,
            columns,
            outputs,
            mode));
    return TwinKernel.shape(Math.ceilDiv(outputs, TwinKernel.OUTPUTS), -1, 1);
  }

  /** Adds the look-up of the tokens' rows. */
  static Grids.Shape embed(
      TaskGraph graph, String id, IntArray pass, DeviceWeight table, FloatArray out) {
    int columns = table.weight().columns();
    int op = TwinKernel.EMBED + TwinKernel.op(table);
    TwinKernel.add(
        graph,
        id,
        new TwinKernel.Arguments(pass, out, table.arrays(), out, out, op, Pass.ALL, columns, 0, 0));
    return TwinKernel.shape(Math.ceilDiv(columns, TwinKernel.EMBED_VALUES), Pass.ALL, 1);
  }
}
