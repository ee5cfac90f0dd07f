package dev.hearth.inference.tornado;

import dev.hearth.inference.plan.Op;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Operations without a matrix by {@link RowKernels}, {@link CacheKernels} and {@link
 * AttentionKernels}, which TornadoVM compiles.
 */
final class RowJava implements RowTasks {

  private final KernelContext context = new KernelContext();
  private final IntArray pass;
  private final int lanes;
  private @Nullable FloatArray parts;
  private final List<FloatArray> noFloats = List.of(new FloatArray(1), new FloatArray(1));
  private final List<IntArray> noInts = List.of(new IntArray(1), new IntArray(1));

  /**
   * For a device.
   *
   * @param lanes threads of a work group, a power of two
   */
  RowJava(IntArray pass, int lanes) {
    this.pass = pass;
    this.lanes = lanes;
  }

  /** An array of a cache in single precision; for another an array that is not touched. */
  private FloatArray floats(TornadoNativeArray array, int kind, int which) {
    return kind == KvCache.SINGLE ? (FloatArray) array : noFloats.get(which);
  }

  /** An array of a cache that is not in single precision; for another one that is not touched. */
  private IntArray ints(TornadoNativeArray array, int kind, int which) {
    return kind == KvCache.SINGLE ? noInts.get(which) : (IntArray) array;
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
            floats(a.keys(), a.kind(), 0),
            floats(a.values(), a.kind(), 1),
            ints(a.keys(), a.kind(), 0),
            ints(a.values(), a.kind(), 1),
            op.heads(),
            op.kvHeads(),
            pairs,
            a.kind()));
    return new Grids.Shape((op.heads() + 2 * op.kvHeads()) * (pairs >> a.kind()), 0, stage, 1);
  }

  @Override
  public Grids.Shape attend(TaskGraph graph, String id, Op.Attend op, Attention a, int stage) {
    if (parts == null) {
      parts = new FloatArray(Math.toIntExact(AttentionKernels.parts(op)));
      parts.init(0);
    }
    graph.addTask(
        TaskPackage.createPackage(
            id,
            AttentionKernels::attend,
            context,
            pass,
            a.query(),
            floats(a.keys(), a.kind(), 0),
            floats(a.values(), a.kind(), 1),
            ints(a.keys(), a.kind(), 0),
            ints(a.values(), a.kind(), 1),
            parts,
            a.out(),
            op.heads(),
            op.kvHeads(),
            op.headDim(),
            a.kind(),
            stage));
    int few = op.kvHeads() * AttentionKernels.tiles(op.heads() / op.kvHeads());
    return new Grids.Shape(
        few * AttentionKernels.SPLITS * lanes,
        lanes,
        stage,
        1,
        AttentionKernels.FEW_ROWS,
        new Grids.Shape(op.heads() * lanes, lanes, stage, 1));
  }

  @Override
  public Optional<Grids.Shape> merge(
      TaskGraph graph, String id, Op.Attend op, Attention a, int stage) {
    graph.addTask(
        TaskPackage.createPackage(
            id,
            AttentionKernels::merge,
            context,
            pass,
            parts,
            a.out(),
            op.heads(),
            op.headDim(),
            stage));
    // With more rows one work group finds that there is nothing to do.
    Grids.Shape nothing = new Grids.Shape(lanes, lanes, stage, Pass.MAX_ROWS);
    return Optional.of(
        new Grids.Shape(op.heads() * lanes, lanes, stage, 1, AttentionKernels.FEW_ROWS, nothing));
  }

  @Override
  public List<FloatArray> kept() {
    return parts == null ? List.of() : List.of(parts);
  }

  @Override
  public Grids.Shape copyPages(
      TaskGraph graph,
      String id,
      TornadoNativeArray keys,
      TornadoNativeArray values,
      int width,
      int kind) {
    graph.addTask(
        TaskPackage.createPackage(
            id,
            CacheKernels::copyPages,
            context,
            pass,
            floats(keys, kind, 0),
            floats(values, kind, 1),
            ints(keys, kind, 0),
            ints(values, kind, 1),
            width,
            kind));
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
      TornadoNativeArray staged,
      TornadoNativeArray cache,
      int at,
      int width,
      int kind) {
    graph.addTask(
        TaskPackage.createPackage(
            id,
            CacheKernels::restorePage,
            context,
            page,
            floats(staged, kind, 0),
            floats(cache, kind, 1),
            ints(staged, kind, 0),
            ints(cache, kind, 1),
            at,
            width,
            kind));
    return new Grids.Shape(width, 0, -1, Pass.PAGE);
  }
}
