package dev.hearth.training;

import dev.hearth.agent.language.Family;
import dev.hearth.inference.tokenizer.Tokenizer;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the data of a training run: a vocabulary ({@code tokenizer.json}), examples as tokens
 * ({@code train.bin}, {@code held.bin}) and the held-out examples to read ({@code held.tsv}).
 *
 * <p>A .bin file is a row of examples, big-endian: the number of prompt tokens and of answer tokens
 * (two unsigned 16-bit numbers), then these tokens (unsigned 16-bit each).
 */
final class DataMain {
  private static final int VOCABULARY = 4_096;
  private static final int VOCABULARY_SAMPLES = 120_000;

  private DataMain() {}

  /** Arguments: folder, number of training examples, number of held-out examples, seed. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    long seed = Long.parseLong(args[3]);
    Tokenizer tokenizer = vocabulary(folder, seed);
    long tokens =
        write(folder, tokenizer, Integer.parseInt(args[1]), Integer.parseInt(args[2]), seed + 1);
    Files.writeString(folder.resolve("chat_template.jinja"), ModelFormat.CHAT_TEMPLATE);
    System.out.println(
        args[1] + " examples, " + tokens + " tokens, vocabulary of " + tokenizer.vocabularySize());
  }

  /** The vocabulary in the folder, or a new one: who trains on keeps the old. */
  private static Tokenizer vocabulary(Path folder, long seed) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    return Files.exists(file) ? read(file) : learn(file, seed);
  }

  private static Tokenizer read(Path file) {
    JsonNode model = new JsonMapper().readTree(file.toFile()).path("model");
    String[] symbols = new String[model.path("vocab").size()];
    model.path("vocab").forEachEntry((symbol, id) -> symbols[id.intValue()] = symbol);
    List<String> merges = new ArrayList<>();
    model.path("merges").forEach(merge -> merges.add(merge.stringValue()));
    return ModelFormat.tokenizer(List.of(symbols), merges);
  }

  private static Tokenizer learn(Path target, long seed) throws IOException {
    Generator generator = new Generator(new SplittableRandom(seed), ModelFormat.SYNTAX);
    Bpe bpe = new Bpe();
    for (int i = 0; i < VOCABULARY_SAMPLES; i++) {
      Sample sample = generator.next();
      bpe.count(sample.marked().text());
      bpe.count(sample.calls().replace("<tool_call>", "\n").replace("</tool_call>", "\n"));
    }
    for (Family family : Family.values()) {
      for (int i = 0; i < Family.HANDLES; i++) {
        for (int times = 0; times < 500; times++) {
          bpe.count(family.handle(i));
        }
      }
    }
    bpe.learn(VOCABULARY - ModelFormat.SPECIAL.size());
    JsonMapper json = new JsonMapper();
    ObjectNode file = json.createObjectNode();
    ObjectNode model = file.putObject("model").put("type", "BPE");
    ObjectNode vocab = model.putObject("vocab");
    bpe.ids().forEach(vocab::put);
    bpe.merges.forEach(model.putArray("merges")::add);
    for (int i = 0; i < ModelFormat.SPECIAL.size(); i++) {
      String content = ModelFormat.SPECIAL.get(i);
      file.withArray("added_tokens")
          .addObject()
          .put("id", bpe.vocabulary.size() + i)
          .put("content", content)
          .put("special", content.contains("|"));
    }
    Files.writeString(target, json.writeValueAsString(file));
    return ModelFormat.tokenizer(bpe.vocabulary, bpe.merges);
  }

  private static long write(Path folder, Tokenizer tokenizer, int train, int held, long seed)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Generator generator = new Generator(random, ModelFormat.SYNTAX);
    long tokens = 0;
    int trained = 0;
    int heldOut = 0;
    try (DataOutputStream trainOut = open(folder.resolve("train.bin"));
        DataOutputStream heldOutput = open(folder.resolve("held.bin"));
        BufferedWriter text = Files.newBufferedWriter(folder.resolve("held.tsv"))) {
      while (trained < train || heldOut < held) {
        Sample sample = generator.next();
        if (sample.held()) {
          if (heldOut < held) {
            heldOut++;
            append(heldOutput, tokenizer, sample);
            text.write(
                String.join(
                    "\t",
                    sample.language(),
                    sample.category(),
                    sample.utterance(),
                    sample.marked().text(),
                    sample.calls()));
            text.newLine();
          }
        } else if (trained < train) {
          trained++;
          tokens +=
              append(
                  trainOut,
                  tokenizer,
                  random.nextInt(6) == 0 ? sample.shifted(1 + random.nextInt(14)) : sample);
        }
      }
    }
    return tokens;
  }

  private static DataOutputStream open(Path file) throws IOException {
    return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 20));
  }

  private static int append(DataOutputStream out, Tokenizer tokenizer, Sample sample)
      throws IOException {
    int[] prompt = tokenizer.encode(ModelFormat.prompt(sample.marked().text()), true);
    int[] answer = tokenizer.encode(ModelFormat.answer(sample.calls()), true);
    out.writeShort(prompt.length);
    out.writeShort(answer.length);
    for (int token : prompt) {
      out.writeShort(token);
    }
    for (int token : answer) {
      out.writeShort(token);
    }
    return prompt.length + answer.length;
  }
}
