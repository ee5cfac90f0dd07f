package dev.hearth.agent.tool;

import dev.hearth.agent.plan.Plan;
import dev.hearth.agent.plan.Problem;
import dev.hearth.agent.plan.Question;
import dev.hearth.agent.plan.Step;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.Entity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns intents into a plan: resolves whom they mean, and makes every change absolute. Things of a
 * group that cannot do what is asked are left out as long as others can; a thing that was named
 * gets a problem instead.
 */
public final class PlanBuilder {
  private static final int MANY = 3;

  private final SelectorResolver resolver;
  private final Function<Entity, String> names;

  /**
   * A builder.
   *
   * @param resolver finds entities
   * @param names what entities are called in the language of the reply
   */
  public PlanBuilder(SelectorResolver resolver, Function<Entity, String> names) {
    this.resolver = resolver;
    this.names = names;
  }

  /** The plan of some intents, in their order. */
  public Plan build(List<Intent> intents) {
    List<Step> steps = new ArrayList<>();
    List<Question> questions = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    List<Plan.NextDoor> moved = new ArrayList<>();
    String declined = "";
    for (Intent intent : intents) {
      switch (intent) {
        case Intent.Control control ->
            act(
                control.selector(),
                Actions.purpose(control.deed()),
                steps,
                problems,
                moved,
                risky(control.deed()),
                entity -> Actions.control(control.deed(), entity));
        case Intent.Adjust adjust ->
            act(
                adjust.selector(),
                Actions.settingPurpose(adjust.setting()),
                steps,
                problems,
                moved,
                adjust.setting().equals("temperature") || adjust.setting().equals("mode"),
                entity -> Actions.adjust(adjust, entity));
        case Intent.Ask ask -> ask(ask, questions, problems);
        case Intent.Decline decline -> declined = decline.reason();
      }
    }
    boolean nothing = steps.isEmpty() && questions.isEmpty() && problems.isEmpty();
    return new Plan(steps, questions, problems, nothing ? declined : "", moved);
  }

  /** What an action makes of one entity: a command, or a problem. */
  @FunctionalInterface
  interface Action {
    Actions.Result on(Entity entity);
  }

  private static boolean risky(String deed) {
    return deed.equals("unlock");
  }

  private void act(
      Selector selector,
      Kinds.Purpose purpose,
      List<Step> steps,
      List<Problem> problems,
      List<Plan.NextDoor> moved,
      boolean careful,
      Action action) {
    SelectorResolver.Found found = resolver.resolve(selector, purpose);
    if (found.problem() != null) {
      problems.add(found.problem());
      return;
    }
    if (careful && vague(selector, found)) {
      problems.add(
          new Problem.Ambiguous(found.entities().stream().map(names).distinct().limit(6).toList()));
      return;
    }
    List<Step> made = new ArrayList<>();
    List<Problem> failed = new ArrayList<>();
    for (Entity entity : found.entities()) {
      switch (action.on(entity)) {
        case Actions.Result.Do done ->
            made.add(new Step(entity.id(), names.apply(entity), done.command()));
        case Actions.Result.Cannot cannot -> failed.add(cannot.problem());
      }
    }
    if (made.isEmpty() && found.byName()) {
      List<Entity> meant =
          resolver.hiddenNamesakes(found.entities()).stream()
              .filter(entity -> action.on(entity) instanceof Actions.Result.Do)
              .toList();
      if (!meant.isEmpty()) {
        problems.add(resolver.notReleased(meant));
        return;
      }
    }
    steps.addAll(made);
    if (found.moved() != null && !made.isEmpty()) {
      moved.add(found.moved());
    }
    boolean tell = found.byName() || made.isEmpty();
    failed.stream()
        .filter(p -> tell || !(p instanceof Problem.Unable))
        .distinct()
        .limit(MANY)
        .forEach(problems::add);
  }

  /**
   * Whether a group in several areas was meant by nothing but its kind, where one thing is more
   * likely: "set it to 21 degrees" in a house of three thermostats.
   */
  private static boolean vague(Selector selector, SelectorResolver.Found found) {
    Set<@Nullable AreaId> areas = new LinkedHashSet<>();
    found.entities().forEach(e -> areas.add(e.area()));
    return selector.names().isEmpty()
        && selector.places().isEmpty()
        && !selector.all()
        && selector.except().isEmpty()
        && areas.size() > 1;
  }

  private void ask(Intent.Ask ask, List<Question> questions, List<Problem> problems) {
    SelectorResolver.Found found =
        resolver.resolve(ask.selector(), Actions.questionPurpose(ask.question()));
    if (found.problem() != null) {
      problems.add(found.problem());
      return;
    }
    questions.add(
        new Question(
            ask.question(),
            ask.selector().kind(),
            found.entities().stream().map(Entity::id).toList(),
            !found.byName()));
  }
}
