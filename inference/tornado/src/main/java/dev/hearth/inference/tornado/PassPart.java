package dev.hearth.inference.tornado;

import dev.hearth.inference.backend.Slice;
import dev.hearth.inference.backend.Wanted;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * What a pass runs of a sequence.
 *
 * @param slice the request
 * @param sequence its sequence
 * @param from index of the first token
 * @param position where the first row goes in the cache
 */
record PassPart(Slice slice, TornadoSequence sequence, int from, int position) {

  int count() {
    return slice.to() - from;
  }

  /** What is wanted of the rows of logits, in their order. */
  static List<Wanted> wanted(List<PassPart> parts) {
    return parts.stream().flatMap(part -> part.slice.wanted().stream()).toList();
  }

  /**
   * Refuses what a pass cannot run.
   *
   * @throws IllegalArgumentException names the number of rows or the token
   */
  static void check(List<PassPart> parts, int vocabulary) {
    int rows = 0;
    for (PassPart part : parts) {
      int count = part.count();
      if (count < 1 || part.slice.logits() > count) {
        throw new IllegalArgumentException(
            "a pass cannot run " + count + " tokens with logits of " + part.slice.logits());
      }
      for (int i = part.from; i < part.slice.to(); i++) {
        int token = part.slice.tokens()[i];
        if (token < 0 || token >= vocabulary) {
          throw new IllegalArgumentException(
              "token " + token + " is outside the vocabulary of " + vocabulary);
        }
      }
      rows += count;
    }
    if (rows < 1 || rows > Pass.MAX_ROWS) {
      throw new IllegalArgumentException(
          "a pass takes 1 to " + Pass.MAX_ROWS + " tokens, not " + rows);
    }
  }

  /**
   * Writes a pass; see {@link Pass}.
   *
   * @param allHidden whether all hidden states stay, or those of wanted logits only
   */
  static void write(
      List<PassPart> parts, List<TornadoSequence.Copy> copies, boolean allHidden, IntArray pass) {
    int row = 0;
    int kept = 0;
    int table = 0;
    for (PassPart part : parts) {
      int to = part.slice.to();
      for (int i = part.from; i < to; i++) {
        pass.set(Pass.TOKENS + row, part.slice.tokens()[i]);
        pass.set(Pass.POSITIONS + row, part.position + i - part.from);
        pass.set(Pass.TABLES + row, table);
        if (allHidden) {
          pass.set(Pass.PICK_HIDDEN + row, row);
        }
        if (i >= to - part.slice.logits()) {
          pass.set(Pass.PICK_LOGITS + kept, allHidden ? row : kept);
          if (!allHidden) {
            pass.set(Pass.PICK_HIDDEN + kept, row);
          }
          kept++;
        }
        row++;
      }
      for (int i = 0; i < part.sequence.pages(); i++) {
        pass.set(Pass.TABLE + table, part.sequence.pageAt(i).index());
        table++;
      }
    }
    pass.set(Pass.ALL, row);
    pass.set(Pass.HIDDEN, allHidden ? row : kept);
    pass.set(Pass.LOGITS, kept);
    pass.set(Pass.COPIES, copies.size());
    for (int i = 0; i < copies.size(); i++) {
      pass.set(Pass.COPY + 3 * i, copies.get(i).from().index());
      pass.set(Pass.COPY + 3 * i + 1, copies.get(i).to().index());
      pass.set(Pass.COPY + 3 * i + 2, copies.get(i).tokens());
    }
  }
}
