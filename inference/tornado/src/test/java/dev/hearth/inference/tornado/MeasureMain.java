package dev.hearth.inference.tornado;

import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.backend.Backend;
import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.backend.Slice;
import dev.hearth.inference.cpu.CpuBackends;
import dev.hearth.inference.generate.ModelFile;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.plan.DecoderPlan;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Measures a model on the device and on the processor in turn: time to open, a prompt, decode
 * steps. What the launches of a step cost is seen with a model of no size.
 */
final class MeasureMain {

  private static final int PROMPT = 64;
  private static final int STEPS = Integer.getInteger("hearth.steps", 64);
  private static final int ROUNDS = Integer.getInteger("hearth.rounds", 3);

  private MeasureMain() {}

  /**
   * Measures the shipped model, or the GGUF files that are given; with {@code -Dhearth.alone=true}
   * the device without the processor, {@code -Dhearth.rounds=0} opening only.
   */
  @SuppressWarnings("SystemOut")
  public static void main(String[] args) {
    List<Path> files =
        args.length == 0
            ? List.of(HomeModelTest.model())
            : Arrays.stream(args).map(Path::of).toList();
    for (Path path : files) {
      try (GgufFile file = GgufFile.open(path)) {
        ModelFile description = new ModelFile(file);
        DecoderPlan plan = description.plan(ModelOptions.defaults().withContextLength(1024));
        Backend device = Device.backend();
        Backend processor = CpuBackends.choose("vector").backend();
        long start = System.nanoTime();
        try (Session onDevice = device.open(plan, description, 2, null)) {
          System.out.printf("%s%nopened %s in %d ms%n", path, device.name(), millis(start));
          Session onProcessor =
              Boolean.getBoolean("hearth.alone")
                  ? null
                  : processor.open(plan, description, 2, null);
          for (int round = 0; round < ROUNDS; round++) {
            System.out.println(measure(device.name(), onDevice, plan));
            if (onProcessor != null) {
              System.out.println(measure(processor.name(), onProcessor, plan));
            }
          }
          if (onProcessor != null) {
            onProcessor.close();
          }
        }
      }
    }
  }

  private static String measure(String name, Session session, DecoderPlan plan) {
    int[] tokens =
        new SplittableRandom(1).ints(PROMPT + STEPS, 0, plan.shape().vocabulary()).toArray();
    Sequence sequence = session.newSequence();
    long start = System.nanoTime();
    session.forward(List.of(new Slice(sequence, tokens, PROMPT, 1)));
    double prompt = (System.nanoTime() - start) / 1e9;
    start = System.nanoTime();
    float[] logits = {};
    for (int i = PROMPT; i < tokens.length; i++) {
      logits = session.forward(List.of(new Slice(sequence, tokens, i + 1, 1)));
    }
    double steps = (System.nanoTime() - start) / 1e9;
    sequence.clear();
    int likely = 0;
    for (int token = 1; token < plan.shape().vocabulary(); token++) {
      likely = logits[token] > logits[likely] ? token : likely;
    }
    return "  %-16s prompt %7.0f tok/s, decode %7.1f tok/s, then token %d with %.4f"
        .formatted(name, PROMPT / prompt, STEPS / steps, likely, logits[likely]);
  }

  private static long millis(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }
}
