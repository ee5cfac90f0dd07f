package dev.hearth.inference.generate;

import dev.hearth.inference.FinishReason;
import dev.hearth.inference.Generation;
import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.Timings;
import dev.hearth.inference.TokenListener;
import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.backend.Slice;
import dev.hearth.inference.backend.Wanted;
import dev.hearth.inference.grammar.GrammarState;
import dev.hearth.inference.sampling.RandomSampler;
import dev.hearth.inference.sampling.Sampler;
import dev.hearth.inference.tokenizer.Detokenizer;
import dev.hearth.inference.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One generation, from prompt to finish.
 *
 * <p>Tokens are first only noted and run when a choice needs logits. So text that the grammar
 * forces goes through the model in one pass with whatever stands before it: the prompt, or the
 * token that was just chosen.
 *
 * <p>A pass may also run guesses of what comes next. A guess is never taken: when the next token,
 * forced or chosen from the model's own logits, is the guessed one, its pass is saved; when it is
 * another, the guesses are forgotten. So the text is the same with guesses and without, whatever
 * the sampling (speculative decoding with a deterministic draft; Leviathan et al., 2023).
 */
final class Turn {

  /** Last tokens that must have occurred before for what followed to be a guess. */
  private static final int LOOK_UP = 3;

  /**
   * Tokens that need not be kept for others when a pass of the next-token layer would be needed.
   */
  private static final int MOST_WASTE = 8;

  /** Tokens that the next-token layer may lag behind before it reads them without being asked. */
  private static final int MOST_LAG = 128;

  private final Engine engine;
  private final Tokenizer tokenizer;
  private final GenerationRequest request;
  private final TokenListener listener;
  private final Supplier<@Nullable FinishReason> stop;
  private final Sequence sequence;
  private final Sampler sampler;
  private final Detokenizer detokenizer;
  private final Set<Integer> stopTokens;
  private final @Nullable GrammarState grammar;
  private final StringBuilder text = new StringBuilder();

  /**
   * Prompt, generated tokens and guesses, by position. Of the first {@link #count} the sequence
   * holds its {@code position()}; where that is more, it holds guesses as well.
   */
  private int[] tokens;

  private int count;
  private final int promptLength;
  private final int cachedTokens;

  /** Logits of the last pass, the first those after token {@link #logitsFrom}. */
  private float[][] logits;

  private int logitsFrom;
  private int logitsCount;

  private int decoded;
  private int forced;
  private int guessed;
  private int right;
  private int steps;
  private @Nullable Drafter drafter;
  private int drafterGuessed;
  private int drafterRight;
  private boolean forcedPending;
  private long prefillNanos;
  private long decodeNanos;
  private long forcedNanos;
  private long grammarNanos;
  private @Nullable FinishReason finish;

  Turn(
      Engine engine,
      Tokenizer tokenizer,
      GenerationRequest request,
      TokenListener listener,
      Supplier<@Nullable FinishReason> stop,
      Sequence sequence) {
    this.engine = engine;
    this.tokenizer = tokenizer;
    this.request = request;
    this.listener = listener;
    this.stop = stop;
    this.sequence = sequence;
    promptLength = request.promptTokens().length;
    cachedTokens = sequence.position();
    tokens = Arrays.copyOf(request.promptTokens(), promptLength + 64);
    count = promptLength;
    logits = new float[1 + engine.drafts()][];
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
    dropGuesses();
    emit(detokenizer.finish());
    Timings timings =
        new Timings(
            promptLength,
            cachedTokens,
            Math.max(0, Math.min(promptLength, sequence.position()) - cachedTokens),
            decoded,
            forced,
            guessed,
            right,
            steps,
            queueNanos,
            prefillNanos,
            decodeNanos,
            forcedNanos,
            grammarNanos);
    return new Generation(
        Arrays.copyOfRange(tokens, promptLength, count), text.toString(), finish, timings);
  }

