package dev.hearth.agent.policy;

import dev.hearth.agent.plan.Plan;
import dev.hearth.agent.plan.Problem;
import dev.hearth.agent.plan.Question;
import dev.hearth.agent.plan.Step;
import dev.hearth.devices.Action;
import dev.hearth.devices.Command;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Home;
import dev.hearth.devices.Risk;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Decides which steps may run, and which of them at once. Whatever is done with a guarded thing
 * needs a confirmation: garage doors, gates, sirens, valves, boilers, and what else an operator
 * guards. Locking and stopping make things safer and run at once. Unlocking a lock and disarming an
 * alarm need a confirmation even where an operator has lowered the risk: what lets someone in is
 * never done on one sentence.
 */
@Component
public class Policy {
  /**
   * The steps of a plan that need a confirmation; empty when all may run.
   *
   * @param plan the plan
   * @param home the home as it is now
   */
  public List<Step> toConfirm(Plan plan, Home home) {
    return plan.steps().stream()
        .filter(step ->
            lettingIn(step.command())
                || (guarded(home.entity(step.entity())) && !harmless(step.command())))
        .toList();
  }

  /**
   * What of a plan may still be done: an operator may have hidden a thing while the plan waited for
   * its yes, or while the model thought. A yes covers every step that it was asked about, so that a
   * risk raised since needs no other one.
   *
   * @param plan the plan
   * @param home the home as it is now
   * @return the plan without steps and questions about hidden things; a problem names them
   */
  public Plan released(Plan plan, Home home) {
    Set<String> hidden = new LinkedHashSet<>();
    List<Step> steps = new ArrayList<>();
    for (Step step : plan.steps()) {
      if (hides(home, step.entity())) {
        hidden.add(step.name());
      } else {
        steps.add(step);
      }
    }
    List<Question> questions = new ArrayList<>();
    for (Question question : plan.questions()) {
      List<EntityId> seen = question.entities().stream().filter(id -> !hides(home, id)).toList();
      if (!seen.isEmpty()) {
        questions.add(new Question(question.what(), question.kind(), seen, question.group()));
      }
      question.entities().stream()
          .filter(id -> hides(home, id))
          .flatMap(id -> home.entity(id).stream())
          .map(Entity::name)
          .forEach(hidden::add);
    }
    if (hidden.isEmpty()) {
      return plan;
    }
    List<Problem> problems = new ArrayList<>(plan.problems());
    problems.add(new Problem.NotReleased(List.copyOf(hidden)));
    return new Plan(steps, questions, problems, plan.declined(), plan.moved());
  }

  private static boolean hides(Home home, EntityId id) {
    return home.entity(id).filter(entity -> !entity.exposed()).isPresent();
  }

  private static boolean guarded(Optional<Entity> entity) {
    return entity.filter(e -> e.risk() == Risk.GUARDED).isPresent();
  }

  private static boolean lettingIn(Command command) {
    return command instanceof Command.Unlock || command instanceof Command.Disarm;
  }

  private static boolean harmless(Command command) {
    return switch (command) {
      case Command.Lock c -> true;
      case Command.Stop c -> true;
      case Command.Perform(Action action) ->
          action == Action.STOP || action == Action.PAUSE || action == Action.DOCK;
      default -> false;
    };
  }
}
