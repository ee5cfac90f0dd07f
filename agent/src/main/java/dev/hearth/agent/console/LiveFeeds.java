package dev.hearth.agent.console;

import dev.hearth.agent.conversation.OverloadedException;
import dev.hearth.devices.registry.HomeRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** All browsers that watch, at most 100. */
@Component
class LiveFeeds {
  private static final int LIMIT = 100;

  private final HomeRegistry registry;
  private final Set<LiveFeed> feeds = ConcurrentHashMap.newKeySet();

  LiveFeeds(HomeRegistry registry) {
    this.registry = registry;
  }

  /** Starts a feed. */
  SseEmitter open() {
    if (feeds.size() >= LIMIT) {
      throw new OverloadedException(LIMIT);
    }
    SseEmitter emitter = new SseEmitter(0L);
    LiveFeed feed = new LiveFeed(emitter);
    feeds.add(feed);
    emitter.onCompletion(feed::close);
    emitter.onError(e -> feed.close());
    Thread.ofVirtual()
        .name("console-feed")
        .start(() -> {
          var subscription = registry.subscribe(feed::accept);
          try {
            feed.run();
          } finally {
            subscription.close();
            feeds.remove(feed);
          }
        });
    return emitter;
  }

  /** Lets a graceful shutdown end at once. */
  @EventListener
  void closing(ContextClosedEvent event) {
    feeds.forEach(LiveFeed::close);
  }
}
