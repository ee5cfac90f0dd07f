package dev.hearth.agent.plan;

import java.util.List;

/** Why a part of what was asked becomes no step. */
public sealed interface Problem {
  /**
   * Nothing of that name exists here.
   *
   * @param words the user's words
   * @param similar names that resemble them, at most three
   */
  record NotFound(String words, List<String> similar) implements Problem {
    /** Copies the list. */
    public NotFound {
      similar = List.copyOf(similar);
    }
  }

  /**
   * No thing of that kind is where it was looked for.
   *
   * @param kind one of the tool's kinds, or empty
   * @param place where, as people say; empty for the whole home
   */
  record NothingThere(String kind, String place) implements Problem {}

  /**
   * Several things could be meant.
   *
   * @param names their names, at least two
   */
  record Ambiguous(List<String> names) implements Problem {
    /** Copies the list. */
    public Ambiguous {
      names = List.copyOf(names);
    }
  }

  /**
   * The thing exists, but the agent may neither see nor control it before an operator allows that.
   *
   * @param names what was meant, at least one
   */
  record NotReleased(List<String> names) implements Problem {
    /** Copies the list. */
    public NotReleased {
      names = List.copyOf(names);
    }
  }

  /** The speaker said "here", and nobody knows where that is. */
  record WhereIsHere() implements Problem {}

  /**
   * The thing cannot do that.
   *
   * @param name its name
   * @param what what it cannot, one of {@code on_off, brightness, color, color_temperature,
   *     open_close, stop, position, temperature, mode, speed, lock}
   */
  record Unable(String name, String what) implements Problem {}

  /**
   * The value is out of the thing's range.
   *
   * @param name its name
   * @param value the value asked for
   * @param range what it can do, such as {@code 7–30 °C}
   */
  record OutOfRange(String name, String value, String range) implements Problem {}

  /**
   * A relative change of something whose present value is not known.
   *
   * @param name its name
   * @param what which value
   */
  record PresentUnknown(String name, String what) implements Problem {}

  /** The call made no sense, such as a color for a temperature. */
  record Senseless() implements Problem {}

  /**
   * Things that are not put back.
   *
   * @param names their names, at least one
   * @param why why not
   */
  record NotUndone(List<String> names, Why why) implements Problem {
    /** Why something is not put back. */
    public enum Why {
      /** It guards the house or can do harm, so each of its commands is a decision of its own. */
      GUARDS,
      /** What was done has no way back: a scene, a button, a robot's round, a stop on the way. */
      ONE_WAY,
      /** The device never told what became of the command. */
      UNCONFIRMED,
      /** It was changed since, by hand or by somebody else. */
      CHANGED_SINCE,
      /** The device had not told how it was, or it was on its way. */
      UNKNOWN_BEFORE,
      /** It is no longer there, or no longer to be controlled. */
      GONE
    }

    /** Copies the list. */
    public NotUndone {
      names = List.copyOf(names);
    }
  }
}
