package dev.hearth.inference.plan;

import dev.hearth.inference.weight.WeightType;

/**
 * A weight by name; its type is a property of the weight, so files may mix types.
 *
 * @param name tensor name
 * @param type stored form
 * @param rows outputs; 1 for a vector
 * @param columns inputs; length of a stored row
 */
public record Weight(String name, WeightType type, int rows, int columns) {

  @Override
  public String toString() {
    return name + "{" + type + " " + rows + "x" + columns + "}";
  }
}
