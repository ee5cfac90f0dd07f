package dev.hearth.agent.home;

import dev.hearth.devices.Area;
import dev.hearth.devices.Entity;
import dev.hearth.devices.Floor;
import dev.hearth.devices.Home;
import dev.hearth.devices.registry.EntityPatch;
import dev.hearth.devices.registry.HomeRegistry;
import dev.hearth.devices.simulation.HomeLayout;
import dev.hearth.devices.simulation.SimulatedHome;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    Home home = registry.home();
    for (Floor floor : layout.floors()) {
      if (home.floor(floor.id()).isEmpty()) {
        registry.putFloor(floor);
      }
    }
    for (Area area : layout.areas()) {
      if (home.area(area.id()).filter(a -> a.floor() != null || !a.aliases().isEmpty()).isEmpty()) {
        registry.putArea(area);
      }
    }
    for (HomeLayout.Place place : layout.entities()) {
      if (home.entity(place.id()).map(Entity::aliases).filter(java.util.List::isEmpty).isPresent()
          && !place.aliases().isEmpty()) {
        registry.update(place.id(), EntityPatch.withAliases(place.aliases()));
      }
    }
  }
}
