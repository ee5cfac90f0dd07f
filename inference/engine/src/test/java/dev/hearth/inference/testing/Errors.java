package dev.hearth.inference.testing;

/** Measures of difference. */
public final class Errors {

  private Errors() {}

  /** Sum of squared differences over sum of squares (ggml's normalised mean squared error). */
  public static double nmse(double[] expected, float[] actual, int at) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow(expected[i] - actual[at + i], 2);
      size += expected[i] * expected[i];
    }
    return size == 0 ? difference : difference / size;
  }
}
