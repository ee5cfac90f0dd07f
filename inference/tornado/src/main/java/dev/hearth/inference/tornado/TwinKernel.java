package dev.hearth.inference.tornado;

import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import uk.ac.manchester.tornado.api.AccessorParameters;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.Access;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * The kernel in OpenCL C that does all operations. Compilers make vectors of it where they make
 * none of what TornadoVM generates, and it is compiled once a graph, not once a task. TornadoVM
 * takes it from a file, as a prebuilt task.
 *
 * <p>TornadoVM 5.2 gives all prebuilt tasks of a graph the kernel of the graph's first task: hence
 * one kernel, with which a graph that has it begins.
 */
final class TwinKernel {

  private static final String NAME = "operation";

  /** Arrays of a weight's types that have the most. */
  private static final int MOST_ARRAYS = 4;

  /** Work items of a group. */
  static final int GROUP = 4;

  /** Values of a row that a work item looks up. */
  static final int EMBED_VALUES = 128;

  /** Outputs of a product that a work item has. */
  static final int OUTPUTS = 4;

  /** Types by the numbers of their products. */
  static final List<WeightType> TYPES = List.of(WeightType.values());

  /** Operations, after the products of the weight types in their order, and their look-ups. */
  static final int EMBED = 16;

  static final int NORM = 32;
  static final int TURN = 33;
  static final int ATTEND = 34;
  static final int COPY = 35;
  static final int KEEP = 36;
  static final int JOIN = 37;
  static final int RESTORE = 38;
  static final int LISTED = 39;
  static final int GREATEST = 40;

  /** Does nothing. */
  static final int NOTHING = -1;

  /** The source, written once. */
  private static final class Own {
    private static final Source SOURCE = Source.of(NAME, text());
  }

  /**
   * A kernel's source.
   *
   * @param name of the kernel; TornadoVM keeps what is compiled by it
   * @param text in OpenCL C
   * @param file has the text
   */
  record Source(String name, String text, Path file) {

    /** Writes a source into a file that goes when the process ends. */
    static Source of(String name, String text) {
      return new Source(name, text, write(text));
    }
  }

  private TwinKernel() {}

  /**
   * A task's arguments: arrays and numbers, as {@code kernel.cl} takes them for an operation.
   *
   * @param op which
   * @param stage index of the number of rows in {@link Pass}, or how a cache is stored
   */
  record Arguments(
      IntArray pass,
      TornadoNativeArray in,
      List<? extends TornadoNativeArray> arrays,
      TornadoNativeArray bias,
      TornadoNativeArray out,
      int op,
      int stage,
      int columns,
      int outputs,
      int mode) {

    /** Of a task that does nothing; {@code any} array is not read. */
    static Arguments ofNothing(IntArray pass, TornadoNativeArray any) {
      return new Arguments(pass, any, List.of(), any, any, NOTHING, Pass.ALL, 0, 0, 0);
    }
  }

  /** Adds a task of the kernel for processors. */
  static void add(TaskGraph graph, String id, Arguments a) {
    add(graph, id, a, Own.SOURCE);
  }

  /** Adds a task of any kernel that takes these arguments. */
  static void add(TaskGraph graph, String id, Arguments a, Source source) {
    // An array that is written twice by a task sends TornadoVM's scheduling round in circles.
    Access input = a.op == TURN || a.op == COPY ? Access.READ_WRITE : Access.READ_ONLY;
    Access bias = a.op == TURN ? Access.READ_WRITE : Access.READ_ONLY;
    AccessorParameters all = new AccessorParameters(MOST_ARRAYS + 9);
    int at = 0;
    all.set(at++, a.pass, Access.READ_ONLY);
    all.set(at++, a.in, input);
    for (int i = 0; i < MOST_ARRAYS; i++) {
      all.set(at++, i < a.arrays.size() ? a.arrays.get(i) : a.bias, Access.READ_ONLY);
    }
    all.set(at++, a.bias, bias);
    all.set(at++, a.out, Access.READ_WRITE);
    for (int number : new int[] {a.op, a.stage, a.columns, a.outputs, a.mode}) {
      all.set(at++, number, Access.READ_ONLY);
    }
    graph.prebuiltTask(id, source.name, source.file.toString(), all);
  }

