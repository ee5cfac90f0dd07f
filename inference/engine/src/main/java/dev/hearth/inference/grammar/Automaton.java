package dev.hearth.inference.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The deterministic automaton over bytes and added tokens, by subset construction of {@link Node}s
 * where turns go. States are shared; building one twice in two threads gives the same.
 */
final class Automaton {
  private static final int MAX_FORCED = 1 << 16;

  /** Masks kept; one of 151,680 tokens takes 19 kB. The oldest go first. */
  static final int MAX_MASKS = 256;

  /** States known at once; a turn goes on from a forgotten one as before. */
  static final int MAX_STATES = 1 << 15;

  private final TokenIndex index;
  private final ConcurrentHashMap<Key, State> states = new ConcurrentHashMap<>();

  /** States reached by one node, which need not be taken apart again. */
  private final ConcurrentHashMap<Node, State> singles = new ConcurrentHashMap<>();

  private final Deque<State> masked = new ArrayDeque<>();
  private final Node first;

  Automaton(TokenIndex index, Node start) {
    this.index = index;
    this.first = start;
  }

  /** Number of masks in memory. */
  int masks() {
    synchronized (masked) {
      return masked.size();
    }
  }

  /** Number of states known. */
  int states() {
    return states.size();
  }

  /** The state at the start of a turn. */
  State start() {
    return state(List.of(first));
  }

  /** The ids of a state's nodes, in order. */
  private static final class Key {
    private final long[] ids;
    private final int hash;

    Key(List<Node> nodes) {
      ids = new long[nodes.size()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = nodes.get(i).id;
      }
      hash = Arrays.hashCode(ids);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && Arrays.equals(ids, key.ids);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private State single(Node node) {
    State known = singles.get(node);
    if (known == null) {
      known = state(List.of(node));
      singles.put(node, known);
    }
    return known;
  }

  private State state(List<Node> nodes) {
    Set<Node> seen = new HashSet<>();
    Deque<Node> open = new ArrayDeque<>(nodes);
    List<Node> kept = new ArrayList<>();
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (!seen.add(node)) {
        continue;
      }
      if (node instanceof Node.Fork fork) {
        for (Node target : fork.targets()) {
          open.push(target);
        }
      } else if (node instanceof Node.Commit commit) {
        return single(commit.next);
      } else {
        kept.add(node);
      }
    }
    if (kept.size() > 1) {
      kept.sort(Comparator.comparingLong(node -> node.id));
    }
    Key key = new Key(kept);
    State known = states.get(key);
    if (known != null) {
      return known;
    }
    if (states.size() >= MAX_STATES) {
      states.clear();
      singles.clear();
    }
    State made = new State(kept);
    State raced = states.putIfAbsent(key, made);
    return raced == null ? made : raced;
  }

  private void keep(State state) {
    State oldest = null;
    synchronized (masked) {
      masked.add(state);
      if (masked.size() > MAX_MASKS) {
        oldest = masked.remove();
      }
    }
    if (oldest != null) {
      oldest.mask = null;
    }
  }

  /** A set of nodes. */
  final class State {
    private final Node.Leaf[] leaves;
    private final Node.Special[] specials;

    /** Whether the turn may end here. */
    final boolean accepting;

    /** Whether this is inside of thinking. */
    final boolean thinking;

    private final long live0;
    private final long live1;
    private final long live2;
    private final long live3;
    private final int rank1;
    private final int rank2;
    private final int rank3;
    private final @Nullable State[] next;
    private volatile long @Nullable [] mask;
    private volatile @Nullable Forced forced;
    private volatile @Nullable State closing;

