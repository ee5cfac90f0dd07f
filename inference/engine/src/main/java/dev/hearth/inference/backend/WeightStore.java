package dev.hearth.inference.backend;

import dev.hearth.inference.plan.Weight;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
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

  /**
   * Where a backend may keep what it makes of the weights, for the next start.
   *
   * @param form names the backend's form of weights
   * @return a file for these weights in this form alone, which may exist; empty to keep nothing
   */
  default Optional<Path> prepared(String form) {
    return Optional.empty();
  }
}
