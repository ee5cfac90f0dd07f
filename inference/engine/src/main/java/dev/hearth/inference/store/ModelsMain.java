package dev.hearth.inference.store;

import dev.hearth.inference.ModelLoadException;
import dev.hearth.inference.generate.DeviceReport;
import dev.hearth.inference.gguf.QuantMix;
import dev.hearth.inference.gguf.SafetensorsConverter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The command line of {@code ./hearth models}; its first argument is the models' folder. */
public final class ModelsMain {

  /** Width of the terminal that standard output is, as the launcher found it; absent if none. */
  private static final String COLUMNS = "hearth.columns";

  /** As the agent names it in its data directory. */
  private static final String MEASURED = "devices.properties";

  private static final String HELP = " (./hearth help)";
  private static final int BENCH_PROMPT = 128;
  private static final int BENCH_TOKENS = 32;
  private static final int BENCH_ROUNDS = 5;

  private final ModelFolder folder;
  private final PrintStream out;
  private final int columns;

  ModelsMain(Path folder, PrintStream out, int columns) {
    this.folder = new ModelFolder(folder);
    this.out = out;
    this.columns = columns;
  }

  /** Does what is asked; exits with 1 after a message when it cannot be done. */
  @SuppressWarnings("SystemOut") // a command line
  public static void main(String[] args) {
    List<String> all = List.of(args);
    int status =
        new ModelsMain(Path.of(all.getFirst()), System.out, Integer.getInteger(COLUMNS, 0))
            .run(all.subList(1, all.size()), System.err);
    if (status != 0) {
      System.exit(status);
    }
  }

  /**
   * Does what is asked.
   *
   * @param args what and its arguments; nothing lists
   * @param errors where errors go
   * @return the exit status
   */
  int run(List<String> args, PrintStream errors) {
    try {
      Arguments rest = new Arguments(args.isEmpty() ? List.of("list") : args);
      String what = rest.next("something to do");
      switch (what) {
        case "list" -> {
          rest.end();
          list();
        }
        case "pull" -> pull(rest);
        case "import" -> convert(rest);
        case "use" -> use(rest);
        case "remove" -> remove(rest);
        case "bench" -> bench(rest);
        case "devices" -> devices(rest);
        default -> throw new IllegalArgumentException("unknown: models " + what + HELP);
      }
      return 0;
    } catch (IllegalArgumentException | ModelLoadException | IOException e) {
      String message = e.getMessage() == null ? e.toString() : e.getMessage();
      errors.println(
          "hearth: " + (e.getClass().getPackageName().startsWith("java.nio") ? e : message));
      return 1;
    }
  }

  private void list() throws IOException {
    for (ModelFolder.Model model : folder.list()) {
      out.printf(
          "%-40s %10s%s%n",
          model.name(),
          model.file() == null ? "" : ProgressBar.size(model.bytes()),
          model.active() ? "  active" : "");
    }
    for (String name : folder.unfinished()) {
      out.printf("%-40s %10s  import or pull it again to go on%n", name, "unfinished");
    }
    catalogue();
  }

  private void catalogue() {
    out.println();
    out.println("To be had with ./hearth models pull NAME:");
    for (Catalogue.Entry entry : Catalogue.entries()) {
      out.printf(
          "%-40s %10s  %s; %s licence%n",
          entry.name(), ProgressBar.size(entry.aboutBytes()), entry.description(), entry.licence());
    }
  }

  private void pull(Arguments rest) throws IOException {
    String what = rest.next("a name of the catalogue (./hearth models list) or an address");
    Map<String, String> options = rest.end("--name", "--sha256", "--no-verify");
    PullSource source =
        PullSource.of(
            what,
            options.get("--name"),
            options.get("--sha256"),
            !options.containsKey("--no-verify"));
    out.println("Pulling " + source.name() + " from " + WebAddress.shown(source.uri()));
    try (ProgressBar bar = new ProgressBar(out, columns, System::nanoTime)) {
      new Download(folder, source).run(bar);
    }
    done(source.name());
  }

