package dev.hearth.inference.generate;

import dev.hearth.inference.FinishReason;
import dev.hearth.inference.Generation;
import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.Timings;
import dev.hearth.inference.TokenListener;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.grammar.GrammarState;
import dev.hearth.inference.sampling.RandomSampler;
import dev.hearth.inference.sampling.Sampler;
import dev.hearth.inference.tokenizer.Detokenizer;
import dev.hearth.inference.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One generation, from prompt to finish.
 *
 * <p>Tokens are first only noted and run when a choice needs logits. So text that the grammar
 * forces goes through the model in one pass with whatever stands before it: the prompt, or the
 * token that was just chosen.
 */
final class Turn {

  private final Session session;
  private final Tokenizer tokenizer;
  private final GenerationRequest request;
  private final TokenListener listener;
  private final BooleanSupplier cancelled;
  private final PrefixCache.Entry entry;
  private final int contextLength;
  private final long[] allTokens;
  private final Sampler sampler;
  private final Detokenizer detokenizer;
  private final Set<Integer> stopTokens;
  private final @Nullable GrammarState grammar;
  private final StringBuilder text = new StringBuilder();

  /** Prompt and generated tokens; the first {@code sequence.position()} of them have been run. */
  private int[] tokens;

  private int count;
  private final int promptLength;
  private final int cachedTokens;

  private int decoded;
  private int forced;
  private boolean forcedPending;
  private long prefillNanos;
  private long decodeNanos;
  private long forcedNanos;
  private long grammarNanos;
  private @Nullable FinishReason finish;

  Turn(
      Session session,
      Tokenizer tokenizer,
      GenerationRequest request,
      TokenListener listener,
      BooleanSupplier cancelled,
      PrefixCache.Entry entry,
      int contextLength,
      long[] allTokens) {
    this.session = session;
    this.tokenizer = tokenizer;
    this.request = request;
    this.listener = listener;
    this.cancelled = cancelled;
    this.entry = entry;
    this.contextLength = contextLength;
    this.allTokens = allTokens;
    promptLength = request.promptTokens().length;
    cachedTokens = entry.sequence.position();
    tokens = Arrays.copyOf(request.promptTokens(), promptLength + 64);
    count = promptLength;
    sampler = RandomSampler.of(request.sampling(), tokenizer.vocabularySize());
    detokenizer = tokenizer.detokenizer();
    stopTokens = request.stopTokens().isEmpty() ? tokenizer.endOfTurn() : request.stopTokens();
    grammar = request.grammar() == null ? null : request.grammar().start();
  }

  Generation run(long queueNanos) {
    while (finish == null) {
      force();
      if (finish == null) {
        choose();
      }
    }
    emit(detokenizer.finish());
    Timings timings =
        new Timings(
            promptLength,
            cachedTokens,
            Math.max(0, Math.min(promptLength, entry.sequence.position()) - cachedTokens),
            decoded,
            forced,
            queueNanos,
            prefillNanos,
            decodeNanos,
            forcedNanos,
            grammarNanos);
    return new Generation(
        Arrays.copyOfRange(tokens, promptLength, count), text.toString(), finish, timings);
  }

  /** Appends what the grammar leaves no choice about. */
  private void force() {
    if (grammar == null) {
      return;
    }
    long start = System.nanoTime();
    int[] more =
        grammar.forcedTokens(this::encode, Arrays.copyOfRange(tokens, promptLength, count));
    OptionalInt only = more.length > 0 ? OptionalInt.empty() : grammar.onlyToken();
    while (more.length > 0 || only.isPresent()) {
      for (int token : more) {
        appendForced(token);
      }
      only.ifPresent(this::appendForced);
      if (finish != null) {
        break;
      }
      more = grammar.forcedTokens(this::encode, Arrays.copyOfRange(tokens, promptLength, count));
      only = more.length > 0 ? OptionalInt.empty() : grammar.onlyToken();
    }
    if (finish == null && grammar.complete()) {
      finish = FinishReason.STOP;
    }
    grammarNanos += System.nanoTime() - start;
  }

  private int[] encode(String ordinary) {
    return tokenizer.encode(ordinary, false);
  }

  private void appendForced(int token) {
    if (finish != null) {
      return;
    }
    if (stopTokens.contains(token)) {
      finish = FinishReason.STOP;
      return;
    }
    if (grammar != null && !grammar.accept(token)) {
      throw new IllegalStateException(
          "the grammar forces token " + token + " but does not accept it");
    }
    forced++;
    forcedPending = true;
    append(token);
  }

  private void append(int token) {
    if (count - promptLength >= request.maxTokens()) {
      finish = FinishReason.LENGTH;
      return;
    }
    if (count >= contextLength) {
      finish = FinishReason.CONTEXT_FULL;
      return;
    }
    if (count == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * count);
    }
    tokens[count++] = token;
    emit(detokenizer.accept(token));
  }

  private void emit(String piece) {
    if (!piece.isEmpty()) {
      text.append(piece);
      listener.onText(piece);
    }
  }

  private void choose() {
    float[] logits = runPending();
    if (finish != null) {
      return;
    }
    long[] allowed = allTokens;
    if (grammar != null) {
      long start = System.nanoTime();
      allowed = grammar.mask();
      grammarNanos += System.nanoTime() - start;
    }
    long start = System.nanoTime();
    int token = sampler.sample(logits, allowed);
    decodeNanos += System.nanoTime() - start;
    decoded++;
    if (token < 0 || stopTokens.contains(token)) {
      finish = FinishReason.STOP;
      return;
    }
    if (grammar != null && !grammar.accept(token)) {
      throw new IllegalStateException("the grammar allows token " + token + " but rejects it");
    }
    append(token);
    if (finish == null && count - promptLength >= request.maxTokens()) {
      finish = finishAtLimit();
    }
  }

  /** The limit is reached: no model step is needed to know that the turn is over. */
  private FinishReason finishAtLimit() {
    return grammar != null && grammar.complete() ? FinishReason.STOP : FinishReason.LENGTH;
  }

  /** Runs the tokens that were only noted; the logits are those after the last one. */
  private float[] runPending() {
    boolean prompt = entry.sequence.position() < promptLength;
    long start = System.nanoTime();
    float[] logits = {};
    while (entry.sequence.position() < count) {
      if (cancelled.getAsBoolean()) {
        finish = FinishReason.CANCELLED;
        break;
      }
      int from = entry.sequence.position();
      int to = Math.min(count, from + session.maxRows());
      Session.Logits wanted = to == count ? Session.Logits.LAST : Session.Logits.NONE;
      logits = session.forward(entry.sequence, tokens, from, to, wanted);
      entry.ran(tokens, from, to);
    }
    long nanos = System.nanoTime() - start;
    if (prompt) {
      prefillNanos += nanos;
    } else if (forcedPending) {
      forcedNanos += nanos;
    } else {
      decodeNanos += nanos;
    }
    forcedPending = false;
    return logits;
  }
}
