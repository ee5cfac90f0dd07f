package dev.hearth.agent.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.inference.Generation;
import dev.hearth.inference.GenerationRequest;
import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelInfo;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.Timings;
import dev.hearth.inference.TokenListener;
import dev.hearth.inference.chat.ChatTemplate;
import dev.hearth.inference.chat.ToolCallSyntax;
import dev.hearth.inference.grammar.TokenVocabulary;
import dev.hearth.inference.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * The built-in model behind Spring AI's interface, with a chat template that shows system messages:
 * prompts that begin with a description, as other models read them.
 */
class LocalChatModelTest {
  private static final String PLAIN =
      "{%- for m in messages %}{{ '<|im_start|>' + m.content }}{%- endfor %}";
  private static final String THINKS = PLAIN + "{{ '<think>\\n' }}";
  private static final String HOME =
      IntStream.range(0, 80)
          .mapToObj(i -> "light.lamp_" + i + " is the lamp number " + i + " of the hall.")
          .collect(Collectors.joining("\n"));

  @TempDir Path folder = Path.of("unset");

  private LanguageModel load() throws IOException {
    return load(PLAIN, true);
  }

  /** The built-in model with another template, as one that only calls or that may also talk. */
  private LanguageModel load(String template, boolean callsOnly) throws IOException {
    Path embedded = ModelStore.embedded(folder.resolve("models"));
    String file = Files.readString(embedded, StandardCharsets.ISO_8859_1);
    int from = file.indexOf("{%- for message in messages %}");
    int to = file.indexOf("{%- endfor %}", from);
    to = file.indexOf("{%- endfor %}", to + 1) + "{%- endfor %}".length();
    String padded = template + "{#" + " ".repeat(to - from - template.length() - 4) + "#}";
    String end = file.substring(to);
    Path changed = folder.resolve("changed.gguf");
    Files.writeString(
        changed,
        file.substring(0, from)
            + padded
            + (callsOnly ? end : end.replace("hearth.calls_only", "hearth.calls_also")),
        StandardCharsets.ISO_8859_1);
    return LanguageModel.load(
        changed, ModelOptions.defaults().withBackend("scalar").withThreads(1));
  }

  private LocalChatModel chat(LanguageModel model, Duration timeout) {
    return new LocalChatModel(model, folder.resolve("prefixes"), timeout, Thinking.OFF);
  }

  private static Timings ask(LocalChatModel chat, String home, String words) {
    Prompt prompt =
        new Prompt(
            List.of(new SystemMessage(home), new UserMessage(words)),
            ChatOptions.builder().maxTokens(3).build());
    return Objects.requireNonNull(
        chat.call(prompt).getMetadata().get(LocalChatModel.TIMINGS), "timings");
  }

  @Test
  void whatPromptsBeginWithIsRunOnceAndReadByTheNextStart() throws IOException {
    int prompt;
    try (LanguageModel model = load()) {
      LocalChatModel chat = chat(model, Duration.ofSeconds(60));
      prompt = ask(chat, HOME, "turn on the hall lamp").promptTokens();
      Timings second = ask(chat, HOME, "is it dark outside");
      assertThat(second.prefilledTokens()).isLessThan(40);
    }
    assertThat(prompt).isGreaterThan(500);
    assertThat(files()).hasSize(1);
    try (LanguageModel model = load()) {
      Timings first = ask(chat(model, Duration.ofSeconds(60)), HOME, "open the door");
      assertThat(first.cachedTokens()).isGreaterThan(prompt - 40);
      assertThat(first.prefilledTokens()).isLessThan(40);
    }
  }

  @Test
  void aChangedHomeIsPreparedAnew() throws IOException {
    try (LanguageModel model = load()) {
      LocalChatModel chat = chat(model, Duration.ofSeconds(60));
      ask(chat, HOME, "turn on the hall lamp");
      ask(chat, HOME + "\nlight.new is new.", "turn on the hall lamp");
      assertThat(files()).hasSize(2);
      assertThat(ask(chat, HOME + "\nlight.new is new.", "and off").prefilledTokens())
          .isLessThan(40);
    }
  }

