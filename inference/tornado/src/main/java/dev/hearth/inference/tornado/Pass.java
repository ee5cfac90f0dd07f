package dev.hearth.inference.tornado;

import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * What the kernels must know of a pass, in one array of integers that goes to the device before it:
 * counts of rows, then for each row its token, position, where its sequence's page table begins,
 * and which rows stay; then the pages to copy first, then the page tables.
 */
final class Pass {

  /** Most rows (tokens) of a pass; a multiple of {@link #TILE}. */
  static final int MAX_ROWS = 64;

  /** Rows that a matrix product takes at once. */
  static final int TILE = 4;

  /** Tokens of a page; a multiple of every work group's size. */
  static final int PAGE = 64;

  /** Index of the number of rows from the first operation on. */
  static final int ALL = 0;

  /** Index of the number of rows after those whose hidden state is wanted were picked. */
  static final int HIDDEN = 1;

  /** Index of the number of rows after those whose logits are wanted were picked. */
  static final int LOGITS = 2;

  /** Index of the number of pages to copy. */
  static final int COPIES = 3;

  /** Index of the number of rows all of whose logits are computed: all that want some, or none. */
  static final int FULL = 4;

  /** Index of the number of tokens whose logits are computed where others are not. */
  static final int LISTED = 5;

  /** Index of the number of rows whose greatest logit is looked for. */
  static final int GREATEST = 6;

  /** Index of the rows' tokens. */
  static final int TOKENS = 7;

  /** Index of the rows' positions. */
  static final int POSITIONS = TOKENS + MAX_ROWS;

  /** Index of where the rows' page tables begin, counted from {@link #TABLE}. */
  static final int TABLES = POSITIONS + MAX_ROWS;

  /** Index of the rows picked for {@link #HIDDEN}, in rising order. */
  static final int PICK_HIDDEN = TABLES + MAX_ROWS;

  /** Index of the rows picked for {@link #LOGITS} among those, in rising order. */
  static final int PICK_LOGITS = PICK_HIDDEN + MAX_ROWS;

  /** Index of the pages to copy: from, to and how many tokens, for each. */
  static final int COPY = PICK_LOGITS + MAX_ROWS;

  /** Index of the page tables. */
  static final int TABLE = COPY + 3 * MAX_ROWS;

  private Pass() {}

  /** An array for a model of a context length. */
  static IntArray array(int contextLength) {
    return new IntArray(TABLE + MAX_ROWS * Math.ceilDiv(contextLength, PAGE));
  }
}
