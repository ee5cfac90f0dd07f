package dev.hearth.inference.tornado;

import dev.hearth.inference.weight.WeightType;
import java.util.EnumSet;
import java.util.Set;

/**
 * Prints the kernel for GPUs, for compilers that say what a device would make of it; see NOTES.md.
 */
final class SourceMain {

  private SourceMain() {}

  /**
   * Prints.
   *
   * @param args lanes of a work group, how they are added ({@link GroupTwin.Sums}), weight types
   */
  @SuppressWarnings("SystemOut") // a command line
  static void main(String[] args) {
    Set<WeightType> types = EnumSet.noneOf(WeightType.class);
    for (int i = 2; i < args.length; i++) {
      types.add(WeightType.valueOf(args[i]));
    }
    GroupTwin.Sums sums = GroupTwin.Sums.valueOf(args[1]);
    System.out.println("#define ENTRY products");
    System.out.print(GroupTwin.text(Integer.parseInt(args[0]), sums, types));
  }
}
