package dev.hearth.inference.tornado;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that speaks to a session's device. TornadoVM makes a command queue for each thread
 * that it meets and never gives it back, and requests come on threads of their own.
 */
final class DeviceThread implements AutoCloseable {

  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("tornado-device").factory());

  /**
   * Runs what uses the device and waits for it. An interrupt stays pending: what runs on a device
   * cannot be left.
   */
  <T> T call(Callable<T> use) {
    Future<T> future = executor.submit(use);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw rethrown(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException rethrown(@Nullable Throwable cause) {
    return switch (cause) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      case null, default -> new IllegalStateException("the device failed", cause);
    };
  }

  @Override
  public void close() {
    executor.close();
  }
}
