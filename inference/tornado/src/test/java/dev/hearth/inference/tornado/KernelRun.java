package dev.hearth.inference.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Runs single tasks on the device of the tests. */
final class KernelRun {

  static final int LANES = 16;

  private static int runs;

  private final TaskGraph graph;
  private final String name = "kernel" + runs++;
  private final GridScheduler grids = new GridScheduler();
  private final List<Object> outputs = new ArrayList<>();

  KernelRun() {
    Device.backend();
    graph = new TaskGraph(name);
  }

  /** What goes to the device. */
  KernelRun reads(Object... arrays) {
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays);
    return this;
  }

  /** What comes back; it goes there too, poison and all. */
  KernelRun writes(Object... arrays) {
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays);
    outputs.addAll(List.of(arrays));
    return this;
  }

  /** A task with its threads along and across rows; no lanes for the driver's choice. */
  KernelRun task(TaskPackage task, int width, int rows, int lanes) {
    graph.addTask(task);
    WorkerGrid2D grid = new WorkerGrid2D(width, rows);
    if (lanes > 0) {
      grid.setLocalWork(lanes, 1, 1);
    }
    grids.addWorkerGrid(name + "." + task.getId(), grid);
    return this;
  }

  /** A task that says itself what threads it gets for a pass. */
  KernelRun task(String id, IntArray pass, Function<TaskGraph, Grids.Shape> task) {
    Grids shapes = new Grids();
    shapes.put(name + "." + id, task.apply(graph));
    shapes.set(pass);
    grids.addWorkerGrid(name + "." + id, shapes.scheduler().get(name + "." + id));
    return this;
  }

  /** Executes once. */
  void run() {
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, outputs.toArray());
    ImmutableTaskGraph snapshot = graph.snapshot();
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(snapshot)) {
      plan.withGridScheduler(grids).execute();
    } catch (TornadoExecutionPlanException e) {
      throw new IllegalStateException("the plan cannot be closed", e);
    }
  }

  /** An array that shows what no kernel has written. */
  static FloatArray poisoned(int size) {
    FloatArray array = new FloatArray(size);
    array.init(Float.NaN);
    return array;
  }

  /** A pass of rows that are all picked. */
  static IntArray pass(int rows) {
    IntArray pass = Pass.array(512);
    pass.init(0);
    pass.set(Pass.ALL, rows);
    pass.set(Pass.HIDDEN, rows);
    pass.set(Pass.LOGITS, rows);
    return pass;
  }

  /** The first values as a heap array. */
  static float[] values(FloatArray array, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = array.get(i);
    }
    return values;
  }
}
