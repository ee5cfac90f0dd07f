package dev.hearth.agent.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhraseTest {
  @ParameterizedTest
  @CsvSource({
    "undo, UNDO",
    "  Undo that!, UNDO",
    "UNDO IT., UNDO",
    "撤销。, UNDO",
    "撤销刚才的操作, UNDO",
    "Yes please., YES",
    "好的。, YES",
    "never mind, NO",
    "取消, NO",
    "undo the blinds, OTHER",
    "do not undo that, OTHER",
    "undo that and turn on the light, OTHER",
    "撤销厨房的灯, OTHER",
    "yes turn on the light, OTHER",
    "turn on the light, OTHER",
  })
  void onlyWholeSentencesAreUnderstoodWithoutAModel(String text, Phrase phrase) {
    assertThat(Phrase.of(text)).isEqualTo(phrase);
  }
}
