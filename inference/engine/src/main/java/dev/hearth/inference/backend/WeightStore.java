package dev.hearth.inference.backend;

import dev.hearth.inference.plan.Weight;
import java.lang.foreign.MemorySegment;

/** Gives the stored bytes of weights. */
@FunctionalInterface
public interface WeightStore {

  /** The bytes of a weight, off-heap and valid as long as the session is open. */
  MemorySegment data(Weight weight);
}
