package dev.hearth.inference.backend;

import dev.hearth.inference.plan.Weight;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** Gives the stored bytes of weights. */
public interface WeightStore {

  /** The bytes of a weight, off-heap and valid as long as the session is open. */
  MemorySegment data(Weight weight);

  /**
   * Lets the bytes of a weight be read once: what is read does not stay in the memory of the
   * process.
   *
   * @param reader gets the bytes, which are valid until it returns
   */
  void read(Weight weight, Consumer<MemorySegment> reader);
}
