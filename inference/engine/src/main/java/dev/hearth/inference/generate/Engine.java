package dev.hearth.inference.generate;

import dev.hearth.inference.Priority;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.plan.DecoderShape;
import dev.hearth.inference.sampling.GreedySampler;
import dev.hearth.inference.sampling.Sampler;

/** What the turns of a model share. */
final class Engine {

  private final Session session;
  private final Batcher batcher;
  private final DecoderShape shape;
  private final long[] allTokens;
  private final int drafts;
  private final Drafter lookUp = new Drafter();
  private final Drafter nextToken = new Drafter();
  private final Sampler greedy = new GreedySampler();

  /**
   * Gathers.
   *
   * @param file name of the model's file
   * @param allTokens ids that may be chosen: bit {@code id % 64} of element {@code id / 64}
   * @param drafts most tokens guessed ahead of a pass
   */
  Engine(String file, Session session, DecoderShape shape, long[] allTokens, int drafts) {
    this.session = session;
    this.shape = shape;
    this.allTokens = allTokens;
    this.drafts = drafts;
    batcher = new Batcher(file, session, shape.vocabulary());
  }

  Batcher batcher() {
    return batcher;
  }

  int pieceRows(Priority priority) {
    return batcher.pieceRows(priority);
  }

  boolean hasNextToken() {
    return session.drafts();
  }

  int contextLength() {
    return shape.contextLength();
  }

  int vocabulary() {
    return shape.vocabulary();
  }

  long[] allTokens() {
    return allTokens;
  }

  int drafts() {
    return drafts;
  }

  /** How many guesses looked up in the text pay. */
  Drafter lookUp() {
    return lookUp;
  }

  /** Whether a guess of the next-token layer pays. */
  Drafter nextToken() {
    return nextToken;
  }

  Sampler greedy() {
    return greedy;
  }
}
