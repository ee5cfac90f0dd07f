package dev.hearth.inference.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.backend.Backend;
import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.backend.Slice;
import dev.hearth.inference.cpu.CpuBackends;
import dev.hearth.inference.generate.ModelFile;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.tokenizer.BpeTokenizer;
import dev.hearth.inference.tokenizer.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two hundred prompts, answered greedily by the shipped model on the device and on the processor's
 * scalar kernels. Both add in single precision in another order, so that where two tokens' logits
 * are closer than that, either may be taken: such a place must be a near tie in both, and the rest
 * of the prompt is not compared.
 */
class AgreementTest {

  private static final Logger LOG = LoggerFactory.getLogger(AgreementTest.class);

  private static final int PROMPTS = 200;
  private static final int STEPS = 12;

  /** Of the larger logit's size, or of 1. */
  private static final double NEAR_TIE = 1e-3;

  private static final List<String> ROOMS =
      List.of("kitchen", "bedroom", "hall", "garage", "office", "attic", "bath", "cellar");
  private static final List<String> THINGS =
      List.of("lamp", "heater", "blind", "fan", "plug", "radio", "door lock", "sprinkler");
  private static final List<String> WAYS =
      List.of(
          "Turn on the %2$s in the %1$s",
          "Is the %2$s in the %1$s off?",
          "Please set the %1$s %2$s to 40 percent",
          "Switch everything in the %1$s off, but not the %2$s");

  private static List<String> prompts() {
    List<String> all = new ArrayList<>();
    for (String way : WAYS) {
      for (String room : ROOMS) {
        for (String thing : THINGS) {
          all.add(way.formatted(room, thing));
        }
      }
    }
    return all.subList(0, PROMPTS);
  }

  /** A model on one of both, and its sequence, which keeps what prompts share. */
  private static final class Run {
    private final Session session;
    private final Sequence sequence;
    private final int vocabulary;

    Run(Session session, int vocabulary) {
      this.session = session;
      this.sequence = session.newSequence();
      this.vocabulary = vocabulary;
    }

    /** The logits behind some tokens, of which the first are held already. */
    float[] logits(int[] tokens, int count, int held) {
      sequence.truncate(held);
      int at = held;
      float[] rows = {};
      while (at < count) {
        at = Math.min(count, at + session.maxRows());
        rows = session.forward(List.of(new Slice(sequence, tokens, at, at == count ? 1 : 0)));
      }
      return Arrays.copyOf(rows, vocabulary);
    }
  }

  private static int best(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }

  private static double gap(float[] logits, int one, int other) {
    double size = Math.max(1, Math.max(Math.abs(logits[one]), Math.abs(logits[other])));
    return Math.abs(logits[one] - logits[other]) / size;
  }

  @Test
  void twoHundredPromptsAreAnsweredAlikeButForNearTies() {
    Backend device = Device.backend();
    try (GgufFile file = GgufFile.open(HomeModelTest.model())) {
      ModelFile model = new ModelFile(file);
      DecoderPlan plan = model.plan(ModelOptions.defaults().withContextLength(256));
      BpeTokenizer tokenizer = new BpeTokenizer(Vocabulary.of(file));
      try (Session onDevice = device.open(plan, model, 2, null);
          Session onProcessor = CpuBackends.choose("scalar").backend().open(plan, model, 2, null)) {
        Run actual = new Run(onDevice, plan.shape().vocabulary());
        Run expected = new Run(onProcessor, plan.shape().vocabulary());
        int alike = 0;
        int[] before = {};
        for (String prompt : prompts()) {
          int[] text = tokenizer.encode("The home is quiet. " + prompt, true);
          int held = Math.min(common(before, text), text.length - 1);
          alike += alike(expected, actual, text, held) ? 1 : 0;
          before = text;
        }
        LOG.info("{} of {} prompts were answered by the same {} tokens", alike, PROMPTS, STEPS);
        assertThat(alike).isGreaterThanOrEqualTo(PROMPTS * 95 / 100);
      }
    }
  }

  private static int common(int[] a, int[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? a.length : mismatch;
  }

  /** Whether all tokens are the same; where one is not, both must be a near tie in both. */
  private static boolean alike(Run expected, Run actual, int[] prompt, int held) {
    int[] tokens = Arrays.copyOf(prompt, prompt.length + STEPS);
    int from = held;
    for (int count = prompt.length; count < tokens.length; count++) {
      float[] wanted = expected.logits(tokens, count, from);
      float[] got = actual.logits(tokens, count, from);
      int token = best(wanted);
      int other = best(got);
      if (token != other) {
        assertThat(gap(wanted, token, other)).isLessThan(NEAR_TIE);
        assertThat(gap(got, token, other)).isLessThan(NEAR_TIE);
        return false;
      }
      tokens[count] = token;
      from = count;
    }
    return true;
  }
}
