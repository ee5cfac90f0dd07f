package dev.hearth.inference.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.FinishReason;
import dev.hearth.inference.Generation;
import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.Priority;
import dev.hearth.inference.TokenListener;
import dev.hearth.inference.grammar.Grammar;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Several requests at once. */
class ConcurrencyTest {

  private static final Set<Integer> NO_STOP = Set.of(447);

  @TempDir Path folder = Path.of("unset");
  private Path path = Path.of("unset");

  @BeforeEach
  void write() {
    path = TinyModel.ofType(WeightType.F32).withNextToken().write(folder.resolve("tiny.gguf"));
  }

  private LanguageModel load(long kvBytes, int drafts) {
    return LanguageModel.load(
        path,
        ModelOptions.defaults()
            .withBackend("scalar")
            .withThreads(2)
            .withKv(null, kvBytes)
            .withDrafts(drafts));
  }

  private static int[] prompt(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] common = new SplittableRandom(seed % 3).ints(150, 0, 300).toArray();
    int[] prompt = Arrays.copyOf(common, 100 + random.nextInt(250));
    for (int i = 60 + random.nextInt(90); i < prompt.length; i++) {
      prompt[i] = random.nextInt(300);
    }
    return prompt;
  }

  private static GenerationRequest.Builder request(long seed, int most) {
    return GenerationRequest.of(prompt(seed)).maxTokens(most).stopTokens(NO_STOP);
  }

  /** The smallest budget, some pages more, and with guesses. */
  @Test
  void everyRequestGetsTheTextThatItGetsAlone() throws Exception {
    int requests = 40;
    int[][] expected = new int[requests][];
    try (LanguageModel alone = load(0, 0)) {
      for (int i = 0; i < requests; i++) {
        expected[i] = alone.generate(request(i, 1 + i % 23).build(), TokenListener.NONE).tokens();
      }
    }
    for (int drafts = 0; drafts < 3; drafts += 2) {
      try (LanguageModel model = load(drafts == 0 ? 1 : 1 << 20, drafts);
          ExecutorService threads = Executors.newFixedThreadPool(12)) {
        List<Future<int[]>> tokens = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
          tokens.add(threads.submit(mixed(model, i)));
        }
        for (int i = 0; i < requests; i++) {
          int[] got = tokens.get(i).get();
          assertThat(got).as("request %d", i).isEqualTo(Arrays.copyOf(expected[i], got.length));
          if (i % 5 < 3) {
            assertThat(got).hasSameSizeAs(expected[i]);
          }
        }
        // Everything is free again: a request that needs a whole context runs at once.
        Generation last = model.generate(request(1, 512).build(), TokenListener.NONE);
        assertThat(last.reason()).isEqualTo(FinishReason.CONTEXT_FULL);
      }
    }
  }

  /** Of five, three run to the end, one is cancelled and one's listener fails. */
  private static Callable<int[]> mixed(LanguageModel model, int number) {
    return () -> {
      Priority priority = number % 2 == 0 ? Priority.CHAT : Priority.COMMAND;
      GenerationRequest.Builder request = request(number, 1 + number % 23).priority(priority);
      AtomicInteger pieces = new AtomicInteger();
      return switch (number % 5) {
        case 3 ->
            model
                .generate(
                    request.cancelled(() -> pieces.get() > 3).build(),
                    piece -> pieces.incrementAndGet())
                .tokens();
        case 4 -> {
          try {
            model.generate(
                request.build(),
                piece -> {
                  throw new IllegalStateException("listener");
                });
          } catch (IllegalStateException e) {
            assertThat(e).hasMessage("listener");
          }
          yield new int[0];
        }
        default -> model.generate(request.build(), TokenListener.NONE).tokens();
      };
    };
  }

  @Test
  void aCommandIsDoneWhileALongAnswerGoesOn() throws Exception {
    try (LanguageModel model = load(0, 0);
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      CountDownLatch running = new CountDownLatch(1);
      CompletableFuture<Boolean> answered = new CompletableFuture<>();
      AtomicInteger pieces = new AtomicInteger();
      AtomicBoolean enough = new AtomicBoolean();
      Future<Generation> chat =
          threads.submit(() ->
              model.generate(
                  request(2, 500)
                      .priority(Priority.CHAT)
                      .cancelled(enough::get)
                      .stopTokens(Set.of(446))
                      .build(),
                  piece -> {
                    running.countDown();
                    if (pieces.incrementAndGet() == 8) {
                      // However late the command is, this answer is not over before.
                      answered.join();
                    }
                  }));
      running.await();
      Generation command;
      boolean over;
      try {
        command = model.generate(request(1, 4).build(), TokenListener.NONE);
        over = chat.isDone();
      } finally {
        enough.set(true);
        answered.complete(true);
      }
      assertThat(command.tokens()).hasSize(4);
      assertThat(over).isFalse();
      assertThat(chat.get().reason()).isEqualTo(FinishReason.CANCELLED);
    }
  }

  /** While requests share passes the next-token layer falls behind: more than a pass takes. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void theNextTokenLayerReadsLongForcedTextInPieces() throws Exception {
    String forced = "0123456789".repeat(26);
    String schema =
        """
        {"type": "object", "properties": {"a": {"enum": ["x", "y"]}, "b": {"const": "%s"},
          "c": {"enum": ["u", "v"]}}, "required": ["a", "b", "c"], "additionalProperties": false}
        """
            .formatted(forced);
    try (LanguageModel model = load(0, 1);
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      CountDownLatch running = new CountDownLatch(1);
      CompletableFuture<Boolean> answered = new CompletableFuture<>();
      Future<Generation> other =
          threads.submit(() ->
              model.generate(
                  request(2, 2).build(),
                  piece -> {
                    running.countDown();
                    answered.join();
                  }));
      running.await();
      Generation command;
      try {
        Grammar grammar =
            Grammar.forSchema(new JsonMapper().readTree(schema), true, model.vocabulary());
        int[] prompt = Arrays.copyOf(prompt(1), 100);
        command =
            model.generate(
                GenerationRequest.of(prompt).grammar(grammar).maxTokens(400).build(),
                TokenListener.NONE);
      } finally {
        answered.complete(true);
      }
      assertThat(command.text()).contains(forced).endsWith("}");
      assertThat(command.timings().forcedTokens()).isGreaterThan(200);
      assertThat(other.get().tokens()).hasSize(2);
    }
  }

  @Test
  void endsWhenItsTimeIsUpWithWhatItHas() {
    try (LanguageModel model = load(0, 0)) {
      AtomicInteger pieces = new AtomicInteger();
      Generation running =
          model.generate(
              request(2, 500).timeLimit(Duration.ofNanos(1)).build(),
              piece -> pieces.incrementAndGet());
      assertThat(running.reason()).isEqualTo(FinishReason.DEADLINE);
      assertThat(running.tokens()).isEmpty();
      assertThat(model.generate(request(2, 3).build(), TokenListener.NONE).tokens()).hasSize(3);
    }
  }

  @Test
  void aThousandRequestsLeaveNothingBehind() {
    try (LanguageModel model = load(1, 2)) {
      int[] expected = model.generate(request(7, 5).build(), TokenListener.NONE).tokens();
      for (int i = 0; i < 1000; i++) {
        int phase = i;
        AtomicInteger asked = new AtomicInteger();
        Generation generation =
            model.generate(
                request(i % 50, 5).cancelled(() -> asked.incrementAndGet() > phase % 9).build(),
                TokenListener.NONE);
        assertThat(generation.tokens().length).isLessThanOrEqualTo(5);
      }
      Generation last = model.generate(request(7, 5).build(), TokenListener.NONE);
      assertThat(last.tokens()).containsExactly(expected);
      assertThat(model.generate(request(1, 512).build(), TokenListener.NONE).reason())
          .isEqualTo(FinishReason.CONTEXT_FULL);
    }
  }
}