    private State(List<Node> nodes) {
      List<Node.Leaf> taking = new ArrayList<>();
      List<Node.Special> added = new ArrayList<>();
      boolean end = false;
      long[] live = new long[4];
      for (Node node : nodes) {
        switch (node) {
          case Node.Leaf leaf -> {
            taking.add(leaf);
            leaf.addLive(live);
          }
          case Node.Special special -> added.add(special);
          case Node.End e -> end = true;
          case Node.Fork f -> throw new IllegalStateException("a fork is no part of a state");
          case Node.Commit c -> throw new IllegalStateException("a commit is no part of a state");
        }
      }
      leaves = taking.toArray(Node.Leaf[]::new);
      specials = added.toArray(Node.Special[]::new);
      accepting = end;
      thinking = leaves.length > 0 && leaves[0].closing() != null;
      live0 = live[0];
      live1 = live[1];
      live2 = live[2];
      live3 = live[3];
      rank1 = Long.bitCount(live0);
      rank2 = rank1 + Long.bitCount(live1);
      rank3 = rank2 + Long.bitCount(live2);
      next = new State[rank3 + Long.bitCount(live3)];
    }

    /** The state after a byte (0 to 255), null when the byte is not allowed. */
    @Nullable State step(int b) {
      long bit = 1L << b;
      int rank;
      switch (b >> 6) {
        case 0 -> {
          if ((live0 & bit) == 0) {
            return null;
          }
          rank = Long.bitCount(live0 & (bit - 1));
        }
        case 1 -> {
          if ((live1 & bit) == 0) {
            return null;
          }
          rank = rank1 + Long.bitCount(live1 & (bit - 1));
        }
        case 2 -> {
          if ((live2 & bit) == 0) {
            return null;
          }
          rank = rank2 + Long.bitCount(live2 & (bit - 1));
        }
        default -> {
          if ((live3 & bit) == 0) {
            return null;
          }
          rank = rank3 + Long.bitCount(live3 & (bit - 1));
        }
      }
      State to = next[rank];
      if (to == null) {
        to = make(b);
        next[rank] = to;
      }
      return to;
    }

    private State make(int b) {
      List<Node> reached = new ArrayList<>();
      for (Node.Leaf leaf : leaves) {
        Node node = leaf.step(b);
        if (node != null) {
          reached.add(node);
        }
      }
      return reached.size() == 1 ? single(reached.getFirst()) : state(reached);
    }

    /** The state after an added token, null when it is not allowed. */
    @Nullable State stepSpecial(int token) {
      List<Node> reached = new ArrayList<>();
      for (Node.Special special : specials) {
        if (special.token == token) {
          reached.add(special.next);
        }
      }
      return reached.isEmpty() ? null : state(reached);
    }

    /** The state after bytes, null when they are not allowed. */
    @Nullable State step(byte[] text) {
      State state = this;
      for (int i = 0; i < text.length && state != null; i++) {
        state = state.step(text[i] & 0xff);
      }
      return state;
    }

    /** The state that ends the thinking here. */
    State closing() {
      State made = closing;
      if (made == null) {
        List<Node> ends = new ArrayList<>();
        for (Node.Leaf leaf : leaves) {
          Node end = leaf.closing();
          if (end != null) {
            ends.add(end);
          }
        }
        made = state(ends);
        closing = made;
      }
      return made;
    }

    /** Whether only the end of the turn is possible. */
    boolean complete() {
      return accepting && next.length == 0 && specials.length == 0;
    }

    /** Tokens allowed here, as {@link GrammarState#mask()}. */
    long[] mask() {
      long[] made = mask;
      if (made == null) {
        made = makeMask();
        mask = made;
        keep(this);
      }
      return made;
    }

    private long[] makeMask() {
      long[] bits = new long[(index.vocabularySize + 63) >> 6];
      if (next.length > 0 && !markPlain(bits)) {
        walk(index.all, 0, index.all.nodeCount, bits);
      }
      for (Node.Special special : specials) {
        bits[special.token >> 6] |= 1L << special.token;
      }
      if (accepting) {
        for (int token : index.endOfTurn) {
          bits[token >> 6] |= 1L << token;
        }
      }
      return bits;
    }

