package dev.hearth.inference.benchmarks;

import dev.hearth.inference.chat.ToolCallSyntax;
import dev.hearth.inference.chat.ToolDefinition;
import dev.hearth.inference.gguf.HuggingFaceTokenizer;
import dev.hearth.inference.grammar.Grammar;
import dev.hearth.inference.grammar.GrammarState;
import dev.hearth.inference.grammar.TokenVocabulary;
import dev.hearth.inference.grammar.ToolChoice;
import dev.hearth.inference.tokenizer.BpeTokenizer;
import dev.hearth.inference.tokenizer.Tokenizer;
import dev.hearth.inference.tokenizer.Vocabulary;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/**
 * What grammars cost on a real vocabulary: compiling the tools of a large home, the first and the
 * cached mask of each state of random turns, forced text. All figures are processor time of the
 * thread, so that other work on the machine counts little.
 *
 * <p>Argument: a folder with {@code vocab.json.gz}, {@code merges.txt.gz} and {@code
 * tokenizer_config.json} of Qwen2's kind.
 */
public final class GrammarBench {
  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final int ROUNDS = 300;

  /** More of them, for 300 masks of 50 us are over before their code is compiled. */
  private static final int MASK_ROUNDS = 1_500;

  private static final int ROWS = 151_680;
  private static final int END = 151_645;
  private static final int MOST_TOKENS = 300;

  private final Tokenizer tokenizer;
  private final TokenVocabulary vocabulary;

  private GrammarBench(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    vocabulary = TokenVocabulary.of(tokenizer);
  }

