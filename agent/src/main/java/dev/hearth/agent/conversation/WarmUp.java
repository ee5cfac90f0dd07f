package dev.hearth.agent.conversation;

import dev.hearth.agent.language.HomeLanguage;
import dev.hearth.devices.registry.HomeRegistry;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Understands a few sentences once the agent is ready, and does nothing about them, so that the
 * first real one finds its code compiled and its prompt in the cache.
 */
@Component
class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
  private static final List<String> SENTENCES =
      List.of(
          "turn on the kitchen lights",
          "set the bedroom to 21 degrees and close the blinds",
          "关掉客厅的灯",
          "is the front door locked?");

  private final HomeLanguage language;
  private final HomeRegistry registry;

  WarmUp(HomeLanguage language, HomeRegistry registry) {
    this.language = language;
    this.registry = registry;
  }

  @EventListener(ApplicationReadyEvent.class)
  void start() {
    Thread.ofVirtual().name("warm-up").start(this::run);
  }

  private void run() {
    try {
      for (String sentence : SENTENCES) {
        language.understand(sentence, registry.home(), Optional.empty(), List.of());
      }
    } catch (RuntimeException e) {
      LOG.warn("the language model did not answer a first sentence: {}", e.getMessage());
    }
  }
}