  /** Prompt and generated tokens by position. */
  int[] tokens() {
    return tokens;
  }

  /** How many of {@link #tokens} there are. */
  int count() {
    return count;
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
    append(token);
    forcedPending |= sequence.position() < count;
  }

  private void append(int token) {
    if (count - promptLength >= request.maxTokens()) {
      finish = FinishReason.LENGTH;
      return;
    }
    if (count >= engine.contextLength()) {
      finish = FinishReason.CONTEXT_FULL;
      return;
    }
    if (sequence.position() > count) {
      if (tokens[count] == token) {
        right++;
        drafterRight++;
      } else {
        dropGuesses();
      }
    }
    reserve(count + 1);
    tokens[count++] = token;
    emit(detokenizer.accept(token));
  }

  private void dropGuesses() {
    if (sequence.position() > count) {
      sequence.truncate(count);
    }
  }

  private void reserve(int length) {
    if (length > tokens.length) {
      tokens = Arrays.copyOf(tokens, Math.max(length, 2 * tokens.length));
    }
  }

  private void emit(String piece) {
    if (!piece.isEmpty()) {
      text.append(piece);
      listener.onText(piece);
    }
  }

  private void choose() {
    int row = count - 1 - logitsFrom;
    if (row < 0 || row >= logitsCount || sequence.position() < count) {
      runPending();
      row = 0;
    }
    if (finish != null) {
      return;
    }
    long[] allowed = allowed(grammar);
    long start = System.nanoTime();
    int token = sampler.sample(logits[row], allowed);
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

  /**
   * Runs the tokens that were only noted, and guesses behind them. The logits are then those after
   * the last noted token and after each guess.
   */
  private void runPending() {
    settle();
    boolean prompt = sequence.position() < promptLength;
    long start = System.nanoTime();
    long masks = grammarNanos;
    if (sequence.position() - sequence.drafted() > MOST_LAG) {
      readAhead(sequence.position());
    }
    while (finish == null && sequence.position() < count) {
      int to = Math.min(count, sequence.position() + engine.pieceRows(request.priority()));
      if (to < count) {
        run(Batcher.Kind.FORWARD, to, List.of());
        readAhead(to + 1);
      } else {
        int guesses = guess();
        if (finish == null && run(Batcher.Kind.FORWARD, count + guesses, wanted(guesses))) {
          steps++;
          logitsFrom = count - 1;
          logitsCount = 1 + guesses;
        }
      }
    }
    long nanos = System.nanoTime() - start - (grammarNanos - masks);
    if (prompt) {
      prefillNanos += nanos;
    } else if (forcedPending) {
      forcedNanos += nanos;
    } else {
      decodeNanos += nanos;
    }
    forcedPending = false;
  }

  /**
   * Lets the next-token layer read tokens before a position, which it will need for its guesses.
   */
  private void readAhead(int to) {
    while (finish == null && engine.hasNextToken() && to - 1 > sequence.drafted()) {
      run(Batcher.Kind.DRAFT, nextDraft(to), List.of());
    }
  }

  /** Where the next piece ends that the next-token layer reads of what is before a position. */
  private int nextDraft(int to) {
    return Math.min(to, sequence.drafted() + 1 + engine.pieceRows(request.priority()));
  }

  /**
   * How many tokens of the sequence others can go on from: where there is a next-token layer, those
   * that it has read as well.
   */
  int settledTokens() {
    if (!engine.hasNextToken()) {
      return sequence.position();
    }
    if (finish != FinishReason.CANCELLED && sequence.position() - sequence.drafted() > MOST_WASTE) {
      int to = Math.min(count, sequence.position() + 1);
      boolean run = true;
      while (run && to - 1 > sequence.drafted()) {
        Slice piece = new Slice(sequence, tokens, nextDraft(to), 0);
        run =
            engine
                .batcher()
                .run(Batcher.Kind.DRAFT, piece, request.priority(), logits, () -> false);
      }
    }
    return Math.min(sequence.position(), sequence.drafted() + 1);
  }

  /** What the next choice will need, and those after each guess if it is right. */
  private List<Wanted> wanted(int guesses) {
    boolean greatest = request.sampling().temperature() == 0;
    List<Wanted> rows = new ArrayList<>();
    rows.add(new Wanted(allowed(grammar), greatest));
    GrammarState ahead = grammar == null || guesses == 0 ? null : grammar.copy();
    for (int i = 0; i < guesses; i++) {
      boolean possible = ahead == null || ahead.accept(tokens[count + i]);
      rows.add(possible ? new Wanted(allowed(ahead), greatest) : Wanted.ALL);
    }
    return rows;
  }

  private long[] allowed(@Nullable GrammarState state) {
    if (state == null) {
      return engine.allTokens();
    }
    long start = System.nanoTime();
    long[] mask = state.mask();
    grammarNanos += System.nanoTime() - start;
    return mask;
  }

  private boolean run(Batcher.Kind kind, int to, List<Wanted> wanted) {
    for (int i = 0; i < wanted.size(); i++) {
      if (logits[i] == null) {
        logits[i] = new float[engine.vocabulary()];
      }
    }
    finish = stop.get();
    if (finish != null) {
      return false;
    }
    Slice slice = new Slice(sequence, tokens, to, wanted);
    boolean done =
        engine.batcher().run(kind, slice, request.priority(), logits, () -> stop.get() != null);
    if (!done) {
      finish = stop.get();
      if (finish == null) {
        finish = FinishReason.CANCELLED;
      }
    }
    return done;
  }

  // ---- guesses

  /**
   * Writes guesses behind the noted tokens and returns how many. There are none while other
   * requests fill the passes: then each row costs as much as another.
   */
  private int guess() {
    if (engine.batcher().shared()) {
      return 0;
    }
    int pending = count - sequence.position();
    int left =
        Math.min(request.maxTokens() - (count - promptLength), engine.contextLength() - count);
    int most = Math.min(engine.drafts(), left) - (pending - 1);
    if (most < 1) {
      return 0;
    }
    reserve(count + most);
    int number = lookUp(most);
    if (number == 0 && engine.hasNextToken() && pending == 1) {
      number = draft();
    }
    guessed += number;
    drafterGuessed = number;
    drafterRight = 0;
    return number;
  }

  /** What followed earlier, as far as the grammar allows it. */
  private int lookUp(int most) {
    int from = Drafter.lookUp(tokens, count, most, LOOK_UP);
    if (from < 0) {
      return 0;
    }
    GrammarState ahead = grammar == null ? null : grammar.copy();
    int number = 0;
    while (number < most && from + number < count) {
      int token = tokens[from + number];
      if (stopTokens.contains(token) || (ahead != null && !ahead.accept(token))) {
        break;
      }
      tokens[count + number++] = token;
    }
    if (number == 0) {
      return 0;
    }
    drafter = engine.lookUp();
    return drafter.worth(number, guesses -> engine.batcher().times().cost(guesses, false));
  }

  /** The best token of the next-token layer. */
  private int draft() {
    long[] allowed = allowed(grammar);
    if (engine.nextToken().worth(1, guesses -> engine.batcher().times().cost(guesses, true)) == 0
        || !run(Batcher.Kind.DRAFT, count, List.of(new Wanted(allowed, true)))) {
      return 0;
    }
    int token = engine.greedy().sample(logits[0], allowed);
    if (token < 0 || stopTokens.contains(token)) {
      return 0;
    }
    tokens[count] = token;
    drafter = engine.nextToken();
    return 1;
  }

  /** Tells who guessed what became of it. */
  private void settle() {
    if (drafter != null && drafterGuessed > 0) {
      drafter.checked(drafterGuessed, drafterRight);
    }
    drafter = null;
    drafterGuessed = 0;
  }
}
