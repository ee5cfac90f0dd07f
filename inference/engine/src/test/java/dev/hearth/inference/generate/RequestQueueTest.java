package dev.hearth.inference.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.inference.OverloadedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RequestQueueTest {

  @Test
  void letsRequestsThroughInTheirOrder() throws InterruptedException {
    RequestQueue queue = new RequestQueue(10);
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    assertThat(queue.enter(() -> false)).isTrue();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int number = i;
      CountDownLatch asking = new CountDownLatch(1);
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                boolean entered =
                    queue.enter(() -> {
                      asking.countDown();
                      return false;
                    });
                order.add(entered ? number : -1);
                queue.leave();
              }));
      asking.await();
    }
    queue.leave();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void refusesMoreThanItsBound() throws InterruptedException {
    RequestQueue queue = new RequestQueue(1);
    assertThat(queue.enter(() -> false)).isTrue();
    CountDownLatch asking = new CountDownLatch(1);
    AtomicBoolean cancel = new AtomicBoolean();
    AtomicBoolean entered = new AtomicBoolean(true);
    Thread waiting =
        Thread.ofVirtual()
            .start(() ->
                entered.set(
                    queue.enter(() -> {
                      asking.countDown();
                      return cancel.get();
                    })));
    asking.await();
    assertThatThrownBy(() -> queue.enter(() -> false))
        .isInstanceOf(OverloadedException.class)
        .hasMessageContaining("1 requests");
    cancel.set(true);
    waiting.join();
    assertThat(entered).isFalse();
    queue.leave();
    assertThat(queue.enter(() -> false)).as("free again").isTrue();
  }

  @Test
  void anInterruptedRequestGivesItsPlaceUp() throws InterruptedException {
    RequestQueue queue = new RequestQueue(5);
    assertThat(queue.enter(() -> false)).isTrue();
    AtomicBoolean entered = new AtomicBoolean(true);
    AtomicBoolean stillInterrupted = new AtomicBoolean();
    Thread waiting =
        Thread.ofVirtual()
            .start(() -> {
              entered.set(queue.enter(() -> false));
              stillInterrupted.set(Thread.currentThread().isInterrupted());
            });
    waiting.interrupt();
    waiting.join();
    assertThat(entered).isFalse();
    assertThat(stillInterrupted).isTrue();
    queue.leave();
  }
}
