package dev.hearth.inference.tornado;

import dev.hearth.inference.weight.WeightType;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which products of a graph run in OpenCL C, and in which form; there is one form a graph ({@link
 * TwinKernel} says why).
 *
 * @param form the form, null if all run in Java
 * @param types those that run in it
 */
record Twins(@Nullable ProductTwin form, Set<WeightType> types) {

  /** All in Java. */
  static final Twins NONE = new Twins(null, Set.of());

  /** The form of a type's products, null for Java. */
  @Nullable ProductTwin of(WeightType type) {
    return types.contains(type) ? form : null;
  }
}
