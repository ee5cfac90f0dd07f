package dev.hearth.inference.generate;

import dev.hearth.inference.FinishReason;
import dev.hearth.inference.Generation;
import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelInfo;
import dev.hearth.inference.ModelLoadException;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.Timings;
import dev.hearth.inference.TokenListener;
import dev.hearth.inference.backend.BackendChoice;
import dev.hearth.inference.backend.Measured;
import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.chat.ChatTemplate;
import dev.hearth.inference.chat.ToolCallSyntax;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.gguf.GgufTensor;
import dev.hearth.inference.gguf.MappedReads;
import dev.hearth.inference.grammar.TokenVocabulary;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.plan.DecoderShape;
import dev.hearth.inference.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model that runs in this process. */
public final class LocalModel implements LanguageModel {

  private static final Logger LOG = LoggerFactory.getLogger(LocalModel.class);

  /** Requests that may wait. */
  private static final int QUEUE = 64;

  /** Requests of each priority that may run at once. */
  private static final int RUNNING = 8;

  private static final long MOST_KV_BYTES = 1L << 30;

  private final GgufFile file;
  private final ModelInfo info;
  private final Tokenizer tokenizer;
  private final TokenVocabulary vocabulary;
  private final ToolCallSyntax toolCallSyntax;
  private final @Nullable ChatTemplate chatTemplate;
  private final Session session;
  private final PrefixCache cache;
  private final Admission admission = new Admission(QUEUE, RUNNING);
  private final Engine engine;

  /** Held while pages are copied from or to a file, of which admission does not know. */
  private final ReentrantLock copying = new ReentrantLock();

  private volatile boolean closed;

  private LocalModel(
      GgufFile file,
      ModelInfo info,
      Words words,
      Session session,
      DecoderShape shape,
      ModelOptions options) {
    this.file = file;
    this.info = info;
    tokenizer = words.tokenizer();
    chatTemplate = words.template();
    vocabulary = words.vocabulary();
    this.session = session;
    toolCallSyntax = ToolCallSyntax.from(info::metadata);
    cache = new PrefixCache(session, pages(session, shape, options.kvBytes()));
    int drafts = options.drafts() < 0 ? session.cheapRows() - 1 : options.drafts();
    engine = new Engine(file.name(), session, shape, words.usable(), drafts);
  }

  /** Loads a model; see {@link LanguageModel#load}. */
  public static LocalModel load(Path path, ModelOptions options) {
    long start = System.nanoTime();
    GgufFile file = GgufFile.open(path);
    boolean loaded = false;
    try {
      LocalModel model = load(path, file, options);
      loaded = true;
      LOG.info(
          "Loaded {} ({}, {} parameters, {}) in {} ms",
          model.info.name(),
          model.info.architecture(),
          model.info.parameters(),
          model.info.weightTypes(),
          (System.nanoTime() - start) / 1_000_000);
      return model;
    } finally {
      if (!loaded) {
        file.close();
      }
    }
  }

  private static LocalModel load(Path path, GgufFile file, ModelOptions options) {
    ModelFile description = new ModelFile(file, options.prepared());
    DecoderPlan whole = description.plan(options);
    DecoderPlan plan = options.drafts() == 0 ? whole.withoutNextToken() : whole;
    // Meanwhile: the session mostly waits for the compiler.
    CompletableFuture<Words> reading =
        CompletableFuture.supplyAsync(
            () -> Words.of(file, plan.shape()),
            task -> Thread.ofPlatform().daemon().name("hearth-words").start(task));
    Backends.Opened opened;
    try {
      opened = open(file, description, plan, options);
    } finally {
      reading.exceptionally(e -> null).join();
    }
    Words words;
    try {
      words = reading.join();
    } catch (CompletionException e) {
      opened.session().close();
      switch (e.getCause()) {
        case RuntimeException wrong -> throw wrong;
        case Error failure -> throw failure;
        case null, default -> throw e;
      }
    }
    ModelInfo info =
        describe(path, file, description.architecture(), plan.shape(), opened.choice());
    return new LocalModel(file, info, words, opened.session(), plan.shape(), options);
  }

  private static Backends.Opened open(
      GgufFile file, ModelFile description, DecoderPlan plan, ModelOptions options) {
    int threads =
        options.threads() == 0 ? Runtime.getRuntime().availableProcessors() : options.threads();
    int workers = Math.min(threads, ModelOptions.MAX_THREADS);
    try {
      return MappedReads.of(
          file.name(),
          () ->
              new Backends(
                      new Candidates(
                          new Sample(description, plan.shape()),
                          Measured.in(options.measured()),
                          workers,
                          options.kvType()),
                      backend -> backend.open(plan, description, workers, options.kvType()))
                  .open(options.backend()));
    } catch (OutOfMemoryError e) {
      throw new ModelLoadException(
          file.name(),
          "weights",
          "what fits the memory: about as much as the file, "
              + (file.size() >> 20)
              + " MB, must be free (or take a smaller quantisation)",
          e);
    }
  }

