package dev.hearth.agent.conversation;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which plan of a conversation waits for a yes, and what counts as one. */
final class Confirmations {
  private static final int MOST = 1_000;
  private static final Set<String> YES =
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
  private static final Set<String> NO =
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

  /** What a text is to a question. */
  enum Answer {
    YES,
    NO,
    NEITHER
  }

  private final Map<String, String> tokens =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MOST;
        }
      };

  synchronized void put(String conversation, String token) {
    tokens.put(conversation, token);
  }

  /** The token of the plan that waits in a conversation; it no longer waits then. */
  synchronized Optional<String> take(String conversation) {
    return Optional.ofNullable(tokens.remove(conversation));
  }

  static Answer answer(String text) {
    String plain = text.strip().toLowerCase(Locale.ROOT).replaceAll("[\\s.!,。！，]+$", "");
    return YES.contains(plain) ? Answer.YES : NO.contains(plain) ? Answer.NO : Answer.NEITHER;
  }
}
