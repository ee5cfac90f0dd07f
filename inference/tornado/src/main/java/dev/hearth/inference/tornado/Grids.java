package dev.hearth.inference.tornado;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * How many threads each task gets. What a pass changes is the number of rows, so tasks of the same
 * width share a grid, and a pass sets the few there are.
 */
final class Grids {

  /**
   * A shape of work.
   *
   * @param width threads along a row
   * @param lanes threads of a work group along a row, 0 for the driver to choose
   * @param stage index of the number of rows in {@link Pass}, or -1 for always {@code rows}
   * @param rows rows that a thread takes, or how many there are
   * @param most rows of a pass with which this is the shape
   * @param beyond the shape with more, of as many lanes
   */
  record Shape(int width, int lanes, int stage, int rows, int most, @Nullable Shape beyond) {

    /** A shape whatever the number of rows. */
    Shape(int width, int lanes, int stage, int rows) {
      this(width, lanes, stage, rows, Pass.MAX_ROWS, null);
    }
  }

  private final GridScheduler scheduler = new GridScheduler();
  private final Map<Shape, WorkerGrid> grids = new HashMap<>();

  /** Says what a task gets. */
  void put(String task, Shape shape) {
    scheduler.addWorkerGrid(task, grids.computeIfAbsent(shape, Grids::grid));
  }

  private static WorkerGrid grid(Shape shape) {
    WorkerGrid grid = new WorkerGrid2D(shape.width, shape.stage < 0 ? shape.rows : 1);
    if (shape.lanes > 0) {
      grid.setLocalWork(shape.lanes, 1, 1);
    }
    return grid;
  }

  /**
   * Sets all grids to a pass's numbers of rows; where there are none, one work group of one row
   * computes in vain.
   */
  void set(IntArray pass) {
    grids.forEach((shape, grid) -> {
      if (shape.stage >= 0) {
        int count = pass.get(shape.stage);
        Shape now = shape.beyond != null && count > shape.most ? shape.beyond : shape;
        int width = count > 0 ? now.width : Math.max(1, now.lanes);
        grid.setGlobalWork(width, Math.max(1, Math.ceilDiv(count, now.rows)), 1);
      }
    });
  }

  GridScheduler scheduler() {
    return scheduler;
  }
}
