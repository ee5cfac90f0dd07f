package dev.hearth.inference.tornado;

import dev.hearth.inference.weight.WeightType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Times what launches cost by themselves: graphs of tasks that do nothing, for each form of kernel.
 * The slope is a task's, the rest a graph's.
 */
final class LaunchBench {

  private static final int[] TASKS = {1, 10, 20, 40, 60};
  private static final int ROUNDS = 100;

  private LaunchBench() {}

  /** Measures the kernel for processors and the one for GPUs, one graph and four in turn. */
  @SuppressWarnings("SystemOut") // a command line
  public static void main(String[] args) throws TornadoExecutionPlanException {
    Device.backend();
    ProductTwin groups = new GroupTwin(64, GroupTwin.Sums.LOCAL, "", Set.of(WeightType.Q8_0));
    measure("vectors", new VectorTwin());
    measure("groups", groups);
  }

  @SuppressWarnings("SystemOut")
  private static void measure(String name, ProductTwin twin) throws TornadoExecutionPlanException {
    double[] first = {};
    for (int tasks : TASKS) {
      double[] one = micros(name, twin, tasks, 1);
      first = tasks == TASKS[0] ? one : first;
      double[] four = micros(name, twin, tasks, 4);
      double more = Math.max(1, tasks - TASKS[0]);
      System.out.printf(
          "%s, %d tasks: a graph %.0f us (best %.0f), a task more %.1f (%.1f), 4 graphs %.0f (%.0f)%n",
          name,
          tasks,
          one[ROUNDS / 2],
          one[0],
          (one[ROUNDS / 2] - first[ROUNDS / 2]) / more,
          (one[0] - first[0]) / more,
          four[ROUNDS / 2],
          four[0]);
    }
  }

  /** Microseconds of running some graphs one after another, in rising order. */
  private static double[] micros(String form, ProductTwin twin, int tasks, int graphs)
      throws TornadoExecutionPlanException {
    Grids grids = new Grids();
    List<ImmutableTaskGraph> snapshots = new ArrayList<>();
    for (int i = 0; i < graphs; i++) {
      String name = "launch-%s-%d-%d-%d".formatted(form, tasks, graphs, i);
      IntArray pass = KernelRun.pass(1);
      FloatArray any = new FloatArray(64);
      TaskGraph graph = new TaskGraph(name);
      graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, pass);
      graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, any);
      for (int task = 0; task < tasks; task++) {
        String id = "nothing" + task;
        grids.put(name + "." + id, twin.begin(graph, id, pass, any));
      }
      graph.transferToHost(DataTransferMode.UNDER_DEMAND, any);
      snapshots.add(graph.snapshot());
    }
    try (TornadoExecutionPlan plan =
        new TornadoExecutionPlan(snapshots.toArray(ImmutableTaskGraph[]::new))) {
      plan.withDevice(Device.backend().device()).withGridScheduler(grids.scheduler());
      double[] micros = new double[ROUNDS];
      for (int round = -ROUNDS; round < ROUNDS; round++) {
        long start = System.nanoTime();
        for (int i = 0; i < graphs; i++) {
          plan.withGraph(i).execute();
        }
        micros[Math.max(round, 0)] = (System.nanoTime() - start) / 1e3;
      }
      Arrays.sort(micros);
      return micros;
    }
  }
}
