package dev.hearth.training;

import dev.hearth.agent.tool.HomeTools;
import dev.hearth.inference.Generation;
import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.KvType;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.chat.ChatMessage;
import dev.hearth.inference.chat.ToolDefinition;
import dev.hearth.inference.grammar.Grammar;
import dev.hearth.inference.grammar.ToolChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Judges a model on held-out examples as it would run in the agent: chat template, grammar, greedy
 * decoding. An answer counts only when every call is exactly right.
 */
final class EvaluateMain {
  private static final int MOST_CALLS = 6;
  private static final int MISSES_SHOWN = 60;

  private EvaluateMain() {}

  private record Score(int right, int all) {
    Score plus(boolean hit) {
      return new Score(right + (hit ? 1 : 0), all + 1);
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%5.1f %% of %d", 100.0 * right / all, all);
    }
  }

  /** Arguments: GGUF file, held.tsv, most examples, and if wanted how the KV cache is stored. */
  public static void main(String[] args) throws IOException {
    Map<String, Score> scores = new TreeMap<>();
    List<Double> millis = new ArrayList<>();
    long decoded = 0;
    long forced = 0;
    int misses = 0;
    List<String> lines = Files.readAllLines(Path.of(args[1]));
    int count = Math.min(lines.size(), Integer.parseInt(args[2]));
    ModelOptions options =
        args.length > 3
            ? ModelOptions.defaults().withKv(KvType.valueOf(args[3]), 0)
            : ModelOptions.defaults();
    try (LanguageModel model = LanguageModel.load(Path.of(args[0]), options)) {
      for (String line : lines.subList(0, count)) {
        String[] fields = line.split("\t");
        String text = fields[3];
        long start = System.nanoTime();
        Generation generation = answer(model, text);
        millis.add((System.nanoTime() - start) / 1e6);
        decoded += generation.timings().decodedTokens();
        forced += generation.timings().forcedTokens();
        boolean hit = generation.text().equals(fields[4]);
        for (String key : List.of("all", fields[0], fields[1], fields[0] + " " + fields[1])) {
          scores.merge(key, new Score(0, 0).plus(hit), (a, b) -> a.plus(hit));
        }
        if (!hit && misses++ < MISSES_SHOWN) {
          System.out.println(
              fields[1]
                  + "\t"
                  + text
                  + "\n   wanted "
                  + fields[4]
                  + "\n   got    "
                  + generation.text());
        }
      }
    }
    scores.forEach((key, score) -> System.out.printf("%-24s %s%n", key, score));
    double[] sorted = millis.stream().mapToDouble(m -> m).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "ms for an answer: p50 %.1f, p95 %.1f; model steps %.1f, forced tokens %.1f for each%n",
        sorted[sorted.length / 2],
        sorted[(int) (sorted.length * 0.95)],
        (double) decoded / count,
        (double) forced / count);
  }

  private static Generation answer(LanguageModel model, String text) {
    String prompt = model.chatTemplate().render(List.of(ChatMessage.user(text)), List.of(), true);
    List<String> names = handles(text, "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇");
    List<String> places = handles(text, "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛");
    List<ToolDefinition> tools =
        HomeTools.definitions(names, places).stream().map(t -> filled(t, text)).toList();
    return model.generate(
        GenerationRequest.of(model.tokenizer().encode(prompt, true))
            .grammar(
                Grammar.forTools(
                    tools,
                    model.toolCallSyntax(),
                    ToolChoice.CALLS,
                    MOST_CALLS,
                    model.vocabulary()))
            .build(),
        piece -> {});
  }

  private static ToolDefinition filled(ToolDefinition tool, String text) {
    JsonNode schema = tool.parameters().deepCopy();
    if (schema.path("properties").path("unknown") instanceof ObjectNode unknown) {
      unknown.remove("x-copied");
      unknown.put("x-substring-of", text);
    }
    return new ToolDefinition(tool.name(), tool.description(), schema);
  }

  private static List<String> handles(String text, String among) {
    return Arrays.stream(text.split(""))
        .filter(c -> !c.isEmpty() && among.contains(c))
        .distinct()
        .toList();
  }
}
