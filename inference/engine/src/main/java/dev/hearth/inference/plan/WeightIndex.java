package dev.hearth.inference.plan;

import java.util.Optional;

/** Finds weights by name while a plan is made. */
public interface WeightIndex {

  /**
   * A weight of a given shape.
   *
   * @param name tensor name
   * @param rows expected rows
   * @param columns expected columns
   * @throws dev.hearth.inference.ModelLoadException if it is missing or has another shape
   */
  Weight require(String name, int rows, int columns);

  /**
   * A weight that may be absent.
   *
   * @param name tensor name
   * @param rows expected rows
   * @param columns expected columns
   * @throws dev.hearth.inference.ModelLoadException if it is there with another shape
   */
  Optional<Weight> find(String name, int rows, int columns);
}
