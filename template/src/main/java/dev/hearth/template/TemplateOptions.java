package dev.hearth.template;

import java.time.Duration;

/**
 * How a template is read and what its rendering may cost. Templates come from devices and model
 * files, so every rendering is bounded.
 *
 * @param trimBlocks whether the first newline after a block tag is removed
 * @param lstripBlocks whether blanks from the start of a line to a block tag are removed
 * @param maxSteps evaluation steps that one rendering may take, at least 1
 * @param maxOutput characters that one rendering, and any single string inside it, may have, at
 *     least 1; lists are held to the same number of elements
 * @param maxTime wall-clock time of one rendering, positive
 */
public record TemplateOptions(
    boolean trimBlocks, boolean lstripBlocks, int maxSteps, int maxOutput, Duration maxTime) {

  /** Checks the limits. */
  public TemplateOptions {
    if (maxSteps < 1 || maxOutput < 1 || maxTime.isNegative() || maxTime.isZero()) {
      throw new IllegalArgumentException(
          "template limits must be positive: maxSteps=%d, maxOutput=%d, maxTime=%s"
              .formatted(maxSteps, maxOutput, maxTime));
    }
  }

  /** Options of Home Assistant's MQTT templates: no trimming, 100,000 steps, 64 Ki characters. */
  public static TemplateOptions device() {
    return new TemplateOptions(false, false, 100_000, 1 << 16, Duration.ofMillis(500));
  }

  /** Options of chat templates: both trimmings, 5,000,000 steps, 4 Mi characters. */
  public static TemplateOptions chat() {
    return new TemplateOptions(true, true, 5_000_000, 1 << 22, Duration.ofSeconds(10));
  }
}
