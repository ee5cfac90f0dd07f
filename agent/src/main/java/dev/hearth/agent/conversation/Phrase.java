package dev.hearth.agent.conversation;

import java.util.Locale;
import java.util.Set;

/**
 * The few short sentences that are understood without a model, word for word: whatever says more
 * than one of them is for the model.
 */
enum Phrase {
  /** Yes, to a plan that waits. */
  YES,
  /** No, to a plan that waits. */
  NO,
  /** To undo what was done last. */
  UNDO,
  /** Anything else. */
  OTHER;

  private static final Set<String> YES_WORDS =
      Set.of(
          "yes",
          "yes please",
          "yeah",
          "yep",
          "sure",
          "ok",
          "okay",
          "confirm",
          "do it",
          "go ahead",
          "please do",
          "是",
          "是的",
          "好",
          "好的",
          "确认",
          "可以",
          "行",
          "对",
          "嗯");
  private static final Set<String> NO_WORDS =
      Set.of(
          "no",
          "no thanks",
          "nope",
          "cancel",
          "stop",
          "don't",
          "do not",
          "never mind",
          "不",
          "不要",
          "不用",
          "取消",
          "算了",
          "别");
  private static final Set<String> UNDO_WORDS =
      Set.of(
          "undo",
          "undo that",
          "undo it",
          "undo this",
          "undo the last command",
          "please undo",
          "please undo that",
          "undo please",
          "undo that please",
          "undo that, please",
          "撤销",
          "撤消",
          "请撤销",
          "撤销操作",
          "撤销刚才的操作",
          "撤销上一步",
          "撤销上一个操作");

  /** What a text is, whatever its case and its last punctuation. */
  static Phrase of(String text) {
    String plain = text.strip().toLowerCase(Locale.ROOT).replaceAll("[\\s.!,。！，]+$", "");
    if (YES_WORDS.contains(plain)) {
      return YES;
    }
    if (NO_WORDS.contains(plain)) {
      return NO;
    }
    return UNDO_WORDS.contains(plain) ? UNDO : OTHER;
  }
}
