package dev.hearth.inference.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.Generation;
import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.Sampling;
import dev.hearth.inference.TokenListener;
import dev.hearth.inference.backend.KvPage;
import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.backend.Slice;
import dev.hearth.inference.backend.Wanted;
import dev.hearth.inference.cpu.CpuBackends;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.grammar.Grammar;
import dev.hearth.inference.grammar.TokenVocabulary;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.sampling.GreedySampler;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.tokenizer.BpeTokenizer;
import dev.hearth.inference.tokenizer.Tokenizer;
import dev.hearth.inference.tokenizer.Vocabulary;
import dev.hearth.inference.weight.WeightType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** A turn asks for the logits that it reads, and reads no others. */
class WantedTurnTest {

  private static final String SCHEMA =
      """
      {"type": "array", "minItems": 4, "maxItems": 9, "items": {"type": "object", "properties":
        {"id": {"enum": ["aa", "ab", "ba", "bb"]}, "n": {"type": "integer", "minimum": -40,
        "maximum": 40}, "s": {"type": "string", "maxLength": 6}}, "required": ["id", "n", "s"]}}
      """;

  @TempDir Path folder = Path.of("unset");

  /** A session that computes all logits, or gives the least that a session may give. */
  private static final class Fussy implements Session {

    private final Session session;
    private final int vocabulary;
    private final boolean least;
    private int rows;
    private int few;

    Fussy(Session session, int vocabulary, boolean least) {
      this.session = session;
      this.vocabulary = vocabulary;
      this.least = least;
    }

    private static List<Slice> all(List<Slice> slices) {
      return slices.stream()
          .map(s -> new Slice(s.sequence(), s.tokens(), s.to(), s.logits()))
          .toList();
    }

    private float[] given(List<Slice> slices, float[] logits) {
      List<Wanted> wanted = slices.stream().flatMap(slice -> slice.wanted().stream()).toList();
      float[] given = logits.clone();
      for (int row = 0; row < wanted.size() && least; row++) {
        long[] allowed = wanted.get(row).allowed();
        if (allowed == null) {
          throw new AssertionError("the turn knows what is allowed");
        }
        float[] one = Arrays.copyOfRange(logits, row * vocabulary, (row + 1) * vocabulary);
        BitSet bits = BitSet.valueOf(allowed);
        int greatest = new GreedySampler().sample(one, allowed);
        for (int id = 0; id < vocabulary; id++) {
          if (!bits.get(id)) {
            given[row * vocabulary + id] = Float.POSITIVE_INFINITY;
          } else if (wanted.get(row).greatest() && id != greatest) {
            given[row * vocabulary + id] = Float.NEGATIVE_INFINITY;
          }
        }
        rows++;
        few += bits.cardinality() < vocabulary / 4 ? 1 : 0;
      }
      return given;
    }

    @Override
    public float[] forward(List<Slice> slices) {
      return given(slices, session.forward(all(slices)));
    }

    @Override
    public float[] draft(List<Slice> slices) {
      return given(slices, session.draft(all(slices)));
    }

    @Override
    public Sequence newSequence() {
      return session.newSequence();
    }

    @Override
    public boolean drafts() {
      return session.drafts();
    }

    @Override
    public int maxRows() {
      return session.maxRows();
    }

    @Override
    public int cheapRows() {
      return session.cheapRows();
    }

    @Override
    public int pageTokens() {
      return session.pageTokens();
    }

    @Override
    public long pageBytes() {
      return session.pageBytes();
    }

    @Override
    public KvPage newPage() {
      return session.newPage();
    }

    @Override
    public void close() {
      session.close();
    }
  }

  private static int[] prompt(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] piece = random.ints(9, 0, 300).toArray();
    int[] prompt = new int[40];
    Arrays.setAll(prompt, i -> random.nextInt(6) == 0 ? random.nextInt(300) : piece[i % 9]);
    return prompt;
  }

  @Test
  void theTextIsThatOfFullLogitsWithGuessesAndGrammarsOrWithout() {
    Path path =
        TinyModel.ofType(WeightType.F32).withNextToken().write(folder.resolve("model.gguf"));
    try (GgufFile file = GgufFile.open(path)) {
      ModelFile description = new ModelFile(file);
      DecoderPlan plan = description.plan(ModelOptions.defaults());
      Tokenizer tokenizer = new BpeTokenizer(Vocabulary.of(file));
      int width = plan.shape().vocabulary();
      BitSet usable = new BitSet();
      usable.set(0, tokenizer.vocabularySize());
      List<Fussy> sessions = new ArrayList<>();
      try (Session full = CpuBackends.choose("scalar").backend().open(plan, description, 1, null)) {
        sessions.add(new Fussy(full, width, false));
        sessions.add(new Fussy(full, width, true));
        for (int i = 0; i < 60; i++) {
          List<Generation> both = new ArrayList<>();
          for (Fussy session : sessions) {
            Engine engine = new Engine("model", session, plan.shape(), usable.toLongArray(), i % 4);
            GenerationRequest.Builder request =
                GenerationRequest.of(prompt(i))
                    .maxTokens(80)
                    .sampling(i % 3 == 0 ? Sampling.ofTemperature(0.7f, i) : Sampling.greedy());
            if (i % 5 != 0) {
              TokenVocabulary vocabulary = TokenVocabulary.of(tokenizer);
              request.grammar(
                  Grammar.forSchema(new JsonMapper().readTree(SCHEMA), true, vocabulary));
            }
            both.add(
                new Turn(
                        engine,
                        tokenizer,
                        request.build(),
                        TokenListener.NONE,
                        () -> null,
                        session.newSequence())
                    .run(0));
          }
          assertThat(both.get(1).tokens()).as("%d", i).containsExactly(both.get(0).tokens());
        }
        Fussy least = sessions.get(1);
        assertThat(least.few).isGreaterThan(least.rows / 4);
      }
    }
  }
}
