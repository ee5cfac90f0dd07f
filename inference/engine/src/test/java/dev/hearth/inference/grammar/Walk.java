package dev.hearth.inference.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Writes turns under a grammar: the loop of a generation with a picker in place of a model. */
final class Walk {
  private final TestVocabulary vocabulary;
  private final List<Integer> tokens = new ArrayList<>();
  private int chosen;

  Walk(TestVocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  /** Picks the next token from those allowed. */
  interface Picker {
    int pick(List<Integer> allowed, List<Integer> turn);
  }

  /** A turn by random picks; after a while it heads for the end. */
  Walk random(Grammar grammar, Random random, boolean useForced) {
    return run(
        grammar,
        useForced,
        (allowed, turn) -> {
          List<Integer> narrowed = turn.size() > 60 ? closing(allowed) : allowed;
          return narrowed.get(random.nextInt(narrowed.size()));
        });
  }

  /** How a hostile model picks. */
  enum Hostile {
    LOWEST,
    HIGHEST,
    LONGEST,
    SHORTEST,
    ESCAPES,
    SPLIT_CHARACTERS,
    QUOTES,
    NEVER_THE_END
  }

  /** A turn whose picks aim at something bad; after a while it heads for the end. */
  Walk hostile(Grammar grammar, Random random, Hostile aim, boolean useForced) {
    return run(
        grammar,
        useForced,
        (allowed, turn) -> {
          List<Integer> from = turn.size() > 80 ? closing(allowed) : aimed(allowed, aim);
          return switch (aim) {
            case LOWEST -> from.getFirst();
            case HIGHEST -> from.getLast();
            default -> from.get(random.nextInt(from.size()));
          };
        });
  }

  private List<Integer> aimed(List<Integer> allowed, Hostile aim) {
    IntStream lengths = allowed.stream().mapToInt(token -> vocabulary.bytes(token).length);
    int extreme =
        switch (aim) {
          case LONGEST -> lengths.max().orElseThrow();
          case SHORTEST -> lengths.min().orElseThrow();
          default -> 0;
        };
    List<Integer> fitting =
        allowed.stream()
            .filter(token -> {
              byte[] bytes = vocabulary.bytes(token);
              return switch (aim) {
                case LOWEST, HIGHEST -> true;
                case LONGEST, SHORTEST -> bytes.length == extreme;
                case ESCAPES -> holds(bytes, '\\');
                case QUOTES -> holds(bytes, '"');
                case SPLIT_CHARACTERS -> Utf8.wholeCharacters(bytes, bytes.length) < bytes.length;
                case NEVER_THE_END -> !vocabulary.endOfTurn().contains(token);
              };
            })
            .toList();
    return fitting.isEmpty() ? allowed : fitting;
  }

  private static boolean holds(byte[] bytes, char wanted) {
    for (byte b : bytes) {
      if (b == wanted) {
        return true;
      }
    }
    return false;
  }

  /** The tokens that lead to the end soonest. */
  private List<Integer> closing(List<Integer> allowed) {
    for (String start : List.of("", "\"", "]", "}", "<", "\n")) {
      List<Integer> fitting =
          allowed.stream()
              .filter(token ->
                  start.isEmpty()
                      ? vocabulary.endOfTurn().contains(token)
                      : vocabulary.bytes(token).length == 1
                          && vocabulary.bytes(token)[0] == start.charAt(0))
              .toList();
      if (!fitting.isEmpty()) {
        return fitting;
      }
    }
    return allowed;
  }

  Walk run(Grammar grammar, boolean useForced, Picker picker) {
    GrammarState state = grammar.start();
    Random spot = new Random(3);
    while (!state.complete()) {
      if (tokens.size() >= 5_000) {
        throw new AssertionError("a turn does not end: " + text().substring(0, 600));
      }
      int[] turn = tokens.stream().mapToInt(Integer::intValue).toArray();
      int[] forced = useForced ? state.forcedTokens(vocabulary::encode, turn) : new int[0];
      if (forced.length > 0) {
        for (int token : forced) {
          assertThat(state.accept(token)).as("forced %s after %s", shown(token), text()).isTrue();
          tokens.add(token);
        }
        continue;
      }
      List<Integer> allowed = allowed(state.mask());
      assertThat(allowed).as("tokens allowed after %s", text()).isNotEmpty();
      for (int i = 0; i < 5; i++) {
        int any = spot.nextInt(vocabulary.size());
        assertThat(state.allows(any))
            .as("%s after %s", shown(any), text())
            .isEqualTo(allowed.contains(any));
      }
      int token = picker.pick(allowed, tokens);
      assertThat(state.accept(token)).as("%s after %s", shown(token), text()).isTrue();
      chosen++;
      if (vocabulary.endOfTurn().contains(token)) {
        break;
      }
      tokens.add(token);
    }
    return this;
  }

  static List<Integer> allowed(long[] mask) {
    List<Integer> allowed = new ArrayList<>();
    for (int i = 0; i < mask.length; i++) {
      for (long bits = mask[i]; bits != 0; bits &= bits - 1) {
        allowed.add(64 * i + Long.numberOfTrailingZeros(bits));
      }
    }
    return allowed;
  }

  private String shown(int token) {
    return "'" + vocabulary.tokenizer().decode(new int[] {token}) + "'";
  }

  String text() {
    return vocabulary.tokenizer().decode(tokens());
  }

  int[] tokens() {
    return tokens.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Tokens that the picker chose, the end included. */
  int chosen() {
    return chosen;
  }
}
