package dev.hearth.inference.generate;

import dev.hearth.inference.backend.KvPage;
import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.backend.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The keys and values of earlier prompts and answers, so that a prompt that begins like one of them
 * runs only what differs: a radix tree of pages (the idea of SGLang's RadixAttention; Zheng et al.,
 * 2023). An edge is the tokens of one page; only a leaf's page may be partly filled. Running
 * requests reserve the pages that they may come to need; the rest of the budget is the tree's,
 * which loses its least recently used leaves when room is wanted. Safe for several threads.
 */
final class PrefixCache {

  private static final class Node {
    int[] tokens;
    KvPage page;
    final List<Node> children = new ArrayList<>();
    long used;

    Node(int[] tokens, KvPage page) {
      this.tokens = tokens;
      this.page = page;
    }

    /** How many of this node's tokens a row of tokens has from an index on. */
    int common(int[] row, int from, int to) {
      int most = Math.min(tokens.length, to - from);
      int mismatch = Arrays.mismatch(tokens, 0, most, row, from, from + most);
      return mismatch < 0 ? most : mismatch;
    }
  }

  private final List<Node> roots = new ArrayList<>();
  private final int pageTokens;
  private final boolean drafts;
  private final int budget;
  private int reserved;
  private int kept;
  private long clock;

  /**
   * An empty cache.
   *
   * @param pages of all running requests and the tree together
   */
  PrefixCache(Session session, int pages) {
    pageTokens = session.pageTokens();
    drafts = session.drafts();
    budget = pages;
  }

  /** Pages that a sequence of some tokens takes. */
  int pages(int tokens) {
    return Math.ceilDiv(tokens, pageTokens);
  }

  /**
   * Reserves pages for a request, if need be at the expense of the tree.
   *
   * @param force whether to do so beyond the budget
   * @return whether it was done
   */
  synchronized boolean reserve(int pages, boolean force) {
    if (!force && reserved + pages > budget) {
      return false;
    }
    reserved += pages;
    shrink(0);
    return true;
  }

  /** Gives reserved pages back. */
  synchronized void release(int pages) {
    reserved -= pages;
  }

  /**
   * Keeps what a request has run and gives its reservation back, at once: where the number of pages
   * is fixed nobody may count on pages that are still held.
   *
   * @param pages reserved
   * @param row see {@link #keep}
   * @param count see {@link #keep}
   * @param page see {@link #keep}
   * @param letGo of the request's own pages
   */
  synchronized void settle(
      int pages, int[] row, int count, IntFunction<KvPage> page, Runnable letGo) {
    reserved -= pages;
    keep(row, count, page);
    letGo.run();
  }

  /** Lets go of leaves until there is room for some more pages, or none is left. */
  private void shrink(int more) {
    while (reserved + kept + more > budget && kept > 0) {
      remove(roots);
    }
  }

  private void remove(List<Node> nodes) {
    Node oldest = nodes.stream().min(Comparator.comparingLong(n -> n.used)).orElseThrow();
    if (oldest.children.isEmpty()) {
      nodes.remove(oldest);
      oldest.page.release();
      kept--;
    } else {
      remove(oldest.children);
    }
  }

  /**
   * Gives an empty sequence as much of a prompt's start as is known, but not the last token, which
   * must be run for its logits.
   */
  synchronized void take(Sequence sequence, int[] prompt) {
    List<Node> path = path(prompt, prompt.length - 1);
    int known = path.stream().mapToInt(n -> n.tokens.length).sum();
    if (!path.isEmpty()) {
      int last = known - path.getLast().tokens.length;
      known = last + path.getLast().common(prompt, last, prompt.length - 1);
    }
    // The next-token layer read each token together with the one after it.
    int left = known - (drafts ? 1 : 0);
    for (Node node : path) {
      if (left > 0) {
        sequence.append(node.page, Math.min(left, pageTokens));
        left -= pageTokens;
      }
    }
  }

  /** The nodes that a row of tokens goes through; the last one may fit only in part. */
  private List<Node> path(int[] row, int to) {
    List<Node> path = new ArrayList<>();
    List<Node> nodes = roots;
    for (int at = 0; at < to; at += pageTokens) {
      Node best = null;
      int most = 0;
      for (Node node : nodes) {
        int common = node.common(row, at, to);
        if (common > most) {
          best = node;
          most = common;
        }
      }
      if (best == null) {
        break;
      }
      best.used = ++clock;
      path.add(best);
      if (most < pageTokens) {
        break;
      }
      nodes = best.children;
    }
    return path;
  }

  /**
   * Keeps the pages of a row of tokens that are not known yet.
   *
   * @param row tokens from the first
   * @param count how many of them have been run
   * @param page the page that holds the token at a position
   */
  synchronized void keep(int[] row, int count, IntFunction<KvPage> page) {
    shrink(pages(count) - path(row, count).size());
    List<Node> nodes = roots;
    for (int at = 0; at < count; at += pageTokens) {
      int to = Math.min(count, at + pageTokens);
      Node node = find(nodes, row, at, to);
      if (node == null) {
        node = add(nodes, Arrays.copyOfRange(row, at, to), page.apply(at));
        if (node == null) {
          return;
        }
      }
      node.used = ++clock;
      nodes = node.children;
    }
  }

  private static @Nullable Node find(List<Node> nodes, int[] row, int from, int to) {
    for (Node node : nodes) {
      if (node.common(row, from, to) == to - from) {
        return node;
      }
    }
    return null;
  }

  /** Adds a node, in the place of one that it continues; null when there is no room. */
  private @Nullable Node add(List<Node> nodes, int[] tokens, KvPage page) {
    for (Node node : nodes) {
      if (node.common(tokens, 0, tokens.length) == node.tokens.length) {
        page.retain();
        node.page.release();
        node.page = page;
        node.tokens = tokens;
        return node;
      }
    }
    if (reserved + kept >= budget) {
      return null;
    }
    page.retain();
    Node node = new Node(tokens, page);
    nodes.add(node);
    kept++;
    return node;
  }

  /** Pages kept, for tests. */
  synchronized int kept() {
    return kept;
  }
}
