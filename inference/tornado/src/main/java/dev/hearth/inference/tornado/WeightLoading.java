package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.WeightStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Brings weights to the device: a graph takes its own there when it runs first. Meanwhile those of
 * the next one are read, and what the device has is freed here, so that no more than the weights of
 * two graphs are in the host's memory.
 */
final class WeightLoading {

  /** Values that one thread takes apart at a time. */
  private static final int PIECE = 1 << 22;

  private final WeightStore store;

  WeightLoading(WeightStore store) {
    this.store = store;
  }

  /**
   * Runs graphs for the first time.
   *
   * @param weights what each takes to the device
   * @param run runs one of them and waits for it
   * @return the last one's result
   */
  <T> T run(List<List<DeviceWeight>> weights, IntFunction<T> run) {
    // The file may be closed after a failure: leaving waits for what still reads it.
    try (ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      CompletableFuture<Void> reading = read(weights.getFirst(), threads);
      int last = weights.size() - 1;
      for (int i = 0; i < last; i++) {
        reading.join();
        reading = read(weights.get(i + 1), threads);
        var _ = run.apply(i);
        // What is read now is not touched: its memory came from the graph before.
        if (i + 2 <= last) {
          moveMemory(weights.get(i), weights.get(i + 2));
        }
        weights.get(i).forEach(DeviceWeight::giveBack);
      }
      reading.join();
      T result = run.apply(last);
      weights.get(last).forEach(DeviceWeight::giveBack);
      return result;
    }
  }

  /** Gives arrays the memory of others of their size. */
  private static void moveMemory(List<DeviceWeight> from, List<DeviceWeight> to) {
    Map<Long, Deque<TornadoNativeArray>> bySize = new HashMap<>();
    for (DeviceWeight weight : from) {
      for (TornadoNativeArray array : weight.arrays()) {
        bySize.computeIfAbsent(size(array), size -> new ArrayDeque<>()).add(array);
      }
    }
    for (DeviceWeight weight : to) {
      for (TornadoNativeArray array : weight.arrays()) {
        TornadoNativeArray same = bySize.getOrDefault(size(array), new ArrayDeque<>()).poll();
        if (same != null) {
          HostMemory.move(same, array);
        }
      }
    }
  }

  private static long size(TornadoNativeArray array) {
    return array.getSegmentWithHeader().byteSize();
  }

  private CompletableFuture<Void> read(List<DeviceWeight> weights, ExecutorService threads) {
    List<Piece> pieces = new ArrayList<>();
    for (DeviceWeight weight : weights) {
      int rows = weight.weight().rows();
      int step = Math.ceilDiv(PIECE, weight.weight().columns());
      for (int from = 0; from < rows; from += step) {
        pieces.add(new Piece(weight, from, Math.min(rows, from + step)));
      }
    }
    return CompletableFuture.allOf(
        pieces.stream()
            .map(piece -> CompletableFuture.runAsync(() -> piece.read(store), threads))
            .toArray(CompletableFuture[]::new));
  }

  private record Piece(DeviceWeight weight, int from, int to) {
    void read(WeightStore store) {
      weight.fill(store, from, to);
    }
  }
}
