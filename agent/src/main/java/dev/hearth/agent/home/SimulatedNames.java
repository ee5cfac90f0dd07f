package dev.hearth.agent.home;

import dev.hearth.devices.Area;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Exposure;
import dev.hearth.devices.Floor;
import dev.hearth.devices.Home;
import dev.hearth.devices.registry.EntityOverride;
import dev.hearth.devices.registry.HomeRegistry;
import dev.hearth.devices.registry.StoredHome;
import dev.hearth.devices.simulation.HomeLayout;
import dev.hearth.devices.simulation.SimulatedHome;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/**
 * Waits for the simulated home to be discovered before the agent calls itself ready, and teaches
 * the registry what discovery cannot tell: floors, and names in other languages. What somebody has
 * changed since stays.
 */
@Component
class SimulatedNames implements ApplicationRunner {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedNames.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HomeRegistry registry;
  private final HomeSettings settings;

  SimulatedNames(HomeRegistry registry, HomeSettings settings) {
    this.registry = registry;
    this.settings = settings;
  }

  @Override
  public void run(ApplicationArguments args) throws InterruptedException {
    if (!settings.simulation()) {
      return;
    }
    HomeLayout layout = SimulatedHome.layout();
    CountDownLatch discovered = new CountDownLatch(1);
    HomeRegistry.Subscription watching =
        registry.subscribe(event -> {
          if (complete(layout)) {
            discovered.countDown();
          }
        });
    try {
      if (!complete(layout) && !discovered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn(
            "the simulated home is not complete after {} s; the broker may be out of reach",
            PATIENCE.toSeconds());
      }
    } finally {
      watching.close();
    }
    teach(layout);
  }

  private boolean complete(HomeLayout layout) {
    Home home = registry.home();
    return layout.entities().stream().allMatch(e -> home.entity(e.id()).isPresent());
  }

  private void teach(HomeLayout layout) {
    teach(decided -> places(decided, layout));
    teach(decided -> things(decided, layout));
  }

  private void teach(UnaryOperator<StoredHome> lesson) {
    try {
      registry.decide(lesson);
    } catch (IllegalArgumentException e) {
      LOG.warn("the simulated home keeps its plain names: {}", e.getMessage());
    }
  }

  /** Floors where there are none yet, and what nobody has decided about areas. */
  private static StoredHome places(StoredHome decided, HomeLayout layout) {
    StoredHome after = decided;
    if (decided.floors().isEmpty()) {
      for (Floor floor : layout.floors()) {
        after = after.with(floor);
      }
    }
    for (Area area : layout.areas()) {
      Area present = decided.area(area.id()).orElse(null);
      boolean plain =
          present == null
              ? !decided.ignored().contains(area.id())
              : present.floor() == null && present.aliases().isEmpty();
      if (plain) {
        boolean floor = area.floor() != null && after.floor(area.floor()).isPresent();
        after =
            after.with(
                (floor ? area : area.withFloor(null))
                    .withAdjoining(present == null ? List.of() : present.adjoining()));
      }
    }
    return after;
  }

  /**
   * Names of entities where nobody gave any. The simulated home is its own operator: it releases
   * its locks and its garage door.
   */
  private StoredHome things(StoredHome decided, HomeLayout layout) {
    Home home = registry.home();
    Map<EntityId, EntityOverride> entities = new HashMap<>();
    for (HomeLayout.Place place : layout.entities()) {
      EntityOverride override = decided.of(place.id());
      if (override.aliases() == null && !place.aliases().isEmpty()) {
        override = override.withAliases(place.aliases());
      }
      if (home.entity(place.id())
          .filter(e -> e.exposure() == Exposure.RISKY && SimulatedHome.owns(e.device()))
          .isPresent()) {
        override = override.withExposed(true);
      }
      entities.put(place.id(), override);
    }
    return decided.with(entities);
  }
}