  private static ModelInfo describe(
      Path path, GgufFile file, String architecture, DecoderShape shape, BackendChoice choice) {
    Map<String, Integer> types = new TreeMap<>();
    long parameters = 0;
    for (GgufTensor tensor : file.tensors().values()) {
      types.merge(tensor.type().name(), 1, Integer::sum);
      parameters += tensor.size();
    }
    Map<String, String> strings = new HashMap<>();
    file.metadata()
        .forEach((key, value) -> {
          if (value instanceof String string) {
            strings.put(key, string);
          }
        });
    return new ModelInfo(
        strings.getOrDefault("general.name", String.valueOf(path.getFileName())),
        architecture,
        parameters,
        types,
        shape.contextLength(),
        shape.vocabulary(),
        shape.layers(),
        file.size(),
        choice.backend().name(),
        choice.reason(),
        strings);
  }

  private static int pages(Session session, DecoderShape shape, long bytes) {
    int context = Math.ceilDiv(shape.contextLength(), session.pageTokens());
    long pages =
        bytes == 0
            ? Math.min(2L * context, MOST_KV_BYTES / session.pageBytes())
            : bytes / session.pageBytes();
    return (int) Math.max(context, Math.min(session.mostPages(), pages));
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public TokenVocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public ChatTemplate chatTemplate() {
    if (chatTemplate == null) {
      throw new IllegalStateException(
          file.name()
              + " has no "
              + Words.TEMPLATE_KEY
              + "; convert it again with --chat-template");
    }
    return chatTemplate;
  }

  @Override
  public ToolCallSyntax toolCallSyntax() {
    return toolCallSyntax;
  }

  @Override
  public Generation generate(GenerationRequest request, TokenListener listener) {
    check(request.promptTokens());
    long arrived = System.nanoTime();
    Supplier<@Nullable FinishReason> stop = () -> stop(request, arrived);
    int most = request.promptTokens().length + Math.min(request.maxTokens(), info.contextLength());
    int pages = cache.pages(Math.min(info.contextLength(), most));
    if (!admission.enter(
        request.priority(), alone -> cache.reserve(pages, alone), () -> stop.get() != null)) {
      requireOpen();
      FinishReason reason = stop.get();
      return ended(
          request, reason == null ? FinishReason.CANCELLED : reason, System.nanoTime() - arrived);
    }
    Sequence sequence = session.newSequence();
    boolean reserved = true;
    try {
      requireOpen();
      cache.take(sequence, request.promptTokens());
      Turn turn = new Turn(engine, tokenizer, request, listener, stop, sequence);
      engine.batcher().begin();
      Generation generation;
      int settled;
      try {
        generation = turn.run(System.nanoTime() - arrived);
        settled = turn.settledTokens();
      } finally {
        engine.batcher().end();
      }
      reserved = false;
      cache.settle(pages, turn.tokens(), settled, sequence::page, sequence::clear);
      return generation;
    } finally {
      if (reserved) {
        sequence.clear();
        cache.release(pages);
      }
      admission.leave(request.priority());
    }
  }

  private @Nullable FinishReason stop(GenerationRequest request, long arrived) {
    if (closed || Thread.currentThread().isInterrupted() || request.cancelled().getAsBoolean()) {
      return FinishReason.CANCELLED;
    }
    Duration limit = request.timeLimit();
    return limit != null && System.nanoTime() - arrived > limit.toNanos()
        ? FinishReason.DEADLINE
        : null;
  }

  @Override
  public boolean prepare(int[] prefix, Path folder) {
    check(prefix);
    SavedPrefixes saved;
    copying.lock();
    try {
      requireOpen();
      saved = new SavedPrefixes(file, info.backend(), session, cache);
      if (saved.load(prefix, folder)) {
        return true;
      }
    } finally {
      copying.unlock();
    }
    GenerationRequest request = GenerationRequest.of(prefix).maxTokens(2).build();
    generate(request, TokenListener.NONE);
    copying.lock();
    try {
      requireOpen();
      saved.save(prefix, folder);
    } finally {
      copying.unlock();
    }
    return false;
  }

  private void check(int[] prompt) {
    if (prompt.length >= info.contextLength()) {
      throw new IllegalArgumentException(
          "the prompt has "
              + prompt.length
              + " tokens; the context of "
              + info.contextLength()
              + " must hold it and an answer");
    }
    for (int token : prompt) {
      if (token < 0 || token >= info.vocabularySize()) {
        throw new IllegalArgumentException(
            "prompt token " + token + " is outside the vocabulary of " + info.vocabularySize());
      }
    }
  }

  private static Generation ended(GenerationRequest request, FinishReason reason, long queueNanos) {
    int length = request.promptTokens().length;
    return new Generation(
        new int[0], "", reason, new Timings(length, 0, 0, 0, 0, 0, 0, 0, queueNanos, 0, 0, 0, 0));
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the model " + info.name() + " is closed");
    }
  }

  @Override
  public void close() {
    copying.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      admission.awaitNone();
      session.close();
      file.close();
    } finally {
      copying.unlock();
    }
  }
}
