package dev.hearth.agent.web;

import dev.hearth.agent.conversation.ActionReport;
import dev.hearth.agent.conversation.Assistant;
import dev.hearth.agent.conversation.OutcomeKind;
import dev.hearth.agent.conversation.OverloadedException;
import dev.hearth.agent.conversation.Turn;
import dev.hearth.agent.conversation.TurnTiming;
import dev.hearth.agent.conversation.UnknownConfirmationException;
import dev.hearth.agent.conversation.Utterance;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Answers by keywords, so that the ways in can be tested without a model. */
public final class FakeAssistant implements Assistant {
  /** The token of the plan that "unlock" leaves waiting. */
  public static final String TOKEN = "k3y";

  private final List<Utterance> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger conversations = new AtomicInteger();
  private final Set<String> dimmed = ConcurrentHashMap.newKeySet();

  /** What was asked, in order. */
  public List<Utterance> heard() {
    return heard;
  }

  @Override
  public Turn ask(Utterance utterance) {
    heard.add(utterance);
    String conversation =
        utterance.conversation() == null
            ? "c" + conversations.incrementAndGet()
            : utterance.conversation();
    String text = utterance.text();
    if (text.contains("overload")) {
      throw new OverloadedException(64);
    }
    if (text.contains("explode")) {
      throw new IllegalStateException("secret inside");
    }
    if (text.contains("unlock")) {
      return turn(
          conversation,
          "Shall I unlock the door?",
          OutcomeKind.NEEDS_CONFIRMATION,
          List.of(),
          TOKEN);
    }
    dimmed.add(conversation);
    return turn(
        conversation,
        "Heard: " + text,
        OutcomeKind.DONE,
        List.of(
            new ActionReport(
                "light.kitchen_ceiling",
                "set_brightness",
                Map.of("percent", 40),
                "state_confirmed",
                "the device reported 40 %",
                12)),
        null);
  }

  @Override
  public Turn confirm(String token) {
    if (!token.equals(TOKEN)) {
      throw new UnknownConfirmationException();
    }
    return turn("c0", "The door is unlocked.", OutcomeKind.DONE, List.of(), null);
  }

  @Override
  public Turn undo(@Nullable String conversation, @Nullable String language) {
    dimmed.remove(String.valueOf(conversation));
    return turn(
        conversation == null ? "c0" : conversation,
        language == null ? "Undone." : "Undone in " + language + ".",
        OutcomeKind.DONE,
        List.of(),
        null);
  }

  @Override
  public boolean undoable(String conversation) {
    return dimmed.contains(conversation);
  }

  private static Turn turn(
      String conversation,
      String reply,
      OutcomeKind outcome,
      List<ActionReport> actions,
      @Nullable String confirmation) {
    return new Turn(
        conversation,
        reply,
        outcome,
        actions,
        confirmation,
        new TurnTiming(40, 20, 25, 12, 200, 150, 50, 9, 31, 9));
  }
}
