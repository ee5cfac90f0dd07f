package dev.hearth.agent.conversation;

import dev.hearth.agent.plan.Commands;
import dev.hearth.agent.plan.Plan;
import dev.hearth.agent.plan.Problem;
import dev.hearth.agent.plan.StepOutcome;
import dev.hearth.devices.command.Evidence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What the outcomes of a plan come to. */
final class Outcomes {
  private static final int SAME_LISTED = 4;

  private Outcomes() {}

  /** One sentence for each step, but one for many confirmed steps of the same command. */
  static List<String> told(List<StepOutcome> outcomes, Replies replies) {
    Map<String, Integer> same = new LinkedHashMap<>();
    for (StepOutcome outcome : outcomes) {
      if (outcome.outcome().evidence().done()) {
        same.merge(key(outcome), 1, Integer::sum);
      }
    }
    Set<String> said = new HashSet<>();
    List<String> sentences = new ArrayList<>();
    for (StepOutcome outcome : outcomes) {
      boolean done = outcome.outcome().evidence().done();
      int count = done ? same.getOrDefault(key(outcome), 0) : 0;
      if (count <= SAME_LISTED) {
        sentences.add(replies.outcome(outcome));
      } else if (said.add(key(outcome))) {
        sentences.add(replies.confirmed(outcome.step().command(), count));
      }
    }
    return sentences;
  }

  private static String key(StepOutcome outcome) {
    return outcome.step().command().toString();
  }

  /** How a turn with these outcomes ended. */
  static OutcomeKind kind(Plan plan, List<StepOutcome> outcomes) {
    if (outcomes.isEmpty()) {
      if (plan.problems().isEmpty()) {
        return OutcomeKind.ANSWERED;
      }
      boolean ask =
          plan.problems().stream()
              .anyMatch(p ->
                  p instanceof Problem.Ambiguous
                      || p instanceof Problem.WhereIsHere
                      || p instanceof Problem.PresentUnknown
                      || p instanceof Problem.Senseless);
      if (!plan.questions().isEmpty()) {
        return OutcomeKind.PARTIAL;
      }
      return ask ? OutcomeKind.NEEDS_CLARIFICATION : OutcomeKind.FAILED;
    }
    long done = outcomes.stream().filter(o -> o.outcome().evidence().done()).count();
    if (done == outcomes.size()) {
      return plan.problems().isEmpty() ? OutcomeKind.DONE : OutcomeKind.PARTIAL;
    }
    if (done > 0) {
      return OutcomeKind.PARTIAL;
    }
    boolean open =
        outcomes.stream()
            .map(o -> o.outcome().evidence())
            .anyMatch(e -> !e.negative() || e == Evidence.TIMED_OUT || e == Evidence.SUPERSEDED);
    if (open) {
      return OutcomeKind.UNCONFIRMED;
    }
    boolean refused =
        outcomes.stream()
            .map(o -> o.outcome().evidence())
            .allMatch(e -> e == Evidence.REJECTED || e == Evidence.DIFFERENT_VALUE);
    return refused ? OutcomeKind.REFUSED : OutcomeKind.FAILED;
  }

  /** An outcome for the caller. */
  static ActionReport report(StepOutcome outcome) {
    return new ActionReport(
        outcome.step().entity().value(),
        Commands.name(outcome.step().command()),
        Commands.arguments(outcome.step().command()),
        outcome.outcome().evidence().name().toLowerCase(Locale.ROOT),
        outcome.outcome().detail(),
        outcome.outcome().elapsed().toMillis());
  }
}
