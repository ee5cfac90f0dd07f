package dev.hearth.inference.generate;

import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.backend.BackendDevice;
import dev.hearth.inference.backend.Measured;
import dev.hearth.inference.gguf.GgufFile;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What a model can run on here, how fast each is, and which is taken if nobody says otherwise. */
public final class DeviceReport {

  private final PrintStream out;

  /** To a stream. */
  public DeviceReport(PrintStream out) {
    this.out = out;
  }

  /**
   * Lists, and measures what was not measured for such a model.
   *
   * @param model a GGUF file
   * @param measured as {@link ModelOptions#measured}
   * @throws dev.hearth.inference.ModelLoadException if it is no model
   */
  public void run(Path model, Path measured) {
    try (GgufFile gguf = GgufFile.open(model)) {
      ModelFile description = new ModelFile(gguf);
      Sample sample = new Sample(description, description.plan(ModelOptions.defaults()).shape());
      int threads = Runtime.getRuntime().availableProcessors();
      Candidates candidates = new Candidates(sample, Measured.in(measured), threads, null);
      List<Candidates.Figure> figures = candidates.measure(candidates.list(""));
      out.printf("One layer of %s: %d tokens, then one%n", model.getFileName(), Speed.PROMPT);
      figures.stream()
          .sorted(Comparator.comparingLong(figure -> figure.speed().command()))
          .forEach(figure -> print(figure, figure.equals(fastest(figures))));
      candidates
          .refusals()
          .forEach((id, reason) -> out.printf("%-10s cannot be used: %s%n", id, reason));
    }
  }

  private static Candidates.Figure fastest(List<Candidates.Figure> figures) {
    return figures.stream()
        .min(Comparator.comparingLong(figure -> figure.speed().command()))
        .orElseThrow();
  }

  private void print(Candidates.Figure figure, boolean fastest) {
    Candidate candidate = figure.candidate();
    out.printf(
        Locale.ROOT,
        "%-10s %8.2f ms %8.2f ms  %s%s%s%n",
        candidate == null ? "cpu" : candidate.id(),
        figure.speed().prompt() / 1e3,
        figure.speed().step() / 1e3,
        candidate == null ? "this processor" : describe(candidate.device()),
        figure.known() ? ", measured before" : "",
        fastest ? "; the fastest: auto takes it" : "");
  }

  private static String describe(BackendDevice device) {
    return "%s, %d MB, %s".formatted(device.name(), device.memoryBytes() >> 20, device.driver());
  }
}
