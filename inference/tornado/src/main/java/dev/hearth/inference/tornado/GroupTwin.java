package dev.hearth.inference.tornado;

import dev.hearth.inference.weight.WeightType;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Matrix products by {@code group-products-of-type.cl}, for GPUs: a work group has some outputs.
 *
 * <p>The kernel has the types that a graph needs and no others: a GPU gives each work item as many
 * registers as the type that needs the most.
 */
final class GroupTwin implements ProductTwin {

  /** Most rows of which a group takes {@link Pass#TILE}; more come in tiles. */
  static final int FEW_ROWS = 8;

  /** Outputs of a group that takes few rows. */
  private static final int OUTPUTS = 4;

  /** Rows of a group that takes many. */
  private static final int TILE_ROWS = 32;

  private static final Map<String, TwinKernel.Source> SOURCES = new ConcurrentHashMap<>();

  /** How the lanes' sums are added. */
  enum Sums {
    /** In local memory. */
    LOCAL,

    /** By OpenCL's sub-groups. */
    SUB_GROUPS,

    /** As by sub-groups, in plain C: for tests on devices that have none. */
    STAND_IN
  }

  private final int lanes;
  private final String flags;
  private final TwinKernel.Source source;

  /**
   * Writes a kernel.
   *
   * @param lanes of a work group: 32, 64 or 128
   * @param flags for the driver's compiler
   * @param types whose products it does
   */
  GroupTwin(int lanes, Sums sums, String flags, Set<WeightType> types) {
    if (lanes != 32 && lanes != 64 && lanes != 128) {
      throw new IllegalArgumentException(
          "work groups of " + lanes + " do not fit the kernel; take 32, 64 or 128");
    }
    this.lanes = lanes;
    this.flags = flags;
    source = SOURCES.computeIfAbsent(text(lanes, sums, types), GroupTwin::named);
  }

  private static TwinKernel.Source named(String text) {
    CRC32C sum = new CRC32C();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    String name = "products" + Long.toHexString(sum.getValue());
    StringBuilder all = new StringBuilder("#define ENTRY ").append(name).append('\n');
    return TwinKernel.Source.of(name, all.append(text).toString());
  }

  /** A kernel's source. */
  static String text(int lanes, Sums sums, Set<WeightType> types) {
    StringBuilder text = TwinKernel.begin();
    TwinKernel.define(text, "LANES", lanes);
    TwinKernel.define(text, "ROWS", Pass.TILE);
    TwinKernel.define(text, "FEW_ROWS", FEW_ROWS);
    TwinKernel.define(text, "OUTPUTS", OUTPUTS);
    TwinKernel.define(text, "TILE_ROWS", TILE_ROWS);
    TwinKernel.define(text, sums.name(), 1);
    text.append(TwinKernel.resource("group-products.cl"));
    Set<WeightType> ordered = EnumSet.copyOf(types);
    TwinKernel.takeIn(text, "group-products-of-type.cl", ordered);
    text.append("#define PRODUCTS ")
        .append(
            ordered.stream()
                .map(type -> "PRODUCT(IS_" + type + ")")
                .collect(Collectors.joining(" ")))
        .append('\n');
    return text.append(TwinKernel.resource("group-kernel.cl")).toString();
  }

  @Override
  public Grids.Shape begin(TaskGraph graph, String id, IntArray pass, FloatArray any) {
    TwinKernel.add(graph, id, TwinKernel.Arguments.ofNothing(pass, any), source);
    return new Grids.Shape(lanes, lanes, -1, 1);
  }

  @Override
  public Grids.Shape product(
      TaskGraph graph,
      String id,
      IntArray pass,
      DeviceWeight weight,
      FloatArray in,
      FloatArray bias,
      FloatArray out,
      int stage,
      int mode) {
    int columns = weight.weight().columns();
    int outputs = weight.weight().rows();
    int op = TwinKernel.op(weight);
    TwinKernel.add(
        graph,
        id,
        new TwinKernel.Arguments(
            pass, in, weight.arrays(), bias, out, op, stage, columns, outputs, mode),
        source);
    Grids.Shape many =
        new Grids.Shape(Math.ceilDiv(outputs, lanes) * lanes, lanes, stage, TILE_ROWS);
    return new Grids.Shape(
        Math.ceilDiv(outputs, OUTPUTS) * lanes, lanes, stage, Pass.TILE, FEW_ROWS, many);
  }

  @Override
  public String flags() {
    return flags;
  }
}
