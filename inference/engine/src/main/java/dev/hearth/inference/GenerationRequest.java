package dev.hearth.inference;

import dev.hearth.inference.grammar.Grammar;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request to a model. Make it with {@link #of(int[])}.
 *
 * @param promptTokens the prompt; not to be changed afterwards
 * @param grammar what the turn must look like, or null for no constraint
 * @param sampling how tokens are picked
 * @param maxTokens most tokens to generate, forced ones included
 * @param stopTokens tokens that end the generation; empty means the model's end-of-turn tokens
 * @param priority who goes first
 * @param timeLimit time from the call of {@code generate} on after which the request ends with what
 *     it has; null for none
 * @param cancelled asked between model steps; true ends the generation
 */
@SuppressWarnings("ArrayRecordComponent") // read once by the loop, never compared
public record GenerationRequest(
    int[] promptTokens,
    @Nullable Grammar grammar,
    Sampling sampling,
    int maxTokens,
    Set<Integer> stopTokens,
    Priority priority,
    @Nullable Duration timeLimit,
    BooleanSupplier cancelled) {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if the prompt is empty or a limit is not positive
   */
  public GenerationRequest {
    if (promptTokens.length == 0) {
      throw new IllegalArgumentException("promptTokens is empty; give at least one token");
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens is " + maxTokens + "; give at least 1");
    }
    if (timeLimit != null && !timeLimit.isPositive()) {
      throw new IllegalArgumentException("timeLimit is " + timeLimit + "; give a positive one");
    }
    stopTokens = Set.copyOf(stopTokens);
  }

  /** Starts a request: a command, greedy, up to 512 tokens, the model's own stop tokens. */
  public static Builder of(int[] promptTokens) {
    return new Builder(promptTokens);
  }

  /** Collects the parts of a request. */
  public static final class Builder {

    private final int[] promptTokens;
    private @Nullable Grammar grammar;
    private Sampling sampling = Sampling.greedy();
    private int maxTokens = 512;
    private Set<Integer> stopTokens = Set.of();
    private Priority priority = Priority.COMMAND;
    private @Nullable Duration timeLimit;
    private BooleanSupplier cancelled = () -> false;

    private Builder(int[] promptTokens) {
      this.promptTokens = promptTokens;
    }

    /** Sets what the turn must look like; null for no constraint. */
    public Builder grammar(@Nullable Grammar value) {
      grammar = value;
      return this;
    }

    /** Sets how tokens are picked. */
    public Builder sampling(Sampling value) {
      sampling = value;
      return this;
    }

    /** Sets the most tokens to generate. */
    public Builder maxTokens(int value) {
      maxTokens = value;
      return this;
    }

    /** Sets the tokens that end the generation instead of the model's own. */
    public Builder stopTokens(Set<Integer> value) {
      stopTokens = new LinkedHashSet<>(value);
      return this;
    }

    /** Sets who goes first. */
    public Builder priority(Priority value) {
      priority = value;
      return this;
    }

    /** Sets the time after which the request ends with what it has; null for none. */
    public Builder timeLimit(@Nullable Duration value) {
      timeLimit = value;
      return this;
    }

    /** Sets the question asked between model steps; true ends the generation. */
    public Builder cancelled(BooleanSupplier value) {
      cancelled = value;
      return this;
    }

    /** The request. */
    public GenerationRequest build() {
      return new GenerationRequest(
          promptTokens, grammar, sampling, maxTokens, stopTokens, priority, timeLimit, cancelled);
    }
  }
}
