package dev.hearth.devices.simulation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is wrong with a simulated device. */
public sealed interface Fault {
  /**
   * Nothing happens any more: no reaction, no report. Its availability still says online, for
   * nobody noticed. An agent can find out by waiting for a report in vain.
   */
  record Dead() implements Fault {}

  /**
   * Acts and reports correctly, but late.
   *
   * @param delay added to the usual reaction
   */
  record Slow(Duration delay) implements Fault {}

  /**
   * Answers every command at once with the wished state and does nothing, like a bridge that is set
   * to optimistic.
   *
   * <p>What an agent can detect:
   *
   * <ul>
   *   <li>with {@code retractAfter}: the device's own report, which contradicts the echo. Before it
   *       comes, nothing tells the echo from the truth but its haste (it comes without the time a
   *       device needs to act);
   *   <li>a cover with a position: the echo says {@code open}, the position has not moved;
   *   <li>a socket with a power meter: the echo says on, the meter says 0 W.
   * </ul>
   *
   * <p>What it cannot detect: a lamp, switch without meter, fan, lock or setpoint that lies for
   * good ({@code retractAfter} null). No report contradicts the echo; only {@link
   * SimulatedDevice#actual()} knows.
   *
   * @param retractAfter when the true state follows the echo, or null for never
   */
  record Lying(@Nullable Duration retractAfter) implements Fault {}

  /**
   * Acts, but not beyond a limit, and reports what it really did. Devices that are only on or off
   * are not affected.
   *
   * @param percent the most it does, 0 to 100: of brightness, position and fan speed, and of the
   *     range of a setpoint
   */
  record Clamping(int percent) implements Fault {
    /** Checks the range. */
    public Clamping {
      if (percent < 0 || percent > 100) {
        throw new IllegalArgumentException("Clamping to " + percent + " %: give 0 to 100");
      }
    }
  }

  /**
   * Keeps its state. It refuses commands in the words of its convention, or, where that has none,
   * reports its state again after each.
   */
  record Rejecting() implements Fault {}

  /** Unplugged, and the availability topic says so. */
  record Offline() implements Fault {}

  /**
   * Misses some commands without a trace.
   *
   * @param every it acts on all but each n-th command: 1 misses all, 2 every other one
   */
  record Flaky(int every) implements Fault {
    /** Checks the range. */
    public Flaky {
      if (every < 1) {
        throw new IllegalArgumentException("Flaky every " + every + ": give 1 or more");
      }
    }
  }

  /** No reaction and no report, availability untouched. */
  Fault DEAD = new Dead();

  /** Three seconds late, beyond the deadline of lamps and switches. */
  Fault SLOW = new Slow(Duration.ofSeconds(3));

  /** Echoes at once; the truth follows 300 ms later. */
  Fault LYING = new Lying(Duration.ofMillis(300));

  /** Does half at most. */
  Fault CLAMPING = new Clamping(50);

  /** Reports its old state after each command. */
  Fault REJECTING = new Rejecting();

  /** Announced as offline. */
  Fault OFFLINE = new Offline();

  /** Misses every other command. */
  Fault FLAKY = new Flaky(2);
}
