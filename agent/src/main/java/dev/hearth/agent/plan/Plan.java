package dev.hearth.agent.plan;

import dev.hearth.devices.Area;
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
 * @param moved where things of another room than the speaker's were taken, which the reply tells
 */
public record Plan(
    List<Step> steps,
    List<Question> questions,
    List<Problem> problems,
    String declined,
    List<NextDoor> moved) {
  /** Copies the lists. */
  public Plan {
    steps = List.copyOf(steps);
    questions = List.copyOf(questions);
    problems = List.copyOf(problems);
    moved = List.copyOf(moved);
  }

  /** A plan for nothing but what was meant where the speaker is. */
  public Plan(List<Step> steps, List<Question> questions, List<Problem> problems, String declined) {
    this(steps, questions, problems, declined, List.of());
  }

  /**
   * The speaker's room has nothing of the kind, but the only one next to it that has.
   *
   * @param kind one of the tool's kinds, or empty
   * @param here the speaker's room
   * @param there the room next to it
   */
  public record NextDoor(String kind, Area here, Area there) {}
}
