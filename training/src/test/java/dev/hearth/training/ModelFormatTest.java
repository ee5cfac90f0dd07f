package dev.hearth.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.agent.language.Family;
import dev.hearth.inference.chat.ChatMessage;
import dev.hearth.inference.chat.ChatTemplate;
import dev.hearth.inference.chat.TokenizerInfo;
import dev.hearth.inference.tokenizer.Tokenizer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ModelFormatTest {
  @Test
  void trainingAndServingRenderTheSamePrompt() {
    ChatTemplate template =
        ChatTemplate.of(
            ModelFormat.CHAT_TEMPLATE, new TokenizerInfo("", "<|im_end|>", ModelFormat.SPECIAL));

    assertThat(template.render(List.of(ChatMessage.user("turn off the① lights")), List.of(), true))
        .isEqualTo(ModelFormat.prompt("turn off the① lights"));
  }

  @Test
  void aLearntVocabularyTakesEveryTextBackAndHandlesAsOneToken() {
    Generator generator = new Generator(new SplittableRandom(3), ModelFormat.SYNTAX);
    Bpe bpe = new Bpe();
    for (int i = 0; i < 500; i++) {
      bpe.count(generator.next().marked().text());
    }
    for (int times = 0; times < 5; times++) {
      bpe.count(Family.AREA.handle(0));
    }
    bpe.learn(600);
    Tokenizer tokenizer = ModelFormat.tokenizer(bpe.vocabulary, bpe.merges);

    assertThat(tokenizer.encode(Family.AREA.handle(0), false)).hasSize(1);
    for (String text : List.of("turn off the① lights", "把①的灯关掉", "émoji 😀 \t 日本")) {
      assertThat(tokenizer.decode(tokenizer.encode(text, false))).isEqualTo(text);
    }
  }
}