  private void convert(Arguments rest) throws IOException {
    Path from = Path.of(rest.next("a folder with config.json and model.safetensors"));
    Map<String, String> options = rest.end("--name", "--quant");
    if (!Files.isDirectory(from)) {
      throw new IllegalArgumentException("there is no folder " + from);
    }
    String own = String.valueOf(from.toAbsolutePath().normalize().getFileName());
    String name = options.getOrDefault("--name", own);
    ModelFolder.requireNewName(name);
    QuantMix mix = QuantMix.of(options.getOrDefault("--quant", "q4_k_m"));
    Files.createDirectories(folder.path());
    try (ProgressBar bar = new ProgressBar(out, columns, System::nanoTime)) {
      SafetensorsConverter.convert(
          new SafetensorsConverter.Job(from, mix, null, null, Map.of()),
          folder.path().resolve(name + ModelFolder.SUFFIX),
          bar);
    }
    done(name);
  }

  private void done(String name) {
    out.println("Use it: ./hearth up --model " + name + ", or always: ./hearth models use " + name);
  }

  private void use(Arguments rest) throws IOException {
    String name = rest.next("a name (./hearth models list)");
    rest.end();
    if (!folder.use(name)) {
      throw missing(name);
    }
    out.println("From the next start on (./hearth up) the model is " + name);
  }

  private void remove(Arguments rest) throws IOException {
    String name = rest.next("a name (./hearth models list)");
    rest.end();
    boolean active = folder.chosen().filter(name::equals).isPresent();
    if (!folder.remove(name)) {
      throw missing(name);
    }
    if (active) {
      out.println("From the next start on (./hearth up) the model is " + ModelFolder.BUILT_IN);
    }
  }

  private void bench(Arguments rest) throws IOException {
    Path file = file(rest.hasNext() ? rest.next("a name") : active());
    Map<String, String> options = rest.end("--prompt", "--generate", "--rounds");
    new Bench(
            out,
            number(options, "--prompt", BENCH_PROMPT, 1),
            number(options, "--generate", BENCH_TOKENS, 2),
            number(options, "--rounds", BENCH_ROUNDS, 1))
        .run(file);
  }

  /** What the agent finds out at a start it finds in the same file. */
  private void devices(Arguments rest) throws IOException {
    Path file = file(rest.hasNext() ? rest.next("a name") : active());
    rest.end();
    new DeviceReport(out).run(file, folder.path().resolveSibling(MEASURED));
  }

  /** The file of a model that is named, or a path. */
  private Path file(String name) throws IOException {
    Optional<ModelFolder.Model> model = folder.find(name);
    Path file = model.isPresent() ? model.get().file() : Path.of(name);
    if (file == null) {
      throw new IllegalArgumentException(
          "the built-in model is unpacked at the first start: ./hearth up");
    }
    if (!Files.isRegularFile(file)) {
      throw missing(name);
    }
    return file;
  }

  private String active() throws IOException {
    return folder.chosen().orElse(ModelFolder.BUILT_IN);
  }

  private static int number(Map<String, String> options, String name, int otherwise, int least) {
    String value = options.get(name);
    if (value == null) {
      return otherwise;
    }
    if (!value.matches("\\d{1,6}") || Integer.parseInt(value) < least) {
      throw new IllegalArgumentException(name + " needs a number from " + least + ", not " + value);
    }
    return Integer.parseInt(value);
  }

  private IllegalArgumentException missing(String name) {
    return new IllegalArgumentException(
        "there is no model %s in %s (./hearth models list)".formatted(name, folder.path()));
  }

  /** Words first, then options; an option that stands alone has an empty value. */
  private static final class Arguments {
    private static final Set<String> ALONE = Set.of("--no-verify");

    private final Deque<String> words;

    Arguments(List<String> words) {
      this.words = new ArrayDeque<>(words);
    }

    boolean hasNext() {
      String next = words.peek();
      return next != null && !next.startsWith("--");
    }

    String next(String what) {
      @Nullable String word = hasNext() ? words.poll() : null;
      if (word == null || word.isEmpty()) {
        throw new IllegalArgumentException(what + " is missing" + HELP);
      }
      return word;
    }

    Map<String, String> end(String... known) {
      Map<String, String> options = new HashMap<>();
      while (!words.isEmpty()) {
        String option = words.remove();
        if (!List.of(known).contains(option)) {
          throw new IllegalArgumentException("unknown option " + option + HELP);
        }
        @Nullable String value = ALONE.contains(option) ? "" : words.poll();
        if (value == null) {
          throw new IllegalArgumentException(option + " needs a value" + HELP);
        }
        options.put(option, value);
      }
      return options;
    }
  }
}
