package dev.hearth.inference.tornado;

import dev.hearth.inference.plan.DecoderShape;
import dev.hearth.inference.plan.Op;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * By what angles queries and keys are turned, [position][half of a head].
 *
 * @param cosines of all positions
 * @param sines of all positions
 */
record Angles(FloatArray cosines, FloatArray sines) {

  /** Computes in double. */
  static Angles of(Op.Rope rope, DecoderShape shape) {
    int half = rope.headDim() / 2;
    FloatArray cosines = new FloatArray(Math.multiplyExact(shape.contextLength(), half));
    FloatArray sines = new FloatArray(cosines.getSize());
    for (int i = 0; i < half; i++) {
      double frequency = Math.pow(rope.base(), -(double) i / half);
      for (int position = 0; position < shape.contextLength(); position++) {
        cosines.set(position * half + i, (float) Math.cos(position * frequency));
        sines.set(position * half + i, (float) Math.sin(position * frequency));
      }
    }
    return new Angles(cosines, sines);
  }

  List<FloatArray> arrays() {
    return List.of(cosines, sines);
  }
}
