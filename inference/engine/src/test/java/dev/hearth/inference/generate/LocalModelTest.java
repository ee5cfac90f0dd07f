package dev.hearth.inference.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.inference.FinishReason;
import dev.hearth.inference.Generation;
import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.Sampling;
import dev.hearth.inference.TokenListener;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.testing.ReferenceDecoder;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalModelTest {

  /** Never chosen in these tests, so that generations run to their limit. */
  private static final Set<Integer> NO_STOP = Set.of(447);

  private Path path = Path.of("unset");
  private final AtomicReference<LanguageModel> shared = new AtomicReference<>();

  @BeforeAll
  void write(@TempDir Path folder) {
    path = TinyModel.ofType(WeightType.F32).write(folder.resolve("tiny.gguf"));
    shared.set(load());
  }

  @AfterAll
  void close() {
    shared.get().close();
  }

  private LanguageModel load() {
    return LanguageModel.load(path, ModelOptions.defaults().withBackend("scalar").withThreads(1));
  }

  private static int[] prompt(int length, long seed) {
    return new SplittableRandom(seed).ints(length, 0, 300).toArray();
  }

  private static GenerationRequest.Builder request(int[] prompt, int maxTokens) {
    return GenerationRequest.of(prompt).maxTokens(maxTokens).stopTokens(NO_STOP);
  }

  private Generation generate(int[] prompt, int maxTokens) {
    return shared.get().generate(request(prompt, maxTokens).build(), TokenListener.NONE);
  }

  /** Greedy continuation by the float64 reference. */
  private int[] expected(int[] prompt, int count) {
    try (GgufFile file = GgufFile.open(path)) {
      ReferenceDecoder reference = new ReferenceDecoder(file);
      LanguageModel model = shared.get();
      int[] tokens = Arrays.copyOf(prompt, prompt.length + count);
      for (int i = prompt.length; i < tokens.length; i++) {
        double[][] logits = reference.logits(Arrays.copyOf(tokens, i));
        tokens[i] = best(logits[i - 1], model);
      }
      return Arrays.copyOfRange(tokens, prompt.length, tokens.length);
    }
  }

  private static int best(double[] logits, LanguageModel model) {
    int best = -1;
    for (int id = 0; id < model.tokenizer().vocabularySize(); id++) {
      boolean usable = model.tokenizer().tokenBytes(id).length > 0;
      if (usable && (best < 0 || logits[id] > logits[best])) {
        best = id;
      }
    }
    return best;
  }

  @Test
  void continuesAsTheReferenceDoes() {
    int[] prompt = prompt(20, 1);
    assertThat(generate(prompt, 12).tokens()).containsExactly(expected(prompt, 12));
  }

  @Test
  void runsOnlyWhatDiffersFromAnEarlierPrompt() {
    int[] first = prompt(200, 2);
    int[] second = first.clone();
    second[180] = (second[180] + 1) % 300;
    generate(first, 4);
    Generation again = generate(second, 4);
    assertThat(again.timings().promptTokens()).isEqualTo(200);
    assertThat(again.timings().cachedTokens()).isEqualTo(180);
    assertThat(again.timings().prefilledTokens()).isEqualTo(20);
    assertThat(again.tokens()).containsExactly(expected(second, 4));
  }

  @Test
  void runsTheLastTokenOfAKnownPromptForItsLogits() {
    int[] prompt = prompt(50, 3);
    Generation first = generate(prompt, 3);
    Generation second = generate(prompt, 3);
    assertThat(second.timings().cachedTokens()).isEqualTo(49);
    assertThat(second.timings().prefilledTokens()).isEqualTo(1);
    assertThat(second.tokens()).containsExactly(first.tokens());
  }

  @Test
  void keepsSeveralConversationsThatShareAStart() {
    int[] common = prompt(100, 4);
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int[] own = Arrays.copyOf(common, 160);
      System.arraycopy(prompt(60, 50 + i), 0, own, 100, 60);
      prompts.add(own);
    }
    for (int[] own : prompts) {
      generate(own, 2);
    }
    for (int[] own : prompts) {
      Generation again = generate(own, 2);
      assertThat(again.timings().cachedTokens()).isEqualTo(159);
      assertThat(again.tokens()).containsExactly(expected(own, 2));
    }
  }

  @Test
  void reusesItsOwnAnswerInTheNextTurn() {
    int[] prompt = prompt(40, 6);
    Generation first = generate(prompt, 10);
    int[] next = Arrays.copyOf(prompt, 60);
    System.arraycopy(first.tokens(), 0, next, 40, 10);
    System.arraycopy(prompt(10, 7), 0, next, 50, 10);
    // The last generated token was never run.
    assertThat(generate(next, 1).timings().cachedTokens()).isEqualTo(49);
  }

  @Test
  void stopsAtAStopTokenAndLeavesItOut() {
    int[] prompt = prompt(20, 1);
    int[] all = generate(prompt, 12).tokens();
    int stop = all[5];
    Generation stopped =
        shared
            .get()
            .generate(
                GenerationRequest.of(prompt).maxTokens(12).stopTokens(Set.of(stop)).build(),
                TokenListener.NONE);
    assertThat(stopped.reason()).isEqualTo(FinishReason.STOP);
    assertThat(stopped.tokens()).doesNotContain(stop);
    assertThat(stopped.tokens().length).isLessThanOrEqualTo(5);
  }

  @Test
  void countsWhatItDid() {
    int[] prompt = prompt(300, 8);
    Generation generation = generate(prompt, 7);
    assertThat(generation.reason()).isEqualTo(FinishReason.LENGTH);
    assertThat(generation.tokens()).hasSize(7);
    assertThat(generation.timings().prefilledTokens() + generation.timings().cachedTokens())
        .isEqualTo(300);
    assertThat(generation.timings().decodedTokens()).isEqualTo(7);
    assertThat(generation.timings().forcedTokens()).isZero();
    assertThat(generation.timings().prefillNanos()).isPositive();
    assertThat(generation.timings().decodeNanos()).isPositive();
    assertThat(generation.timings().grammarNanos()).isZero();
  }

  @Test
  void streamsTheTextThatItReturns() {
    StringBuilder streamed = new StringBuilder();
    Generation generation =
        shared.get().generate(request(prompt(20, 9), 30).build(), streamed::append);
    assertThat(streamed.toString()).isEqualTo(generation.text());
  }

  @Test
  void endsWhenTheContextIsFull() {
    Generation generation = generate(prompt(500, 10), 100);
    assertThat(generation.reason()).isEqualTo(FinishReason.CONTEXT_FULL);
    assertThat(generation.tokens()).hasSize(12);
  }

  @Test
  void equalSeedsGiveEqualTextAndOthersOther() {
    int[] prompt = prompt(20, 11);
    int[][] tokens = new int[3][];
    long[] seeds = {5, 5, 6};
    for (int i = 0; i < 3; i++) {
      GenerationRequest request =
          request(prompt, 20).sampling(Sampling.ofTemperature(2, seeds[i])).build();
      tokens[i] = shared.get().generate(request, TokenListener.NONE).tokens();
    }
    assertThat(tokens[0]).containsExactly(tokens[1]);
    assertThat(tokens[0]).isNotEqualTo(tokens[2]);
  }

  @Test
  void endsWhenCancelled() {
    AtomicBoolean cancelled = new AtomicBoolean();
    GenerationRequest request = request(prompt(20, 12), 400).cancelled(cancelled::get).build();
    Generation generation = shared.get().generate(request, piece -> cancelled.set(true));
    assertThat(generation.reason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(generation.tokens().length).isLessThan(400);
    // The sequence is still sound.
    assertThat(generate(prompt(20, 12), 5).tokens()).containsExactly(expected(prompt(20, 12), 5));
  }

  @Test
  void endsWhenTheThreadIsInterrupted() {
    Thread.currentThread().interrupt();
    Generation generation = generate(prompt(20, 13), 50);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(generation.reason()).isEqualTo(FinishReason.CANCELLED);
  }

  @Test
  void aFailingListenerLeavesTheModelUsable() {
    int[] prompt = prompt(30, 14);
    assertThatThrownBy(() ->
            shared
                .get()
                .generate(
                    request(prompt, 5).build(),
                    piece -> {
                      throw new IllegalStateException("listener");
                    }))
        .hasMessage("listener");
    assertThat(generate(prompt, 5).tokens()).containsExactly(expected(prompt, 5));
  }

  @Test
  void runsConcurrentRequestsOneAfterAnother() throws InterruptedException {
    int[][] tokens = new int[6][];
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int number = i;
      threads.add(
          Thread.ofPlatform()
              .start(() -> tokens[number] = generate(prompt(30, number), 5).tokens()));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    for (int i = 0; i < 6; i++) {
      assertThat(tokens[i]).containsExactly(expected(prompt(30, i), 5));
    }
  }

  @Test
  void refusesPromptsThatCannotBe() {
    assertThatThrownBy(() -> generate(new int[] {448}, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("448");
    assertThatThrownBy(() -> generate(prompt(512, 1), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("512");
    assertThatThrownBy(() -> GenerationRequest.of(new int[0]).build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void closingEndsARunningRequestAndRefusesFurtherOnes() throws InterruptedException {
    LanguageModel model = load();
    CountDownLatch running = new CountDownLatch(1);
    AtomicReference<FinishReason> reason = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform()
            .start(() ->
                reason.set(
                    model
                        .generate(
                            request(prompt(20, 15), 490).build(), piece -> running.countDown())
                        .reason()));
    running.await();
    model.close();
    model.close();
    thread.join();
    assertThat(reason.get()).isIn(FinishReason.CANCELLED, FinishReason.LENGTH);
    GenerationRequest request = request(prompt(5, 1), 1).build();
    assertThatThrownBy(() -> model.generate(request, TokenListener.NONE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void saysWhatItIs() {
    assertThat(shared.get().info().name()).isEqualTo("tiny");
    assertThat(shared.get().info().architecture()).isEqualTo("qwen2");
    assertThat(shared.get().info().contextLength()).isEqualTo(TinyModel.CONTEXT);
    assertThat(shared.get().info().vocabularySize()).isEqualTo(448);
    assertThat(shared.get().info().weightTypes()).containsEntry("F32", 26);
    assertThat(shared.get().info().backend()).isEqualTo("cpu-scalar");
    assertThat(shared.get().info().backendReason()).contains("options");
    assertThat(shared.get().info().metadata("general.architecture")).contains("qwen2");
    assertThatThrownBy(() -> shared.get().chatTemplate())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("tokenizer.chat_template");
  }
}
