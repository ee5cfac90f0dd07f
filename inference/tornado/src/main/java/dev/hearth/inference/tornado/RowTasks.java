package dev.hearth.inference.tornado;

import dev.hearth.inference.plan.Op;
import java.util.List;
import java.util.Optional;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Adds the tasks of operations without a matrix to graphs, in one of two forms that give the same
 * numbers. Each method returns the threads that its task gets; {@code stage} is the index of the
 * number of rows in {@link Pass}.
 */
interface RowTasks {

  /** A norm of each part, as wide as the gain, of a row. */
  Grids.Shape norm(TaskGraph graph, String id, Op.RmsNorm op, Norm arrays, int stage);

  /**
   * Arrays of a norm.
   *
   * @param in rows
   * @param gain vector
   * @param out rows
   */
  record Norm(FloatArray in, FloatArray gain, FloatArray out) {}

  /**
   * Arrays of attention.
   *
   * @param query rows, turned in place
   * @param key rows
   * @param value rows
   * @param cosines of all positions
   * @param sines of all positions
   * @param keys the layer's cache
   * @param values the layer's cache
   * @param kind how the cache is stored, see {@link KvCache}
   * @param out rows
   */
  record Attention(
      FloatArray query,
      FloatArray key,
      FloatArray value,
      FloatArray cosines,
      FloatArray sines,
      TornadoNativeArray keys,
      TornadoNativeArray values,
      int kind,
      FloatArray out) {}

  /** Copies pages, turns query and key, and appends key and value to the cache. */
  Grids.Shape append(TaskGraph graph, String id, Op.Attend op, Attention arrays, int stage);

  /** Attention over the cache, or over stretches of it that {@link #merge} puts together. */
  Grids.Shape attend(TaskGraph graph, String id, Op.Attend op, Attention arrays, int stage);

  /** Puts stretches of attention together; adds no task in a form that makes none. */
  Optional<Grids.Shape> merge(
      TaskGraph graph, String id, Op.Attend op, Attention arrays, int stage);

  /** Arrays of its own that stay on the device; known when the tasks of a graph are added. */
  List<FloatArray> kept();

  /**
   * The copies of pages alone.
   *
   * @param width integers of a token
   * @param kind how the cache is stored, see {@link KvCache}
   */
  Grids.Shape copyPages(
      TaskGraph graph,
      String id,
      TornadoNativeArray keys,
      TornadoNativeArray values,
      int width,
      int kind);

  /** The logits of the listed tokens, whose rows of the head were looked up. */
  Grids.Shape listed(TaskGraph graph, String id, FloatArray in, Head head, int columns);

  /** The greatest allowed logit of each stretch of the vocabulary. */
  Grids.Shape greatest(TaskGraph graph, String id, FloatArray logits, Head head);

  /** Moves the rows that {@code picks} of the pass names to the front. */
  Grids.Shape keepRows(
      TaskGraph graph, String id, FloatArray rows, int width, int stage, int picks);

  /** Puts rows into wider rows, from an offset on. */
  Grids.Shape join(
      TaskGraph graph,
      String id,
      FloatArray in,
      FloatArray out,
      int offset,
      int width,
      int outWidth,
      int stage);

  /**
   * Takes a saved page.
   *
   * @param page has the index of the page
   * @param staged saved pages of all caches
   * @param at where this cache's is among them
   * @param width integers of a token
   * @param kind how the cache is stored, see {@link KvCache}
   */
  Grids.Shape restorePage(
      TaskGraph graph,
      String id,
      IntArray page,
      TornadoNativeArray staged,
      TornadoNativeArray cache,
      int at,
      int width,
      int kind);
}
