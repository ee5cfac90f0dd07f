package dev.hearth.inference.cpu;

/** Buffers of one worker, grown as needed and kept. */
final class Scratch {

  private float[] panel = {};
  private float[] line = {};
  private float[] queries = {};
  private float[] scores = {};
  private float[] sums = {};
  private float[] page = {};

  float[] panel(int size) {
    panel = grown(panel, size);
    return panel;
  }

  float[] line(int size) {
    line = grown(line, size);
    return line;
  }

  float[] queries(int size) {
    queries = grown(queries, size);
    return queries;
  }

  float[] scores(int size) {
    scores = grown(scores, size);
    return scores;
  }

  float[] sums(int size) {
    sums = grown(sums, size);
    return sums;
  }

  float[] page(int size) {
    page = grown(page, size);
    return page;
  }

  private static float[] grown(float[] buffer, int size) {
    return buffer.length >= size ? buffer : new float[Math.max(size, 1024)];
  }
}