  @Test
  void anAnswerThatTakesTooLongIsAnErrorAndNotHalfAnAnswer() throws IOException {
    try (LanguageModel model = load()) {
      LocalChatModel chat = chat(model, Duration.ofNanos(1));
      assertThatThrownBy(() -> ask(chat, HOME, "turn on the hall lamp"))
          .isInstanceOf(UnfinishedAnswerException.class)
          .hasMessageContaining("hearth.language.timeout-seconds");
    }
  }

  /** The model, and what went in and came out. */
  private static final class Overheard implements LanguageModel {
    private final LanguageModel model;
    private String prompt = "";
    private String written = "";
    private int[] tokens = {};

    Overheard(LanguageModel model) {
      this.model = model;
    }

    @Override
    public Generation generate(GenerationRequest request, TokenListener listener) {
      prompt = model.tokenizer().decode(request.promptTokens());
      Generation generation = model.generate(request, listener);
      written = generation.text();
      tokens = generation.tokens();
      return generation;
    }

    @Override
    public ModelInfo info() {
      return model.info();
    }

    @Override
    public Tokenizer tokenizer() {
      return model.tokenizer();
    }

    @Override
    public TokenVocabulary vocabulary() {
      return model.vocabulary();
    }

    @Override
    public ChatTemplate chatTemplate() {
      return model.chatTemplate();
    }

    @Override
    public ToolCallSyntax toolCallSyntax() {
      return model.toolCallSyntax();
    }

    @Override
    public boolean prepare(int[] prefix, Path prefixes) {
      return model.prepare(prefix, prefixes);
    }

    @Override
    public void close() {
      model.close();
    }
  }

  private String reply(Overheard model, Thinking thinking) {
    LocalChatModel chat =
        new LocalChatModel(model, folder.resolve("prefixes"), Duration.ofSeconds(60), thinking);
    Prompt prompt =
        new Prompt(
            List.of(new UserMessage("is it dark?")), ChatOptions.builder().maxTokens(20).build());
    String text = Objects.requireNonNull(chat.call(prompt).getResult()).getOutput().getText();
    return Objects.requireNonNull(text, "text");
  }

  @Test
  void thinkingThatIsOffIsClosedInThePrompt() throws IOException {
    try (Overheard model = new Overheard(load(THINKS, false))) {
      String reply = reply(model, Thinking.OFF);

      assertThat(model.prompt).endsWith("is it dark?<think>\n\n</think>\n\n");
      assertThat(reply).isEqualTo(model.written);
    }
  }

  @Test
  void thinkingEndsAtItsLimitAndStaysUnseen() throws IOException {
    try (Overheard model = new Overheard(load(THINKS, false))) {
      String reply = reply(model, new Thinking(0, 7));

      assertThat(model.prompt).endsWith("is it dark?<think>\n");
      assertThat(model.written).contains("</think>");
      int end = model.written.indexOf("</think>");
      int[] upToLimit = Arrays.copyOf(model.tokens, 7);
      assertThat(model.written.substring(0, end))
          .isEqualTo(model.tokenizer().decode(upToLimit) + "\n");
      assertThat(reply.strip())
          .isEqualTo(model.written.substring(end + "</think>".length()).strip());
    }
  }

  @Test
  void nothingIsAddedForAModelThatDoesNotThink() throws IOException {
    for (boolean callsOnly : new boolean[] {true, false}) {
      try (Overheard model = new Overheard(load(PLAIN, callsOnly))) {
        reply(model, new Thinking(50, 50));

        assertThat(model.prompt).endsWith("is it dark?");
        assertThat(model.written).doesNotContain("<think>");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "is the door locked?, true, 9",
    "门锁了吗, true, 9",
    "灯开着呢。, true, 9",
    "'(The speaker is in: Hall)\n is it dark ?', true, 9",
    "turn on the light, true, 5",
    "打开厨房的灯。, true, 5",
    "tell me a story, false, 9"
  })
  void questionsAndTalkMayBeThoughtAboutMoreThanCommands(String text, boolean tools, int limit) {
    assertThat(new Thinking(5, 9).limit(text, tools)).isEqualTo(limit);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("prefixes"))) {
      return all.toList();
    }
  }
}
