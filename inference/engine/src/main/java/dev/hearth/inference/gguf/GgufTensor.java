package dev.hearth.inference.gguf;

import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.MemorySegment;

/**
 * One tensor of a file.
 *
 * @param name its name, such as {@code blk.0.attn_q.weight}
 * @param type how its values are stored
 * @param columns length of a row: the file's first dimension
 * @param rows number of rows: the product of the other dimensions
 * @param data its bytes, mapped
 */
public record GgufTensor(String name, WeightType type, int columns, int rows, MemorySegment data) {

  /** Number of values. */
  public long size() {
    return (long) columns * rows;
  }
}
