package dev.hearth.inference.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.inference.OverloadedException;
import dev.hearth.inference.Priority;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AdmissionTest {

  private static final Admission.Room ROOM = alone -> true;

  /** A thread that has asked and waits; it notes its entry while nobody else can enter. */
  private static Thread waiting(Admission admission, Priority priority, Runnable entered)
      throws InterruptedException {
    CountDownLatch asking = new CountDownLatch(1);
    Thread thread =
        Thread.ofVirtual()
            .start(() -> {
              boolean in =
                  admission.enter(
                      priority,
                      alone -> {
                        entered.run();
                        return true;
                      },
                      () -> {
                        asking.countDown();
                        return false;
                      });
              if (in) {
                admission.leave(priority);
              }
            });
    asking.await();
    return thread;
  }

  @Test
  void letsRequestsThroughInTheirOrder() throws InterruptedException {
    Admission admission = new Admission(10, 1);
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    assertThat(admission.enter(Priority.COMMAND, ROOM, () -> false)).isTrue();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int number = i;
      threads.add(waiting(admission, Priority.COMMAND, () -> order.add(number)));
    }
    admission.leave(Priority.COMMAND);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void aCommandDoesNotWaitForChats() {
    Admission admission = new Admission(10, 1);
    assertThat(admission.enter(Priority.CHAT, ROOM, () -> false)).isTrue();
    assertThat(admission.enter(Priority.COMMAND, ROOM, () -> false)).isTrue();
  }

  @Test
  void aChatWaitsForCommandsThatWait() throws InterruptedException {
    Admission admission = new Admission(10, 1);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    assertThat(admission.enter(Priority.COMMAND, ROOM, () -> false)).isTrue();
    assertThat(admission.enter(Priority.CHAT, ROOM, () -> false)).isTrue();
    Thread chat = waiting(admission, Priority.CHAT, () -> order.add("chat"));
    Thread command = waiting(admission, Priority.COMMAND, () -> order.add("command"));
    admission.leave(Priority.CHAT);
    assertThat(order).isEmpty();
    admission.leave(Priority.COMMAND);
    chat.join();
    command.join();
    assertThat(order).containsExactly("command", "chat");
  }

  @Test
  void waitsForRoomUnlessItIsAlone() throws InterruptedException {
    Admission admission = new Admission(10, 4);
    AtomicBoolean full = new AtomicBoolean(true);
    Admission.Room room = alone -> alone || !full.get();
    assertThat(admission.enter(Priority.CHAT, room, () -> false)).as("alone").isTrue();
    CountDownLatch asking = new CountDownLatch(1);
    AtomicBoolean entered = new AtomicBoolean();
    Thread thread =
        Thread.ofVirtual()
            .start(() ->
                entered.set(
                    admission.enter(
                        Priority.CHAT,
                        room,
                        () -> {
                          asking.countDown();
                          return false;
                        })));
    asking.await();
    assertThat(entered).isFalse();
    full.set(false);
    thread.join();
    assertThat(entered).isTrue();
  }

  @Test
  void refusesMoreThanItsBound() throws InterruptedException {
    Admission admission = new Admission(1, 1);
    assertThat(admission.enter(Priority.COMMAND, ROOM, () -> false)).isTrue();
    CountDownLatch asking = new CountDownLatch(1);
    AtomicBoolean cancel = new AtomicBoolean();
    AtomicBoolean entered = new AtomicBoolean(true);
    Thread waiting =
        Thread.ofVirtual()
            .start(() ->
                entered.set(
                    admission.enter(
                        Priority.COMMAND,
                        ROOM,
                        () -> {
                          asking.countDown();
                          return cancel.get();
                        })));
    asking.await();
    assertThatThrownBy(() -> admission.enter(Priority.COMMAND, ROOM, () -> false))
        .isInstanceOf(OverloadedException.class)
        .hasMessageContaining("1 requests");
    cancel.set(true);
    waiting.join();
    assertThat(entered).isFalse();
    admission.leave(Priority.COMMAND);
    assertThat(admission.enter(Priority.COMMAND, ROOM, () -> false)).as("free again").isTrue();
  }

  @Test
  void anInterruptedRequestGivesItsPlaceUp() throws InterruptedException {
    Admission admission = new Admission(5, 1);
    assertThat(admission.enter(Priority.COMMAND, ROOM, () -> false)).isTrue();
    AtomicBoolean entered = new AtomicBoolean(true);
    AtomicBoolean stillInterrupted = new AtomicBoolean();
    Thread waiting =
        Thread.ofVirtual()
            .start(() -> {
              entered.set(admission.enter(Priority.COMMAND, ROOM, () -> false));
              stillInterrupted.set(Thread.currentThread().isInterrupted());
            });
    waiting.interrupt();
    waiting.join();
    assertThat(entered).isFalse();
    assertThat(stillInterrupted).isTrue();
    admission.leave(Priority.COMMAND);
    assertThat(admission.enter(Priority.COMMAND, ROOM, () -> false)).as("free again").isTrue();
  }
}
