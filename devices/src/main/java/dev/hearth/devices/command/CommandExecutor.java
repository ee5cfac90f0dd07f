package dev.hearth.devices.command;

import dev.hearth.devices.Command;
import dev.hearth.devices.EntityId;
import java.util.concurrent.CompletableFuture;

/** Executes commands and collects the evidence of their effect. Thread-safe. */
public interface CommandExecutor {
  /**
   * Sends a command and waits for evidence.
   *
   * @param entity whom it is for
   * @param command what to do
   * @return completes with the first conclusion, never exceptionally: for covers as soon as they
   *     move ({@link Evidence#STARTED}) or have arrived, for everything else when the wished state
   *     was reported or the deadline has passed
   */
  default CompletableFuture<Outcome> execute(EntityId entity, Command command) {
    return submit(entity, command).first();
  }

  /**
   * Sends a command and follows it to its end.
   *
   * @param entity whom it is for
   * @param command what to do
   * @return the first and the last conclusion
   */
  Execution submit(EntityId entity, Command command);

  /**
   * A command under way.
   *
   * @param first as {@link #execute} describes
   * @param last the final conclusion: the same as the first, but for a cover that started to move
   *     it is where it ended
   */
  record Execution(CompletableFuture<Outcome> first, CompletableFuture<Outcome> last) {}
}
