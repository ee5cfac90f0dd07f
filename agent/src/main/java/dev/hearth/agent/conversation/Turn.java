package dev.hearth.agent.conversation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an utterance.
 *
 * @param conversation id to continue with
 * @param reply what to say, in the utterance's language; claims no more than the evidence
 * @param outcome how the turn ended
 * @param actions the steps with their evidence, in order
 * @param confirmation token for {@link Assistant#confirm}; only with {@link
 *     OutcomeKind#NEEDS_CONFIRMATION}
 * @param timing where the time went
 */
public record Turn(
    String conversation,
    String reply,
    OutcomeKind outcome,
    List<ActionReport> actions,
    @Nullable String confirmation,
    TurnTiming timing) {}
