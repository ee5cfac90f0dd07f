package dev.hearth.inference.gguf;

import dev.hearth.inference.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Command line of {@link SafetensorsConverter}; {@code ./hearth models import} calls it. */
public final class ConvertMain {

  private static final System.Logger LOG = System.getLogger(ConvertMain.class.getName());

  private static final String USAGE =
      """
      usage: ConvertMain FOLDER OUT.gguf [options]
        FOLDER                        has config.json and model.safetensors (or shards and index)
        --quant MIX                   f32, f16, bf16, q8_0, q6_k, q5_k_m, q4_k_m or q4_0 (default q8_0)
        --tokenizer PATH              tokenizer.json, or vocab.json+merges.txt (default: in FOLDER)
        --chat-template FILE          Jinja template (default: that of tokenizer_config.json)
        --metadata KEY=VALUE          further string metadata, may be repeated
      """;

  private ConvertMain() {}

  /** Converts; exits with 2 after a message when the arguments or the files are wrong. */
  public static void main(String[] args) {
    int status = run(args);
    if (status != 0) {
      System.exit(status);
    }
  }

  /**
   * Converts and returns the exit status.
   *
   * @param args see the usage text
   */
  static int run(String[] args) {
    try {
      if (args.length < 2) {
        throw new IllegalArgumentException(USAGE);
      }
      Path out = Path.of(args[1]);
      SafetensorsConverter.convert(job(args), out, new Percents());
      LOG.log(System.Logger.Level.INFO, "Wrote {0}, {1} bytes", out, Files.size(out));
      return 0;
    } catch (IllegalArgumentException | ModelLoadException | IOException e) {
      LOG.log(System.Logger.Level.ERROR, e.getMessage());
      return 2;
    }
  }

  /** Logs every twentieth of the way. */
  private static final class Percents implements GgufWriter.Progress {
    private static final int STEP = 5;
    private long next = STEP;

    @Override
    public void wrote(long done, long total) {
      long percent = 100 * done / total;
      if (percent >= next) {
        LOG.log(System.Logger.Level.INFO, "{0} % of {1} bytes", percent, total);
        next = percent - percent % STEP + STEP;
      }
    }
  }

  private static SafetensorsConverter.Job job(String[] args) {
    QuantMix mix = QuantMix.Q8_0;
    @Nullable String tokenizer = null;
    @Nullable Path template = null;
    Map<String, String> metadata = new LinkedHashMap<>();
    for (int i = 2; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " needs a value\n" + USAGE);
      }
      String value = args[i + 1];
      switch (args[i]) {
        case "--quant" -> mix = QuantMix.of(value);
        case "--tokenizer" -> tokenizer = value;
        case "--chat-template" -> template = Path.of(value);
        case "--metadata" -> {
          int equals = value.indexOf('=');
          if (equals < 1) {
            throw new IllegalArgumentException("--metadata needs KEY=VALUE, not " + value);
          }
          metadata.put(value.substring(0, equals), value.substring(equals + 1));
        }
        default -> throw new IllegalArgumentException("unknown option " + args[i] + "\n" + USAGE);
      }
    }
    return new SafetensorsConverter.Job(Path.of(args[0]), mix, tokenizer, template, metadata);
  }
}
