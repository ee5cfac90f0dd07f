package dev.hearth.agent.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.inference.LanguageModel;
import dev.hearth.inference.ModelOptions;
import dev.hearth.inference.Timings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * The built-in model behind Spring AI's interface, with a chat template that shows system messages:
 * prompts that begin with a description, as other models read them.
 */
class LocalChatModelTest {
  private static final String HOME =
      IntStream.range(0, 80)
          .mapToObj(i -> "light.lamp_" + i + " is the lamp number " + i + " of the hall.")
          .collect(Collectors.joining("\n"));

  @TempDir Path folder = Path.of("unset");

  private LanguageModel load() throws IOException {
    Path embedded = ModelStore.embedded(folder.resolve("models"));
    String file = Files.readString(embedded, StandardCharsets.ISO_8859_1);
    int from = file.indexOf("{%- for message in messages %}");
    int to = file.indexOf("{%- endfor %}", from);
    to = file.indexOf("{%- endfor %}", to + 1) + "{%- endfor %}".length();
    String template = "{%- for m in messages %}{{ '<|im_start|>' + m.content }}{%- endfor %}";
    String padded = template + "{#" + " ".repeat(to - from - template.length() - 4) + "#}";
    Path changed = folder.resolve("changed.gguf");
    Files.writeString(
        changed,
        file.substring(0, from) + padded + file.substring(to),
        StandardCharsets.ISO_8859_1);
    return LanguageModel.load(
        changed, ModelOptions.defaults().withBackend("scalar").withThreads(1));
  }

  private LocalChatModel chat(LanguageModel model, Duration timeout) {
    return new LocalChatModel(model, folder.resolve("prefixes"), timeout);
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

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("prefixes"))) {
      return all.toList();
    }
  }
}