  /** Threads for some work items, for each of the rows of a stage or for a fixed number. */
  static Grids.Shape shape(int items, int stage, int rows) {
    return new Grids.Shape(Math.max(1, Math.ceilDiv(items, GROUP)) * GROUP, GROUP, stage, rows);
  }

  /** The number of a weight's product. */
  static int op(DeviceWeight weight) {
    return TYPES.indexOf(weight.weight().type());
  }

  /** The source, all kinds of operations together. */
  static String source() {
    return Own.SOURCE.text;
  }

  private static String text() {
    StringBuilder text = begin();
    define(text, "EMBED", EMBED);
    define(text, "NORM", NORM);
    define(text, "TURN", TURN);
    define(text, "ATTEND", ATTEND);
    define(text, "COPY", COPY);
    define(text, "KEEP", KEEP);
    define(text, "JOIN", JOIN);
    define(text, "RESTORE", RESTORE);
    define(text, "LISTED", LISTED);
    define(text, "GREATEST", GREATEST);
    define(text, "STRETCHES", Head.STRETCHES);
    define(text, "OUTPUTS", OUTPUTS);
    define(text, "EMBED_VALUES", EMBED_VALUES);
    define(text, "SINGLE", KvCache.SINGLE);
    define(text, "HALF", KvCache.HALF);
    define(text, "BYTE", KvCache.BYTE);
    define(text, "BLOCK", KvCache.BLOCK);
    define(text, "MAX_ROWS", Pass.MAX_ROWS);
    define(text, "MAX_HEAD", RowKernels.MAX_HEAD);
    define(text, "PAGE", Pass.PAGE);
    define(text, "TOKENS", Pass.TOKENS);
    define(text, "POSITIONS", Pass.POSITIONS);
    define(text, "TABLES", Pass.TABLES);
    define(text, "TABLE", Pass.TABLE);
    define(text, "LOGITS", Pass.LOGITS);
    define(text, "COPIES", Pass.COPIES);
    define(text, "COPY_PAGES", Pass.COPY);
    text.append(resource("products.cl"));
    takeIn(text, "products-of-type.cl", TYPES);
    return text.append(resource("rows.cl")).append(resource("kernel.cl")).toString();
  }

  /** What each source begins with. */
  static StringBuilder begin() {
    StringBuilder text = new StringBuilder();
    for (WeightType type : TYPES) {
      define(text, "IS_" + type, TYPES.indexOf(type));
    }
    define(text, "HEADER", TornadoNativeArray.ARRAY_HEADER);
    define(text, "BIASED", ValueKernels.BIASED);
    define(text, "ADDED", ValueKernels.ADDED);
    define(text, "GATED", ValueKernels.GATED);
    return text.append(resource("common.cl"));
  }

  /** Takes a source in once for each of some types. */
  static void takeIn(StringBuilder text, String name, Iterable<WeightType> types) {
    for (WeightType type : types) {
      define(text, "TYPE", TYPES.indexOf(type));
      text.append(resource(name)).append("#undef TYPE\n");
    }
  }

  private static Path write(String text) {
    try {
      Path file = Files.createTempFile("hearth-kernel", ".cl");
      file.toFile().deleteOnExit();
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("the temporary folder takes no OpenCL C source", e);
    }
  }

  static void define(StringBuilder text, String name, long value) {
    text.append("#define ").append(name).append(' ').append(value).append('\n');
  }

  static String resource(String name) {
    try (InputStream resource = TwinKernel.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new IllegalStateException("the resource " + name + " is missing");
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the resource " + name + " cannot be read", e);
    }
  }
}
