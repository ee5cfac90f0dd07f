package dev.hearth.inference.tornado;

import dev.hearth.inference.plan.Op;
import java.util.List;
import java.util.Optional;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** Operations without a matrix in OpenCL C, {@code rows.cl}, for processors. */
final class RowTwin implements RowTasks {

  /** Values that a work item moves. */
  private static final int VALUES = 16;

  private final IntArray pass;

  RowTwin(IntArray pass) {
    this.pass = pass;
  }

  /** Whether it can do an attention: heads in whole vectors. */
  static boolean takes(Op.Attend op) {
    return op.headDim() % VALUES == 0;
  }

  private static void add(
      TaskGraph graph,
      String id,
      IntArray pass,
      TornadoNativeArray in,
      List<? extends TornadoNativeArray> arrays,
      TornadoNativeArray bias,
      TornadoNativeArray out,
      int op,
      int kind,
      int columns,
      int outputs,
      int mode) {
    TwinKernel.add(
        graph,
        id,
        new TwinKernel.Arguments(pass, in, arrays, bias, out, op, kind, columns, outputs, mode));
  }

  @Override
  public Grids.Shape norm(TaskGraph graph, String id, Op.RmsNorm op, Norm a, int stage) {
    int width = op.gain().columns();
    int parts = op.in().width() / width;
    int epsilon = Float.floatToRawIntBits(op.epsilon());
    add(
        graph,
        id,
        pass,
        a.in(),
        List.of(),
        a.gain(),
        a.out(),
        TwinKernel.NORM,
        0,
        width,
        parts,
        epsilon);
    return TwinKernel.shape(parts, stage, 1);
  }

  @Override
  public Grids.Shape append(TaskGraph graph, String id, Op.Attend op, Attention a, int stage) {
    List<FloatArray> read = List.of(a.key(), a.value(), a.cosines(), a.sines());
    add(
        graph,
        id,
        pass,
        a.query(),
        read,
        a.keys(),
        a.values(),
        TwinKernel.TURN,
        a.kind(),
        op.headDim() / 2,
        op.heads(),
        op.kvHeads());
    return TwinKernel.shape(op.heads() + 2 * op.kvHeads(), stage, 1);
  }

  @Override
  public Grids.Shape attend(TaskGraph graph, String id, Op.Attend op, Attention a, int stage) {
    add(
        graph,
        id,
        pass,
        a.query(),
        List.of(a.keys(), a.values()),
        a.out(),
        a.out(),
        TwinKernel.ATTEND,
        a.kind(),
        op.headDim(),
        op.heads(),
        op.kvHeads());
    return TwinKernel.shape(op.heads(), stage, 1);
  }

  @Override
  public Optional<Grids.Shape> merge(
      TaskGraph graph, String id, Op.Attend op, Attention a, int stage) {
    return Optional.empty();
  }

  @Override
  public List<FloatArray> kept() {
    return List.of();
  }

  @Override
  public Grids.Shape copyPages(
      TaskGraph graph,
      String id,
      TornadoNativeArray keys,
      TornadoNativeArray values,
      int width,
      int kind) {
    add(graph, id, pass, keys, List.of(), values, values, TwinKernel.COPY, 0, width, 0, 0);
    return moves(width, -1, 1);
  }

  @Override
  public Grids.Shape listed(TaskGraph graph, String id, FloatArray in, Head head, int columns) {
    FloatArray out = head.listed();
    List<FloatArray> read = List.of(head.looked());
    add(graph, id, pass, in, read, out, out, TwinKernel.LISTED, 0, columns, Head.MOST_LISTED, 0);
    return TwinKernel.shape(TwinKernel.GROUP, Pass.LISTED, 1);
  }

  @Override
  public Grids.Shape greatest(TaskGraph graph, String id, FloatArray logits, Head head) {
    FloatArray out = head.greatest();
    List<IntArray> read = List.of(head.masks());
    add(graph, id, pass, logits, read, out, out, TwinKernel.GREATEST, 0, head.vocabulary(), 0, 0);
    return TwinKernel.shape(Head.STRETCHES, Pass.GREATEST, 1);
  }

  @Override
  public Grids.Shape keepRows(
      TaskGraph graph, String id, FloatArray rows, int width, int stage, int picks) {
    TwinKernel.add(
        graph,
        id,
        new TwinKernel.Arguments(
            pass, rows, List.of(), rows, rows, TwinKernel.KEEP, stage, width, 0, picks));
    return moves(width, -1, 1);
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
    add(graph, id, pass, in, List.of(), out, out, TwinKernel.JOIN, 0, width, outWidth, offset);
    return moves(width, stage, 1);
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
    add(graph, id, page, staged, List.of(), cache, cache, TwinKernel.RESTORE, 0, width, at, 0);
    return moves(width, -1, Pass.PAGE);
  }

  private static Grids.Shape moves(int width, int stage, int rows) {
    return TwinKernel.shape(Math.ceilDiv(width, VALUES), stage, rows);
  }
}
