package dev.hearth.inference.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.backend.KvPage;
import dev.hearth.inference.backend.Sequence;
import dev.hearth.inference.backend.Session;
import dev.hearth.inference.backend.Slice;
import dev.hearth.inference.cpu.CpuBackend;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tree of pages on a real session. */
class PrefixCacheTest {

  private static final int PAGE = 128;

  @TempDir Path folder = Path.of("unset");
  private GgufFile file;
  private Session session;

  @BeforeEach
  void open() {
    Path path = TinyModel.ofType(WeightType.F32).write(folder.resolve("tiny.gguf"));
    file = GgufFile.open(path);
    ModelFile description = new ModelFile(file);
    session =
        CpuBackend.scalar().open(description.plan(ModelOptions.defaults()), description, 1, null);
  }

  @AfterEach
  void close() {
    session.close();
    file.close();
  }

  /** Runs what a cache does not know of a row and lets it keep all. */
  private int run(PrefixCache cache, int[] row) {
    Sequence sequence = session.newSequence();
    cache.take(sequence, row);
    int known = sequence.position();
    while (sequence.position() < row.length) {
      int to = Math.min(row.length, sequence.position() + session.maxRows());
      session.forward(List.of(new Slice(sequence, row, to, 0)));
    }
    cache.keep(row, row.length, sequence::page);
    sequence.clear();
    return known;
  }

  private static int[] row(long seed, int length) {
    return new SplittableRandom(seed).ints(length, 0, 400).toArray();
  }

  @Test
  void knowsTheLongestStartOfAllRowsThatFit() {
    PrefixCache cache = new PrefixCache(session, 1000);
    SplittableRandom random = new SplittableRandom(4);
    List<int[]> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int[] row = row(i, 1 + random.nextInt(400));
      if (!rows.isEmpty()) {
        int[] other = rows.get(random.nextInt(rows.size()));
        int common = random.nextInt(Math.min(other.length, row.length) + 1);
        System.arraycopy(other, 0, row, 0, common);
      }
      int longest = 0;
      for (int[] other : rows) {
        int most = Math.min(other.length, row.length - 1);
        int mismatch = Arrays.mismatch(other, 0, most, row, 0, most);
        longest = Math.max(longest, mismatch < 0 ? most : mismatch);
      }
      assertThat(run(cache, row)).as("row %d", i).isEqualTo(longest);
      rows.add(row);
    }
  }

  @Test
  void losesWhatWasNotUsedForLongestWhenThePagesRunOut() {
    PrefixCache cache = new PrefixCache(session, 4);
    run(cache, row(1, 200));
    run(cache, row(2, 200));
    assertThat(cache.kept()).isEqualTo(4);
    run(cache, row(1, 200));
    run(cache, row(3, 100));
    assertThat(cache.kept()).isEqualTo(4);
    assertThat(run(cache, row(1, 200))).isEqualTo(199);
    assertThat(run(cache, row(2, 200))).as("its second page is gone").isEqualTo(PAGE);
  }

  @Test
  void aRowThatGoesOnTakesThePlaceOfItsStart() {
    PrefixCache cache = new PrefixCache(session, 10);
    run(cache, row(1, 50));
    run(cache, row(1, 90));
    assertThat(cache.kept()).isEqualTo(1);
    run(cache, row(1, 60));
    assertThat(cache.kept()).isEqualTo(1);
    run(cache, row(1, 300));
    assertThat(cache.kept()).isEqualTo(3);
  }

  @Test
  void runningRequestsTakeTheirPagesFromTheTree() {
    PrefixCache cache = new PrefixCache(session, 4);
    run(cache, row(1, 500));
    assertThat(cache.kept()).isEqualTo(4);
    assertThat(cache.reserve(3, false)).isTrue();
    assertThat(cache.kept()).isEqualTo(1);
    assertThat(cache.reserve(2, false)).isFalse();
    assertThat(cache.reserve(2, true)).as("when nobody else runs").isTrue();
    assertThat(cache.kept()).isZero();
    cache.release(2);
    cache.release(3);
    assertThat(cache.reserve(4, false)).isTrue();
  }

  @Test
  void pagesThatItForgetsAreUsedAgain() {
    PrefixCache cache = new PrefixCache(session, 3);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment contents = arena.allocate(session.pageBytes());
      Set<KvPage> seen = new HashSet<>();
      for (int i = 0; i < 200; i++) {
        int[] row = row(i, 300);
        run(cache, row);
        Sequence sequence = session.newSequence();
        cache.take(sequence, row);
        for (int at = 0; at < 299; at += PAGE) {
          sequence.page(at).save(contents);
          seen.add(sequence.page(at));
        }
        sequence.clear();
      }
      assertThat(seen).hasSizeLessThanOrEqualTo(7);
    }
    assertThat(cache.reserve(3, false)).as("the tree gives all pages back").isTrue();
    assertThat(cache.kept()).isZero();
  }

  @Test
  void whenARequestSettlesItsPagesAreKeptOrFreeAtOnce() {
    PrefixCache cache = new PrefixCache(session, 3);
    assertThat(cache.reserve(3, false)).isTrue();
    Sequence sequence = session.newSequence();
    int[] row = row(1, 150);
    session.forward(List.of(new Slice(sequence, row, 150, 0)));
    cache.settle(3, row, 150, sequence::page, sequence::clear);
    assertThat(cache.kept()).as("all fit in what was reserved").isEqualTo(2);
    assertThat(sequence.position()).isZero();
    assertThat(cache.reserve(1, false)).isTrue();
    assertThat(cache.kept()).isEqualTo(2);
  }
}
