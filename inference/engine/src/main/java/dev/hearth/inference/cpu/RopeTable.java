package dev.hearth.inference.cpu;

import java.util.Arrays;

/**
 * Cosines and sines of the rotary embedding by position, computed in double as positions appear.
 */
final class RopeTable {

  private final int half;
  private final double base;
  private final int capacity;
  private float[] cosines = {};
  private float[] sines = {};
  private int positions;

  /**
   * Prepares the table.
   *
   * @param headDim width of a head
   * @param base theta
   * @param capacity most positions
   */
  RopeTable(int headDim, double base, int capacity) {
    half = headDim / 2;
    this.base = base;
    this.capacity = capacity;
  }

  /** Makes sure that positions below {@code needed} are there. */
  void reserve(int needed) {
    if (needed <= positions) {
      return;
    }
    int target = Math.min(capacity, Math.max(needed, Math.max(256, 2 * positions)));
    cosines = Arrays.copyOf(cosines, target * half);
    sines = Arrays.copyOf(sines, target * half);
    for (int i = 0; i < half; i++) {
      double frequency = Math.pow(base, -(double) i / half);
      for (int p = positions; p < target; p++) {
        cosines[p * half + i] = (float) Math.cos(p * frequency);
        sines[p * half + i] = (float) Math.sin(p * frequency);
      }
    }
    positions = target;
  }

  float[] cosines() {
    return cosines;
  }

  float[] sines() {
    return sines;
  }

  /** Index of a position's first angle. */
  int at(int position) {
    return position * half;
  }
}
