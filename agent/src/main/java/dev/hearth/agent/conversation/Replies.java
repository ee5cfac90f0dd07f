package dev.hearth.agent.conversation;

import dev.hearth.agent.plan.Plan;
import dev.hearth.agent.plan.Problem;
import dev.hearth.agent.plan.Step;
import dev.hearth.agent.plan.StepOutcome;
import dev.hearth.devices.Command;
import dev.hearth.devices.Entity;
import java.util.List;

/**
 * The sentences of one language. They say what is known and no more: a state only when the device
 * reported it.
 */
interface Replies {
  /** The sentences of a language, by its primary subtag; English for one that is not known. */
  static Replies in(String language) {
    return language.equals("zh") ? new ChineseReplies() : new EnglishReplies();
  }

  /** What an entity is called. */
  String name(Entity entity);

  /** Joins sentences. */
  String join(List<String> sentences);

  /** What became of one step. */
  String outcome(StepOutcome outcome);

  /** Several things that the same confirmed command reached. */
  String confirmed(Command command, int count);

  /** Why a part was not done. */
  String problem(Problem problem);

  /** The things of another room than the speaker's were taken. */
  String nextDoor(Plan.NextDoor moved);

  /** Asks to confirm steps. */
  String confirm(List<Step> steps);

  /** A pending plan was given up. */
  String cancelled();

  /** There is nothing that could be undone. */
  String nothingToUndo();

  /** Nothing was to be done. */
  String declined(String reason);

  /** The words were not understood in the time that there is, so nothing was done. */
  String tookTooLong();

  /** The things of a question for which the answer is yes, out of those asked about. */
  String which(String what, String kind, List<String> yes, int asked, List<String> unknown);

  /** What an entity reports about one thing, as a sentence. */
  String tells(String what, Entity entity);

  /** More things than are listed. */
  String more(int count);
}
