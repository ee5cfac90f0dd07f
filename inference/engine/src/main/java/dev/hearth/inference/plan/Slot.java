package dev.hearth.inference.plan;

/**
 * An activation buffer: one row of values per token.
 *
 * @param name unique in its plan
 * @param width values of a row
 */
public record Slot(String name, int width) {

  @Override
  public String toString() {
    return name + "[" + width + "]";
  }
}