  /** Runs the benchmark. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("give the folder of the tokenizer's files");
    }
    HuggingFaceTokenizer files =
        HuggingFaceTokenizer.read(Path.of(arguments[0], "vocab.json.gz").toString());
    files.pad(ROWS);
    GrammarBench bench =
        new GrammarBench(new BpeTokenizer(Vocabulary.of(files, arguments[0], Set.of(END))));
    long start = cpu();
    Grammar.prepare(bench.vocabulary);
    System.out.printf("preparing the vocabulary %.1f ms%n", (cpu() - start) / 1e6);
    for (int names : new int[] {100, 1_000, 2_000}) {
      bench.turns(names);
    }
    bench.states();
  }

  private Grammar schema(String schema) {
    return Grammar.forSchema(MAPPER.readTree(schema), true, vocabulary);
  }

  private Grammar tools(List<ToolDefinition> tools, ToolChoice choice) {
    return Grammar.forTools(tools, ToolCallSyntax.HERMES, choice, 3, vocabulary);
  }

  /** Random turns; every round has its utterance and so its grammar, as in an agent. */
  private void turns(int names) {
    List<Double> compile = new ArrayList<>();
    List<Double> first = new ArrayList<>();
    List<Double> cached = new ArrayList<>();
    List<Double> forced = new ArrayList<>();
    List<Double> accept = new ArrayList<>();
    List<Double> coldMasks = new ArrayList<>();
    List<Double> coldForced = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      boolean cold = round == 0;
      boolean warm = round >= ROUNDS / 3;
      List<ToolDefinition> tools = home(names, "turn off the strange lamp " + round + " 在角落里");
      long start = cpu();
      Grammar grammar = tools(tools, ToolChoice.CALLS);
      double took = micros(start);
      if (cold) {
        System.out.printf("%d names: cold compile %.0f us%n", names, took);
      } else if (warm) {
        compile.add(took);
      }
      int[] turn =
          walk(
              grammar,
              new Random(round),
              cold ? coldMasks : warm ? first : new ArrayList<>(),
              cold ? coldForced : warm ? forced : new ArrayList<>(),
              warm ? accept : new ArrayList<>());
      if (warm) {
        GrammarState again = grammar.start();
        for (int token : turn) {
          start = cpu();
          again.mask();
          cached.add(micros(start));
          again.accept(token);
        }
      }
    }
    print(names + " names, compile", compile);
    print(names + " names, mask, first turn of all", coldMasks);
    print(names + " names, forced text, first turn of all", coldForced);
    print(names + " names, first mask of a state", first);
    print(names + " names, cached mask", cached);
    print(names + " names, forced text", forced);
    print(names + " names, accept", accept);
  }

  private int[] walk(
      Grammar grammar,
      Random random,
      List<Double> masks,
      List<Double> forcedTimes,
      List<Double> accepts) {
    GrammarState state = grammar.start();
    int[] turn = new int[MOST_TOKENS];
    int count = 0;
    while (!state.complete() && count < MOST_TOKENS) {
      long start = cpu();
      int[] forced =
          state.forcedTokens(text -> tokenizer.encode(text, false), Arrays.copyOf(turn, count));
      forcedTimes.add(micros(start));
      if (forced.length == 0) {
        start = cpu();
        long[] mask = state.mask();
        masks.add(micros(start));
        forced = new int[] {pick(mask, random)};
      }
      for (int i = 0; i < forced.length && count < MOST_TOKENS; i++) {
        start = cpu();
        state.accept(forced[i]);
        accepts.add(micros(start));
        turn[count++] = forced[i];
      }
    }
    return Arrays.copyOf(turn, count);
  }

  private static int pick(long[] mask, Random random) {
    int bits = Arrays.stream(mask).mapToInt(Long::bitCount).sum();
    int wanted = random.nextInt(bits);
    for (int i = 0; i < mask.length; i++) {
      for (long left = mask[i]; left != 0; left &= left - 1) {
        if (wanted-- == 0) {
          return 64 * i + Long.numberOfTrailingZeros(left);
        }
      }
    }
    throw new IllegalStateException("no token is allowed");
  }

  /** First masks of the states that most tokens fit. */
  private void states() {
    for (String name : List.of("string", "bounded", "substring", "any", "text", "after text")) {
      List<Double> times = new ArrayList<>();
      for (int round = 0; round < MASK_ROUNDS; round++) {
        GrammarState state = wide(name, round);
        long start = cpu();
        state.mask();
        double took = micros(start);
        if (round == 0) {
          System.out.printf("%s: cold first mask %.0f us%n", name, took);
        } else {
          times.add(took);
        }
      }
      print(name + ", first mask", times.subList(MASK_ROUNDS / 3, times.size()));
    }
  }

  private GrammarState wide(String name, int round) {
    Grammar grammar =
        switch (name) {
          case "string" ->
              schema("{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"string\"}}}");
          case "bounded" -> schema("{\"type\": \"string\", \"maxLength\": 40}");
          case "substring" ->
              schema(
                  "{\"type\": \"string\", \"x-substring-of\": \"turn off the lamp in room %d\"}"
                      .formatted(round));
          case "any" -> schema("{}");
          default -> tools(home(20, "x " + round), ToolChoice.TEXT_OR_CALLS);
        };
    GrammarState state = grammar.start();
    String opening =
        switch (name) {
          case "string" -> "{\"a\":\"";
          case "bounded", "substring" -> "\"";
          case "after text" -> "Well, ";
          default -> "";
        };
    for (int token : tokenizer.encode(opening, false)) {
      if (!state.accept(token)) {
        throw new IllegalStateException("the opening of '%s' is not taken".formatted(name));
      }
    }
    return state;
  }

  private static void print(String name, List<Double> micros) {
    List<Double> sorted = micros.stream().sorted().toList();
    System.out.printf(
        "%-42s p50 %8.1f  p95 %8.1f  max %8.1f us (%d)%n",
        name,
        sorted.get(sorted.size() / 2),
        sorted.get(sorted.size() * 95 / 100),
        sorted.getLast(),
        sorted.size());
  }

  private static List<ToolDefinition> home(int names, String utterance) {
    Random random = new Random(1);
    List<String> rooms = List.of("kitchen", "bedroom", "hall", "attic", "office", "客厅", "left");
    List<String> things = List.of("lamp", "light", "blinds", "灯", "heater", "socket");
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < names; i++) {
      String room = rooms.get(random.nextInt(rooms.size()));
      String thing = things.get(random.nextInt(things.size()));
      list.append(i == 0 ? "" : ",").append("\"%s %s %d\"".formatted(room, thing, i));
    }
    String selector =
        """
        "name": {"type": "array", "minItems": 1, "maxItems": 6, "items": {"type": "string", "enum": [%1$s]}},
        "kind": {"type": "string", "enum": ["light", "switch", "cover", "climate", "fan", "lock"]},
        "except": {"type": "array", "minItems": 1, "maxItems": 6, "items": {"type": "string", "enum": [%1$s]}},
        "unknown": {"type": "string", "x-substring-of": "%2$s"}}\
        """
            .formatted(list, utterance);
    String control =
        "{\"type\": \"object\", \"properties\": {\"do\": {\"enum\": [\"on\", \"off\", \"open\"]}, %s, \"required\": [\"do\"]}"
            .formatted(selector);
    String adjust =
        """
        {"type": "object", "required": ["what"], "properties": {"what": {"enum": ["brightness", "color", "speed"]},
        "to": {"anyOf": [{"type": "number", "minimum": 0, "maximum": 10000, "x-decimals": 1}, {"enum": ["red", "warm"]}]},
        "by": {"type": "number", "minimum": -100, "maximum": 100, "x-decimals": 1}, %s}\
        """
            .formatted(selector);
    return List.of(
        new ToolDefinition("control", "", MAPPER.readTree(control)),
        new ToolDefinition("adjust", "", MAPPER.readTree(adjust)));
  }

  private static double micros(long start) {
    return (cpu() - start) / 1e3;
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
