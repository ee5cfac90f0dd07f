package dev.hearth.inference.tornado;

import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Matrix products in OpenCL C, in one of some forms that give the same numbers. */
interface ProductTwin {

  /** Begins a graph that has tasks of this form; {@code any} array of it is not read. */
  Grids.Shape begin(TaskGraph graph, String id, IntArray pass, FloatArray any);

  /** Adds a product to a graph; parameters as of {@link MatrixTasks#product}. */
  Grids.Shape product(
      TaskGraph graph,
      String id,
      IntArray pass,
      DeviceWeight weight,
      FloatArray in,
      FloatArray bias,
      FloatArray out,
      int stage,
      int mode);

  /** What the driver's compiler must be told beside TornadoVM's own flags; may be empty. */
  default String flags() {
    return "";
  }
}
