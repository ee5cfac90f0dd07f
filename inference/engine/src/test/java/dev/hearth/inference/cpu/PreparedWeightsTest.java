package dev.hearth.inference.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.inference.KvType;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.backend.Slice;
import dev.hearth.inference.backend.WeightStore;
import dev.hearth.inference.generate.ModelFile;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.plan.DecoderPlan;
import dev.hearth.inference.plan.Weight;
import dev.hearth.inference.testing.TinyModel;
import dev.hearth.inference.weight.WeightType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreparedWeightsTest {

  @TempDir Path folder = Path.of("unset");

  private Path prepared = Path.of("unset");

  /** What a session gave, and how often it read stored weights to pack them. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Start(float[] logits, int reads) {}

  /** Counts. */
  private record Counting(ModelFile file, AtomicInteger reads) implements WeightStore {

    @Override
    public MemorySegment data(Weight weight) {
      return file.data(weight);
    }

    @Override
    public void read(Weight weight, Consumer<MemorySegment> reader) {
      reads.incrementAndGet();
      file.read(weight, reader);
    }

    @Override
    public Optional<Path> prepared(String form) {
      return file.prepared(form);
    }
  }

  @BeforeEach
  void chooseFolder() {
    prepared = folder.resolve("prepared");
  }

  private Start start(Path model, Kernels kernels) throws InterruptedException {
    try (GgufFile gguf = GgufFile.open(model)) {
      Counting weights = new Counting(new ModelFile(gguf, prepared), new AtomicInteger());
      DecoderPlan plan = weights.file().plan(ModelOptions.defaults());
      try (CpuSession session = new CpuSession(plan, weights, kernels, 2, KvType.F32, false)) {
        session.awaitPrepared();
        int[] tokens = {5, 17, 230, 41};
        float[] logits = session.forward(List.of(new Slice(session.newSequence(), tokens, 4, 1)));
        return new Start(Arrays.copyOf(logits, plan.shape().vocabulary()), weights.reads().get());
      }
    }
  }

  private Path model(WeightType type, String name) {
    return TinyModel.ofType(type).write(folder.resolve(name));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(prepared)) {
      return all.toList();
    }
  }

  @ParameterizedTest
  @EnumSource(WeightType.class)
  void aSecondStartPacksNothingAndGivesTheSameBits(WeightType type) throws Exception {
    Path model = model(type, "model.gguf");
    Start first = start(model, new VectorKernels());
    Start second = start(model, new VectorKernels());
    assertThat(first.reads()).isPositive();
    assertThat(second.reads()).isZero();
    assertThat(second.logits()).containsExactly(first.logits());
  }

  @Test
  void keepsNothingWhereMatricesAreUsedAsTheyAreStored() throws Exception {
    start(model(WeightType.Q8_0, "model.gguf"), new ScalarKernels());
    assertThat(prepared).doesNotExist();
  }

  /** At the magic number, within the header, in the midst, at the end. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.004, 0.5, 0.98})
  void damageIsFoundAndMended(double where) throws Exception {
    Path model = model(WeightType.Q4_0, "model.gguf");
    Start first = start(model, new VectorKernels());
    Path file = files().getFirst();
    long at = where == 0.004 ? 14 : (long) (where * Files.size(file));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, at);
      channel.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 0x20)}), at);
    }
    Start second = start(model, new VectorKernels());
    Start third = start(model, new VectorKernels());
    assertThat(second.reads()).isPositive();
    assertThat(second.logits()).containsExactly(first.logits());
    assertThat(third.reads()).isZero();
    assertThat(third.logits()).containsExactly(first.logits());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 11, 4096, 5000})
  void aCutFileIsMadeAnew(long bytes) throws Exception {
    Path model = model(WeightType.Q6_K, "model.gguf");
    Start first = start(model, new VectorKernels());
    try (FileChannel channel = FileChannel.open(files().getFirst(), StandardOpenOption.WRITE)) {
      channel.truncate(bytes);
    }
    Start second = start(model, new VectorKernels());
    assertThat(second.reads()).isEqualTo(first.reads());
    assertThat(second.logits()).containsExactly(first.logits());
    assertThat(start(model, new VectorKernels()).reads()).isZero();
  }

  @Test
  void anotherModelOfTheSameNameIsNotMistaken() throws Exception {
    Path model = model(WeightType.Q4_K, "model.gguf");
    start(model, new VectorKernels());
    model(WeightType.Q5_K, "other.gguf");
    Files.move(folder.resolve("other.gguf"), model, StandardCopyOption.REPLACE_EXISTING);
    assertThat(start(model, new VectorKernels()).reads()).isPositive();
  }

  @Test
  void theTwoModelsUsedLastAreKept() throws Exception {
    for (WeightType type : List.of(WeightType.Q4_0, WeightType.Q8_0, WeightType.F16)) {
      start(model(type, type + ".gguf"), new VectorKernels());
      // A minute older each time: the clock of files is coarse.
      for (Path file : files()) {
        long time = Files.getLastModifiedTime(file).toMillis();
        Files.setLastModifiedTime(file, FileTime.fromMillis(time - 60_000));
      }
    }
    assertThat(files())
        .hasSize(2)
        .allMatch(file -> file.getFileName().toString().matches("(Q8_0|F16)\\.gguf-.*"));
  }

  @Test
  void aFolderThatCannotBeWrittenOnlyCostsTheNextStartItsTime() throws Exception {
    Files.writeString(prepared, "a file");
    Path model = model(WeightType.Q4_0, "model.gguf");
    Start first = start(model, new VectorKernels());
    assertThat(start(model, new VectorKernels()).logits()).containsExactly(first.logits());
    assertThat(prepared).hasContent("a file");
  }
}
