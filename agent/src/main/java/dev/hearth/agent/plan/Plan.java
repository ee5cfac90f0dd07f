package dev.hearth.agent.plan;

import java.util.List;

/**
 * What an utterance comes to: steps to execute, questions to answer, problems to tell. Steps of one
 * entity run in order, those of different entities at once.
 *
 * @param steps commands to entities
 * @param questions questions to answer
 * @param problems parts that become no step
 * @param declined why nothing was to be done: {@code small_talk}, {@code help}, {@code
 *     unsupported}, {@code unclear}; empty otherwise
 */
public record Plan(
    List<Step> steps, List<Question> questions, List<Problem> problems, String declined) {
  /** Copies the lists. */
  public Plan {
    steps = List.copyOf(steps);
    questions = List.copyOf(questions);
    problems = List.copyOf(problems);
  }
}
