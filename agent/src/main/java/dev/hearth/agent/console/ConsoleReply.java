package dev.hearth.agent.console;

import dev.hearth.agent.conversation.Turn;
import dev.hearth.devices.Entity;
import dev.hearth.devices.Home;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A turn as the talk box shows it.
 *
 * @param undoable whether what it did can be undone
 */
record ConsoleReply(
    String conversation,
    String reply,
    String outcome,
    List<Action> actions,
    @Nullable String confirmation,
    boolean undoable,
    long ms) {

  /** One step with the name of its entity and its evidence in words. */
  record Action(String name, String command, String evidence, String detail, long ms) {}

  static ConsoleReply of(Turn turn, Home home, boolean undoable) {
    return new ConsoleReply(
        turn.conversation(),
        turn.reply(),
        turn.outcome().wire(),
        turn.actions().stream()
            .map(a ->
                new Action(
                    home.entities().stream()
                        .filter(e -> e.id().value().equals(a.entity()))
                        .map(Entity::name)
                        .findFirst()
                        .orElse(a.entity()),
                    a.command().replace('_', ' ') + arguments(a.arguments().values()),
                    a.evidence().replace('_', ' '),
                    a.detail(),
                    a.ms()))
            .toList(),
        turn.confirmation(),
        undoable && !turn.actions().isEmpty(),
        Math.round(turn.timing().totalMs()));
  }

  private static String arguments(Iterable<Object> values) {
    StringBuilder text = new StringBuilder();
    values.forEach(value -> text.append(' ').append(value));
    return text.toString();
  }
}
