package dev.hearth.inference.store;

import java.time.Duration;

/**
 * How long a download waits for a server, and how often it tries again.
 *
 * @param connect for a connection
 * @param answer for the beginning of an answer
 * @param stall for the next bytes
 * @param pause before the second attempt; each further one doubles it, up to {@link #LONGEST_PAUSE}
 * @param attempts that may fail in a row without a megabyte of progress
 */
record Patience(Duration connect, Duration answer, Duration stall, Duration pause, int attempts) {

  /** Upper bound of a pause, also of one that the server asks for. */
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** For real servers. */
  static final Patience DEFAULT =
      new Patience(
          Duration.ofSeconds(15),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(1),
          7);

  /** The pause after a number of failures, 1 or more. */
  Duration pauseAfter(int failures) {
    Duration doubled = pause.multipliedBy(1L << Math.min(failures - 1, 16));
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }
}
