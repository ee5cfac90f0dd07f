package dev.hearth.agent.conversation;

import dev.hearth.agent.plan.Question;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Entity;
import dev.hearth.devices.Home;
import dev.hearth.devices.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Answers questions from what the devices reported last. */
final class Answers {
  private static final int LISTED = 6;
  private static final Set<String> YES_OR_NO = Set.of("on", "open", "locked", "motion");
  private static final Set<String> OPEN = Set.of("open", "opening", "closing");

  private Answers() {}

  /** The sentences that answer a question. */
  static List<String> to(Question question, Home home, Replies replies) {
    List<Entity> entities =
        question.entities().stream().flatMap(id -> home.entity(id).stream()).toList();
    if (question.group() && YES_OR_NO.contains(question.what())) {
      return List.of(which(question, entities, replies));
    }
    List<String> sentences = new ArrayList<>();
    List<Entity> told = question.what().equals("temperature") ? thermometers(entities) : entities;
    told.stream().limit(LISTED).forEach(e -> sentences.add(replies.tells(question.what(), e)));
    if (told.size() > LISTED) {
      sentences.add(replies.more(told.size() - LISTED));
    }
    return sentences;
  }

  /** Several thermostats and sensors tell the same; the sensors are enough for a whole home. */
  private static List<Entity> thermometers(List<Entity> entities) {
    List<Entity> sensors = entities.stream().filter(e -> e.kind() == Kind.SENSOR).toList();
    return entities.size() > LISTED && !sensors.isEmpty() ? sensors : entities;
  }

  private static String which(Question question, List<Entity> entities, Replies replies) {
    List<String> yes = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (Entity entity : entities) {
      Optional<Boolean> state = is(question.what(), entity);
      if (entity.availability() == Availability.OFFLINE || state.isEmpty()) {
        unknown.add(replies.name(entity));
      } else if (state.get()) {
        yes.add(replies.name(entity));
      }
    }
    return replies.which(question.what(), question.kind(), yes, entities.size(), unknown);
  }

  private static Optional<Boolean> is(String what, Entity entity) {
    return switch (what) {
      case "open" -> entity.state().cover().map(OPEN::contains).or(() -> entity.state().on());
      case "locked" -> entity.state().lock().map("locked"::equals);
      default ->
          entity.state().on().or(() -> entity.state().mode().map(mode -> !mode.equals("off")));
    };
  }
}