    /** Marks the text tokens where a node takes nearly all of them; false where none does. */
    private boolean markPlain(long[] bits) {
      for (Node.Leaf leaf : leaves) {
        PlainText kind = leaf.plain();
        if (kind == null) {
          continue;
        }
        boolean limited = !index.room.holdsAll(leaf.room());
        long[] fitting = limited ? index.room.upTo(leaf.room()) : null;
        if (limited && fitting == null) {
          continue;
        }
        Node unlimited = leaf.unlimited();
        PlainTokens plain = index.plain(kind);
        long[] taken = unlimited == null ? plain.mask : single(unlimited).mask();
        for (int i = 0; i < bits.length; i++) {
          bits[i] = fitting == null ? taken[i] : taken[i] & fitting[i];
        }
        if (unlimited == null) {
          walk(plain.others, 0, plain.others.nodeCount, bits);
        }
        if (leaf.exception() >= 0) {
          int node = index.all.child(-1, (byte) leaf.exception());
          index.all.clear(node, bits);
          walk(index.all, node, index.all.end[node], bits);
        }
        if (leaves.length > 1 && (limited || unlimited != null || leaf.exception() >= 0)) {
          List<Node> rest = new ArrayList<>(List.of(leaves));
          rest.remove(leaf);
          long[] more = state(rest).mask();
          for (int i = 0; i < bits.length; i++) {
            bits[i] |= more[i];
          }
        }
        return true;
      }
      return false;
    }

    private void walk(TokenTrie trie, int from, int end, long[] bits) {
      State[] at = new State[trie.maxDepth + 1];
      at[0] = this;
      for (int node = from; node < end; ) {
        int depth = trie.depth[node];
        State to = at[depth].step(trie.bytes[node] & 0xff);
        if (to == null) {
          node = trie.end[node];
          continue;
        }
        if (trie.token[node] >= 0) {
          trie.mark(node, bits);
        }
        at[depth + 1] = to;
        node++;
      }
    }

    /** What every continuation begins with. */
    Forced forced() {
      Forced made = forced;
      if (made == null) {
        made = makeForced();
        forced = made;
      }
      return made;
    }

    private Forced makeForced() {
      List<Piece> pieces = new ArrayList<>();
      byte[] bytes = new byte[32];
      int length = 0;
      int total = 0;
      State state = this;
      while (total < MAX_FORCED && !state.accepting) {
        int b = state.onlyByte();
        if (b >= 0) {
          if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length);
          }
          bytes[length++] = (byte) b;
          state = state.make(state, b);
        } else if (state.next.length == 0 && state.oneSpecial()) {
          if (length > 0) {
            pieces.add(new Piece(Arrays.copyOf(bytes, length), -1));
            length = 0;
          }
          int token = state.specials[0].token;
          pieces.add(new Piece(new byte[0], token));
          state = state.after(token);
        } else {
          break;
        }
        total++;
      }
      if (length > 0) {
        pieces.add(new Piece(Arrays.copyOf(bytes, length), -1));
      }
      return new Forced(List.copyOf(pieces), state);
    }

    private State make(State from, int b) {
      State to = from.step(b);
      if (to == null) {
        throw new IllegalStateException("live byte %d is not taken".formatted(b));
      }
      return to;
    }

    private State after(int token) {
      State to = stepSpecial(token);
      if (to == null) {
        throw new IllegalStateException("token %d is not taken".formatted(token));
      }
      return to;
    }

    private boolean oneSpecial() {
      if (specials.length == 0) {
        return false;
      }
      for (Node.Special special : specials) {
        if (special.token != specials[0].token) {
          return false;
        }
      }
      return true;
    }

    /** The only byte allowed, or -1. */
    private int onlyByte() {
      if (next.length != 1 || specials.length > 0) {
        return -1;
      }
      return live0 != 0
          ? Long.numberOfTrailingZeros(live0)
          : live1 != 0
              ? 64 + Long.numberOfTrailingZeros(live1)
              : live2 != 0
                  ? 128 + Long.numberOfTrailingZeros(live2)
                  : 192 + Long.numberOfTrailingZeros(live3);
    }
  }

  /**
   * A part of forced text.
   *
   * @param bytes plain text, empty for a token
   * @param token an added token, or -1
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Piece(byte[] bytes, int token) {}

  /**
   * Forced text and where it leads.
   *
   * @param pieces plain texts and added tokens in turn
   * @param end the state after them
   */
  record Forced(List<Piece> pieces, State end) {}
}
