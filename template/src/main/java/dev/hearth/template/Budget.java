package dev.hearth.template;

/** What one rendering may still use of its limits. */
final class Budget {
  private static final int STEPS_BETWEEN_CLOCK_LOOKS = 256;

  /** Deepest nesting of evaluation, macros included; protects the stack. */
  private static final int MAX_DEPTH = 400;

  private final TemplateOptions options;
  private final long start = System.nanoTime();
  private long steps;
  private long nextClockLook = STEPS_BETWEEN_CLOCK_LOOKS;
  private int depth;

  Budget(TemplateOptions options) {
    this.options = options;
  }

  void step() {
    steps(1);
  }

  private void steps(long count) {
    steps += count;
    if (steps > options.maxSteps()) {
      throw new TemplateException(
          "rendering takes more than %d steps; simplify the template"
              .formatted(options.maxSteps()));
    }
    if (steps >= nextClockLook) {
      nextClockLook = steps + STEPS_BETWEEN_CLOCK_LOOKS;
      checkTime();
    }
  }

  void checkTime() {
    if (System.nanoTime() - start > options.maxTime().toNanos()) {
      throw new TemplateException(
          "rendering takes longer than %d ms; simplify the template"
              .formatted(options.maxTime().toMillis()));
    }
  }

  /** Refuses a string or list of this size when it is over the limit. */
  void limit(long size) {
    if (size > options.maxOutput()) {
      throw new TemplateException(
          "a value of %d characters or elements exceeds the limit of %d"
              .formatted(size, options.maxOutput()));
    }
  }

  /** Accounts for a new string or list of this size. */
  void allocate(long size) {
    limit(size);
    steps(1 + (size >> 5));
  }

  void enter() {
    if (++depth > MAX_DEPTH) {
      throw new TemplateException("evaluation is nested deeper than " + MAX_DEPTH + " levels");
    }
  }

  void leave() {
    depth--;
  }
}
