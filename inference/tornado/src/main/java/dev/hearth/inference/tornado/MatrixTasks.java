package dev.hearth.inference.tornado;

import dev.hearth.inference.weight.WeightType;
import java.util.List;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** Decides which kernel a matrix operation runs, by the type of its weight: the one place. */
final class MatrixTasks {

  private final KernelContext context;
  private final IntArray pass;
  private final int lanes;
  private final Twins twins;

  /**
   * Prepares.
   *
   * @param lanes threads of a work group of a Java kernel
   * @param twins what runs in OpenCL C, see {@link TwinChoice}
   */
  MatrixTasks(KernelContext context, IntArray pass, int lanes, Twins twins) {
    this.context = context;
    this.pass = pass;
    this.lanes = lanes;
    this.twins = twins;
  }

  /**
   * Adds a matrix product to a graph, in Java or in OpenCL C.
   *
   * @param stage index of the number of rows in {@link Pass}
   * @param mode what is added, see {@link ValueKernels}
   * @return the threads that it gets
   */
  Grids.Shape product(
      TaskGraph graph,
      String id,
      DeviceWeight weight,
      FloatArray in,
      FloatArray bias,
      FloatArray out,
      int stage,
      int mode) {
    ProductTwin twin = twins.of(weight.weight().type());
    if (twin != null) {
      return twin.product(graph, id, pass, weight, in, bias, out, stage, mode);
    }
    graph.addTask(matMul(id, weight, in, bias, out, stage, mode));
    return new Grids.Shape(weight.weight().rows() * lanes, lanes, stage, Pass.TILE);
  }

  private TaskPackage matMul(
      String id,
      DeviceWeight weight,
      FloatArray in,
      FloatArray bias,
      FloatArray out,
      int stage,
      int mode) {
    KernelContext c = context;
    List<TornadoNativeArray> w = weight.arrays();
    int columns = weight.weight().columns();
    int outputs = weight.weight().rows();
    return switch (weight.weight().type()) {
      case F32 ->
          TaskPackage.createPackage(
              id,
              ValueKernels::matMulF32,
              c,
              pass,
              in,
              floats(w, 0),
              bias,
              out,
              stage,
              columns,
              outputs,
              mode);
      case F16 ->
          TaskPackage.createPackage(
              id,
              ValueKernels::matMulF16,
              c,
              pass,
              in,
              shorts(w, 0),
              floats(w, 1),
              bias,
              out,
              stage,
              columns,
              outputs,
              mode);
      case BF16 ->
          TaskPackage.createPackage(
              id,
              ValueKernels::matMulBF16,
              c,
              pass,
              in,
              shorts(w, 0),
              floats(w, 1),
              bias,
              out,
              stage,
              columns,
              outputs,
              mode);
      case Q8_0 ->
          TaskPackage.createPackage(
              id,
              ValueKernels::matMulQ8_0,
              c,
              pass,
              in,
              bytes(w, 0),
              floats(w, 1),
              bias,
              out,
              stage,
              columns,
              outputs,
              mode);
      case Q4_0 ->
          TaskPackage.createPackage(
              id,
              PairKernels::matMulQ4_0,
              c,
              pass,
              in,
              bytes(w, 0),
              floats(w, 1),
              bias,
              out,
              stage,
              columns,
              outputs,
              mode);
      case Q4_K ->
          TaskPackage.createPackage(
              id,
              PairKernels::matMulQ4_K,
              c,
              pass,
              in,
              bytes(w, 0),
              bytes(w, 1),
              floats(w, 2),
              bias,
              out,
              stage,
              columns,
              outputs,
              mode);
      case Q5_K ->
          TaskPackage.createPackage(
              id,
              PairKernels::matMulQ5_K,
              c,
              pass,
              in,
              bytes(w, 0),
              bytes(w, 1),
              bytes(w, 2),
              floats(w, 3),
              bias,
              out,
              stage,
              columns,
              outputs,
              mode);
      case Q6_K ->
          TaskPackage.createPackage(
              id,
              PairKernels::matMulQ6_K,
              c,
              pass,
              in,
              bytes(w, 0),
              bytes(w, 1),
              bytes(w, 2),
              floats(w, 3),
              bias,
              out,
              stage,
              columns,
              outputs,
              mode);
    };
  }

  /** Adds the look-up of the tokens' rows to a graph. */
  Grids.Shape embed(TaskGraph graph, String id, DeviceWeight table, FloatArray out) {
    if (twins.of(table.weight().type()) instanceof VectorTwin) {
      return VectorTwin.embed(graph, id, pass, table, out);
    }
    graph.addTask(embed(id, table, out));
    return new Grids.Shape(embedWidth(table), 0, Pass.ALL, 1);
  }

  private TaskPackage embed(String id, DeviceWeight table, FloatArray out) {
    KernelContext c = context;
    List<TornadoNativeArray> w = table.arrays();
    int columns = table.weight().columns();
    return switch (table.weight().type()) {
      case F32 ->
          TaskPackage.createPackage(
              id, ValueKernels::embedF32, c, pass, floats(w, 0), out, columns);
      case F16 ->
          TaskPackage.createPackage(
              id, ValueKernels::embedF16, c, pass, shorts(w, 0), floats(w, 1), out, columns);
      case BF16 ->
          TaskPackage.createPackage(
              id, ValueKernels::embedBF16, c, pass, shorts(w, 0), floats(w, 1), out, columns);
      case Q8_0 ->
          TaskPackage.createPackage(
              id, ValueKernels::embedQ8_0, c, pass, bytes(w, 0), floats(w, 1), out, columns);
      case Q4_0 ->
          TaskPackage.createPackage(
              id, PairKernels::embedQ4_0, c, pass, bytes(w, 0), floats(w, 1), out, columns);
      case Q4_K ->
          TaskPackage.createPackage(
              id,
              PairKernels::embedQ4_K,
              c,
              pass,
              bytes(w, 0),
              bytes(w, 1),
              floats(w, 2),
              out,
              columns);
      case Q5_K ->
          TaskPackage.createPackage(
              id,
              PairKernels::embedQ5_K,
              c,
              pass,
              bytes(w, 0),
              bytes(w, 1),
              bytes(w, 2),
              floats(w, 3),
              out,
              columns);
      case Q6_K ->
          TaskPackage.createPackage(
              id,
              PairKernels::embedQ6_K,
              c,
              pass,
              bytes(w, 0),
              bytes(w, 1),
              bytes(w, 2),
              floats(w, 3),
              out,
              columns);
    };
  }

  /** Threads that look up a row. */
  private static int embedWidth(DeviceWeight table) {
    WeightType type = table.weight().type();
    int columns = table.weight().columns();
    return switch (type) {
      case F32, F16, BF16, Q8_0 -> columns;
      case Q4_0, Q4_K, Q5_K, Q6_K -> columns / 2;
    };
  }

  private static FloatArray floats(List<TornadoNativeArray> arrays, int index) {
    return (FloatArray) arrays.get(index);
  }

  private static ShortArray shorts(List<TornadoNativeArray> arrays, int index) {
    return (ShortArray) arrays.get(index);
  }

  private static ByteArray bytes(List<TornadoNativeArray> arrays, int index) {
    return (ByteArray) arrays.get(index);
  }
}
