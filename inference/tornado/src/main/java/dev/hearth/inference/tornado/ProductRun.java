package dev.hearth.inference.tornado;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** One product alone on a device, with random rows, to be timed. */
final class ProductRun implements AutoCloseable {

  private static final String ID = "product";

  private final IntArray pass = new IntArray(Pass.TABLE);
  private final Grids grids = new Grids();
  private final FloatArray out;
  private final TornadoExecutionPlan plan;
  private @Nullable TornadoExecutionResult last;

  /**
   * Makes the task, which is compiled when it runs first.
   *
   * @param lanes threads of a work group in Java
   * @param form a name for what runs
   * @param twins what runs
   */
  ProductRun(TornadoDevice device, int lanes, DeviceWeight weight, String form, Twins twins) {
    FloatArray in = new FloatArray(Math.multiplyExact(Pass.MAX_ROWS, weight.weight().columns()));
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < in.getSize(); i++) {
      in.set(i, (float) random.nextDouble(-1, 1));
    }
    FloatArray bias = new FloatArray(1);
    out = new FloatArray(Math.multiplyExact(Pass.MAX_ROWS, weight.weight().rows()));
    pass.init(0);
    String name = "trial-" + form + "-" + weight.weight().type();
    TaskGraph graph = new TaskGraph(name);
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, in, bias, out);
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, weight.arrays().toArray());
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, pass);
    MatrixTasks tasks = new MatrixTasks(new KernelContext(), pass, lanes, twins);
    grids.put(
        name + "." + ID,
        tasks.product(graph, ID, weight, in, bias, out, Pass.ALL, ValueKernels.PLAIN));
    graph.transferToHost(DataTransferMode.UNDER_DEMAND, out);
    plan = new TornadoExecutionPlan(graph.snapshot());
    plan.withDevice(device).withGridScheduler(grids.scheduler());
    ProductTwin twin = twins.form();
    if (twin != null) {
      Devices.addFlags(plan, twin.flags());
    }
  }

  /** Runs some rows and returns the nanoseconds that they took. */
  long run(int rows) {
    pass.set(Pass.ALL, rows);
    grids.set(pass);
    long start = System.nanoTime();
    last = plan.execute();
    return System.nanoTime() - start;
  }

  /** The results of the last run, of some rows. */
  FloatArray results(int rows) {
    if (last == null) {
      throw new IllegalStateException("nothing has run");
    }
    last.transferToHost(out);
    FloatArray results = new FloatArray(out.getSize() / Pass.MAX_ROWS * rows);
    for (int i = 0; i < results.getSize(); i++) {
      results.set(i, out.get(i));
    }
    return results;
  }

  @Override
  public void close() {
    try {
      plan.close();
    } catch (TornadoExecutionPlanException e) {
      throw new IllegalStateException("the memory of a trial cannot be given back", e);
    }
  }
}
