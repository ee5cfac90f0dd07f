package dev.hearth.inference.weight;

/**
 * Fits numbers of a few bits to values: tries step widths around the obvious one, solves for the
 * best line through the numbers each gives (weighted least squares) and keeps the best.
 */
final class LineFit {

  private static final int TRIES = 10;

  private LineFit() {}

  /**
   * Fits {@code value = step x number - low} with {@code low >= 0} and numbers of 0 to {@code
   * most}; far values weigh more.
   *
   * @param steps receives the step at {@code to}
   * @param lows receives the low at {@code to}
   */
  static void asymmetric(
      float[] x, int at, int count, int most, float[] steps, float[] lows, int to) {
    float least = 0;
    float greatest = Float.NEGATIVE_INFINITY;
    float mean = 0;
    for (int i = at; i < at + count; i++) {
      least = Math.min(least, x[i]);
      greatest = Math.max(greatest, x[i]);
      mean += Math.abs(x[i]) / count;
    }
    steps[to] = 0;
    lows[to] = -least;
    if (greatest <= least) {
      return;
    }
    double best = Double.POSITIVE_INFINITY;
    for (int attempt = -TRIES; attempt <= TRIES; attempt++) {
      float perStep = (most + 0.1f * attempt) / (greatest - least);
      double w = 0;
      double wn = 0;
      double wnn = 0;
      double wx = 0;
      double wnx = 0;
      double wxx = 0;
      for (int i = at; i < at + count; i++) {
        int number = Math.clamp((int) Math.rint((x[i] - least) * perStep), 0, most);
        double weight = mean + Math.abs(x[i]);
        w += weight;
        wn += weight * number;
        wnn += weight * number * number;
        wx += weight * x[i];
        wnx += weight * number * x[i];
        wxx += weight * x[i] * x[i];
      }
      double determinant = w * wnn - wn * wn;
      double step = (w * wnx - wn * wx) / determinant;
      double base = (wnn * wx - wn * wnx) / determinant;
      if (determinant <= 0 || base > 0) {
        base = 0;
        step = wnx / wnn;
      }
      // Sum of weight (step number + base - x)^2.
      double error =
          step * step * wnn
              + base * base * w
              + wxx
              + 2 * (step * base * wn - step * wnx - base * wx);
      if (error < best && step > 0) {
        best = error;
        steps[to] = (float) step;
        lows[to] = (float) -base;
      }
    }
  }

  /**
   * Fits {@code value = step x number} with numbers of {@code -most} to {@code most - 1}; far
   * values weigh more.
   *
   * @return the step, negative when the furthest value is positive, 0 for nothing but zeros
   */
  static float symmetric(float[] x, int at, int count, int most) {
    float furthest = 0;
    for (int i = at; i < at + count; i++) {
      furthest = Math.abs(x[i]) > Math.abs(furthest) ? x[i] : furthest;
    }
    if (furthest == 0) {
      return 0;
    }
    double best = -1;
    float step = 0;
    for (int attempt = -TRIES; attempt <= TRIES; attempt++) {
      float perStep = -(most + 0.1f * attempt) / furthest;
      double wnn = 0;
      double wnx = 0;
      for (int i = at; i < at + count; i++) {
        int number = Math.clamp((int) Math.rint(x[i] * perStep), -most, most - 1);
        double weight = (double) x[i] * x[i];
        wnn += weight * number * number;
        wnx += weight * number * x[i];
      }
      if (wnn > 0 && wnx * wnx / wnn > best) {
        best = wnx * wnx / wnn;
        step = (float) (wnx / wnn);
      }
    }
    return step;
  }
}
