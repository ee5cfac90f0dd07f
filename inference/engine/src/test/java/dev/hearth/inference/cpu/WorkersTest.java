package dev.hearth.inference.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class WorkersTest {

  @Test
  void runsEachChunkOnceJobAfterJob() {
    try (Workers workers = new Workers(4)) {
      for (int job = 0; job < 2_000; job++) {
        int chunks = 1 + job % 9;
        AtomicIntegerArray runs = new AtomicIntegerArray(chunks);
        workers.run(chunks, (chunk, worker) -> runs.incrementAndGet(chunk));
        for (int chunk = 0; chunk < chunks; chunk++) {
          assertThat(runs.get(chunk)).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void numbersItsThreadsWithinItsSize() {
    try (Workers workers = new Workers(3)) {
      AtomicIntegerArray seen = new AtomicIntegerArray(3);
      workers.run(50, (chunk, worker) -> seen.incrementAndGet(worker));
      assertThat(seen.get(0) + seen.get(1) + seen.get(2)).isEqualTo(50);
    }
  }

  @Test
  void passesAFailureToTheCallerAndGoesOn() {
    try (Workers workers = new Workers(2)) {
      assertThatThrownBy(() ->
              workers.run(
                  8,
                  (chunk, worker) -> {
                    if (chunk == 5) {
                      throw new IllegalStateException("chunk 5");
                    }
                  }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("chunk 5");
      AtomicIntegerArray runs = new AtomicIntegerArray(8);
      workers.run(8, (chunk, worker) -> runs.incrementAndGet(chunk));
      assertThat(runs.get(7)).isEqualTo(1);
    }
  }
}
