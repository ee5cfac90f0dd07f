package dev.hearth.inference.tornado;

import dev.hearth.inference.plan.Op;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Operations without a matrix by {@link RowKernels} and {@link CacheKernels}, which TornadoVM
 * compiles.
 */
final class RowJava implements RowTasks {

  private final KernelContext context = new KernelContext();
  private final IntArray pass;
  private final int lanes;

  /**
   * For a device.
   *
   * @param lanes threads of a work group, a power of two
   */
  RowJava(IntArray pass, int lanes) {
    this.pass = pass;
    this.lanes = lanes;
  }

  @Override
  public Grids.Shape norm(TaskGraph graph, String id, Op.RmsNorm op, Norm a, int stage) {
    int width = op.gain().columns();
    int parts = op.in().width() / width;
    graph.addTask(
        TaskPackage.createPackage(
            id,
            RowKernels::rmsNorm,
            context,
            a.in(),
            a.gain(),
            a.out(),
            parts,
            width,
            op.epsilon()));
    return new Grids.Shape(parts * lanes, lanes, stage, 1);
  }

  @Override
  public Grids.Shape append(TaskGraph graph, String id, Op.Attend op, Attention a, int stage) {
    int pairs = op.headDim() / 2;
    graph.addTask(
        TaskPackage.createPackage(
            id,
            CacheKernels::turnAndAppend,
            context,
            pass,
            a.query(),
            a.key(),
            a.value(),
            a.cosines(),
            a.sines(),
            a.keys(),
            a.values(),
            op.heads(),
            op.kvHeads(),
            pairs,
            a.kind()));
    return new Grids.Shape((op.heads() + 2 * op.kvHeads()) * (pairs >> a.kind()), 0, stage, 1);
  }

  @Override
  public Grids.Shape attend(TaskGraph graph, String id, Op.Attend op, Attention a, int stage) {
    graph.addTask(
        TaskPackage.createPackage(
            id,
            CacheKernels::attend,
            context,
            pass,
            a.query(),
            a.keys(),
            a.values(),
            a.out(),
            op.heads(),
            op.kvHeads(),
            op.headDim(),
            (float) (1 / Math.sqrt(op.headDim())),
            a.kind()));
    return new Grids.Shape(op.heads() * lanes, lanes, stage, 1);
  }

  @Override
  public Grids.Shape copyPages(
      TaskGraph graph, String id, IntArray keys, IntArray values, int width) {
    graph.addTask(
        TaskPackage.createPackage(id, CacheKernels::copyPages, context, pass, keys, values, width));
    return new Grids.Shape(width, 0, -1, 1);
  }

  @Override
  public Grids.Shape listed(TaskGraph graph, String id, FloatArray in, Head head, int columns) {
    graph.addTask(
        TaskPackage.createPackage(
            id,
            RowKernels::listed,
            context,
            pass,
            in,
            head.looked(),
            head.listed(),
            columns,
            Head.MOST_LISTED));
    return new Grids.Shape(lanes, lanes, Pass.LISTED, 1);
  }

  @Override
  public Grids.Shape greatest(TaskGraph graph, String id, FloatArray logits, Head head) {
    graph.addTask(
        TaskPackage.createPackage(
            id,
            RowKernels::greatest,
            context,
            logits,
            head.masks(),
            head.greatest(),
            head.vocabulary(),
            Head.STRETCHES));
    return new Grids.Shape(Head.STRETCHES * lanes, lanes, Pass.GREATEST, 1);
  }

  @Override
  public Grids.Shape keepRows(
      TaskGraph graph, String id, FloatArray rows, int width, int stage, int picks) {
    graph.addTask(
        TaskPackage.createPackage(
            id, RowKernels::keepRows, context, pass, rows, stage, picks, width));
    return new Grids.Shape(width, 0, -1, 1);
  }

  @Override
  public Grids.Shape join(
      TaskGraph graph,
      String id,
      FloatArray in,
      FloatArray out,
      int offset,
      int width,
      int outWidth,
      int stage) {
    graph.addTask(
        TaskPackage.createPackage(id, RowKernels::join, context, in, out, offset, width, outWidth));
    return new Grids.Shape(width, 0, stage, 1);
  }

  @Override
  public Grids.Shape restorePage(
      TaskGraph graph,
      String id,
      IntArray page,
      IntArray staged,
      IntArray cache,
      int at,
      int width) {
    graph.addTask(
        TaskPackage.createPackage(
            id, CacheKernels::restorePage, context, page, staged, cache, at, width));
    return new Grids.Shape(width, 0, -1, Pass.PAGE);
  }
}
