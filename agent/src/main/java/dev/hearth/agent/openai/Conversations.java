package dev.hearth.agent.openai;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Finds the conversation that a request continues. OpenAI's protocol has no conversation id; the
 * client sends the whole history instead. So the hash of a history, our reply included, is
 * remembered with our conversation, for the last 1,000 replies.
 */
@Component
class Conversations {
  private static final int REMEMBERED = 1000;

  private final Map<String, String> byHistory =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** One line of a history. */
  record Line(String role, String text) {}

  /** The conversation that went exactly like this, or null. */
  synchronized @Nullable String find(List<Line> history) {
    return history.isEmpty() ? null : byHistory.get(key(history));
  }

  /** Remembers that a conversation has gone like this. */
  synchronized void remember(List<Line> history, String conversation) {
    byHistory.put(key(history), conversation);
  }

  private static String key(List<Line> history) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Line line : history) {
        digest.update(line.role().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(line.text().strip().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 1);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java has no SHA-256; every Java must have it", e);
    }
  }
}
