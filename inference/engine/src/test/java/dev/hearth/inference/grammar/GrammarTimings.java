package dev.hearth.inference.grammar;

import dev.hearth.inference.chat.ToolCallSyntax;
import dev.hearth.inference.chat.ToolDefinition;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Prints what grammars cost, in processor time of the thread so that other work on the machine does
 * not count. Run it by hand; it asserts nothing.
 */
final class GrammarTimings {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private GrammarTimings() {}

  /**
   * Runs it.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    measure("small", TestVocabulary.SMALL);
    TestVocabulary.mimo().ifPresent(mimo -> measure("mimo", mimo));
  }

  private static ToolDefinition tool(int entities, String utterance) {
    ObjectNode schema = MAPPER.createObjectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode action = properties.putObject("action").putArray("enum");
    List.of("on", "off", "brightness", "color", "temperature", "open", "close")
        .forEach(action::add);
    ObjectNode target = properties.putObject("target");
    ArrayNode variants = target.putArray("anyOf");
    ArrayNode names = variants.addObject().putArray("enum");
    Random random = new Random(1);
    String[] words = {
      "kitchen", "bedroom", "hall", "attic", "office", "lamp", "light", "客厅", "left"
    };
    for (int i = 0; i < entities; i++) {
      names.add(
          words[random.nextInt(words.length)]
              + " "
              + words[random.nextInt(words.length)]
              + " "
              + i);
    }
    variants.addObject().put("type", "string").put("x-substring-of", utterance);
    properties
        .putObject("value")
        .put("type", "number")
        .put("minimum", 0)
        .put("maximum", 100)
        .put("x-decimals", 1);
    schema.putArray("required").add("action").add("target");
    return new ToolDefinition("control", "", schema);
  }

  private static void measure(String name, TestVocabulary vocabulary) {
    long start = cpu();
    TokenTrie.of(vocabulary);
    System.out.printf(
        "%s: %d tokens, trie %.1f ms%n", name, vocabulary.size(), (cpu() - start) / 1e6);
    for (int entities : new int[] {50, 1_000}) {
      List<Double> compile = new ArrayList<>();
      List<Double> whole = new ArrayList<>();
      List<Double> warmMask = new ArrayList<>();
      int tokens = 0;
      for (int round = 0; round < 600; round++) {
        ToolDefinition tool =
            tool(entities, "please turn off the " + round + " strange lamp in the corner");
        long t0 = cpu();
        Grammar grammar =
            Grammar.forTools(List.of(tool), ToolCallSyntax.HERMES, ToolChoice.CALLS, 2, vocabulary);
        long t1 = cpu();
        compile.add((t1 - t0) / 1e3);
        int[] turn = generate(grammar, vocabulary, new Random(round));
        long t2 = cpu();
        whole.add((t2 - t0) / 1e3);
        tokens = turn.length;
        GrammarState state = grammar.start();
        for (int token : turn) {
          long m0 = cpu();
          state.mask();
          state.accept(token);
          warmMask.add((cpu() - m0) / 1e3);
        }
      }
      System.out.printf(
          "%s, %d names: compile first %.0f us, median %.0f us; compile + forced text + masks of a"
              + " turn (%d tokens): first %.0f, median %.0f, p95 %.0f us; mask + accept, warm: median"
              + " %.2f us%n",
          name,
          entities,
          compile.getFirst(),
          median(compile),
          tokens,
          whole.getFirst(),
          median(whole.subList(300, 600)),
          percentile(whole.subList(300, 600), 95),
          median(warmMask));
    }
    Grammar text =
        Grammar.forTools(
            List.of(tool(50, "x")), ToolCallSyntax.HERMES, ToolChoice.TEXT_OR_CALLS, 2, vocabulary);
    long t0 = cpu();
    text.start().mask();
    System.out.printf("%s: cold mask of free text %.0f us%n", name, (cpu() - t0) / 1e3);
  }

  private static int[] generate(Grammar grammar, TestVocabulary vocabulary, Random random) {
    GrammarState state = grammar.start();
    int[] turn = new int[512];
    int count = 0;
    while (!state.complete() && count < 400) {
      int[] forced = state.forcedTokens(vocabulary::encode, Arrays.copyOf(turn, count));
      for (int token : forced) {
        state.accept(token);
        turn[count++] = token;
      }
      if (forced.length == 0) {
        List<Integer> allowed = Walk.allowed(state.mask());
        int token = allowed.get(random.nextInt(allowed.size()));
        state.accept(token);
        turn[count++] = token;
      }
    }
    return Arrays.copyOf(turn, count);
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static double median(List<Double> values) {
    return percentile(values, 50);
  }

  private static double percentile(List<Double> values, int percent) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
  }
}
