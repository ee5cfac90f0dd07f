package dev.hearth.agent.conversation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Which plan of a conversation waits for a yes. */
final class Confirmations {
  private static final int MOST = 1_000;
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
}
