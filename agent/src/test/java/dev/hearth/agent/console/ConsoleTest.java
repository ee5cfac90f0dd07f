package dev.hearth.agent.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hearth.agent.web.WebTest;
import dev.hearth.devices.AreaId;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import dev.hearth.devices.Capability;
import dev.hearth.devices.Entity;
import dev.hearth.devices.EntityId;
import dev.hearth.devices.Exposure;
import dev.hearth.devices.Kind;
import dev.hearth.devices.registry.EntityOverride;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The console in a real Chromium; screenshots lie in {@code target/screenshots}. */
class ConsoleTest extends WebTest {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final String LIGHT = "[data-entity=\"light.kitchen_ceiling\"]";

  // A dying Chromium may still write into its profile.
  @TempDir(cleanup = CleanupMode.NEVER)
  private static Path profiles;

  private Chromium browser;
  private int told;

  @BeforeEach
  void open() throws IOException, InterruptedException {
    assumeTrue(
        Chromium.executable().isPresent(), "no Chromium here: install Debian's package chromium");
    browser =
        Chromium.start(
            Chromium.executable().orElseThrow(), Files.createTempDirectory(profiles, "profile"));
    browser.open(address("/"));
  }

  @AfterEach
  void close() {
    if (browser != null) {
      browser.close();
    }
  }

  @Test
  void signsInShowsLiveStatesTalksAndConfirms() throws IOException {
    browser.screenshot(SCREENSHOTS.resolve("sign-in.png"));
    signIn();

    assertThat(browser.text("#home")).contains("Ground floor", "Kitchen", "Hall");
    assertThat(browser.text(LIGHT)).contains("Kitchen ceiling light", "on · 40 %");

    registry.report("light.kitchen_ceiling", Map.of(Attribute.ON, true, Attribute.BRIGHTNESS, 75));
    browser.await("document.querySelector('" + LIGHT + " .state').innerText === 'on · 75 %'");
    registry.availability("light.kitchen_ceiling", Availability.OFFLINE);
    browser.await("document.querySelector('" + LIGHT + "').dataset.availability === 'offline'");
    assertThat(browser.text(LIGHT)).contains("offline");

    browser.click("#text");
    browser.type("dim the <b>light</b>");
    browser.press("Enter");
    browser.await("document.querySelector('#turns .reply')");
    assertThat(browser.text("#turns"))
        .contains("Heard: dim the <b>light</b>", "done", "Kitchen ceiling light")
        .contains("set brightness 40", "state confirmed", "after 12 ms");

    browser.await("document.activeElement.id === 'text'");
    browser.type("unlock the door");
    browser.press("Enter");
    browser.await("document.querySelector('.confirm')");
    assertThat(browser.value("document.activeElement.id").stringValue())
        .as("a second Enter confirms nothing")
        .isEqualTo("text");
    browser.screenshot(SCREENSHOTS.resolve("confirm.png"));
    browser.click(".confirm");
    browser.await("document.querySelector('#turns').innerText.includes('The door is unlocked.')");
    assertThat(browser.value("document.querySelector('.confirm') === null").booleanValue())
        .isTrue();

    browser.look(1280, 900, "light");
    browser.screenshot(SCREENSHOTS.resolve("light.png"));
    browser.look(1280, 900, "dark");
    browser.screenshot(SCREENSHOTS.resolve("dark.png"));
    browser.look(390, 844, "light");
    browser.screenshot(SCREENSHOTS.resolve("phone.png"));
    assertThat(browser.value("document.documentElement.scrollWidth <= innerWidth").booleanValue())
        .as("fits a phone's width")
        .isTrue();
    assertThat(browser.complaints()).isEmpty();
    registry.availability("light.kitchen_ceiling", Availability.ONLINE);
    registry.report("light.kitchen_ceiling", Map.of(Attribute.ON, true, Attribute.BRIGHTNESS, 40));
  }

  @Test
  void offersToUndoTheLastReplyAloneAndByTheKeyboard() {
    signIn();
    browser.click("#text");
    browser.type("dim the light");
    browser.press("Enter");
    browser.await("document.querySelector('#turns li:last-child .undo')");
    browser.await("document.activeElement.id === 'text'");
    browser.type("dim it more");
    browser.press("Enter");
    browser.await("document.querySelector('#turns li:nth-child(2) .undo')");
    assertThat(browser.value("document.querySelectorAll('.undo').length").intValue())
        .as("only what was done last can be undone")
        .isEqualTo(1);

    browser.value("document.querySelector('.undo').focus()");
    browser.press("Enter");

    browser.await("document.querySelector('#turns').innerText.includes('Undone.')");
    assertThat(browser.value("document.querySelector('.undo') === null").booleanValue())
        .as("there is nothing left to undo")
        .isTrue();
    assertThat(browser.value("document.activeElement.id").stringValue()).isEqualTo("text");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void keepsWhatTheFeedToldWhileTheHomeWasFetchedAnew() {
    signIn();
    browser.value(
        "(() => { const fetched = window.fetch; window.fetch = async (...what) => {"
            + " const answer = await fetched(...what);"
            + " await new Promise(go => window.release = go);"
            + " return answer; }; reloadSoon(); })()");
    browser.await("window.release");

    registry.report("light.kitchen_ceiling", Map.of(Attribute.ON, true, Attribute.BRIGHTNESS, 82));
    browser.await("document.querySelector('" + LIGHT + " .state').innerText === 'on · 82 %'");
    browser.value("document.querySelector('" + LIGHT + "').dataset.replaced = 'not yet'");
    browser.value("window.release()");
    browser.await("document.querySelector('" + LIGHT + "').dataset.replaced === undefined");

    assertThat(browser.text(LIGHT)).contains("on · 82 %");
    registry.report("light.kitchen_ceiling", Map.of(Attribute.ON, true, Attribute.BRIGHTNESS, 40));
  }

  @Test
  void showsNamesOfDevicesAsTextOnly() {
    signIn();

    assertThat(browser.text("[data-entity=\"sensor.evil\"] .name"))
        .isEqualTo("<img src=x onerror=alert(1)> \"evil\" & 'co'");
    assertThat(browser.value("document.querySelectorAll('#home img').length").intValue()).isZero();
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void anOperatorReleasesALockAndGivesItNamesInTheSetUp() throws IOException {
    registry.add(
        "lock.cellar",
        "Cellar lock",
        Kind.LOCK,
        "Hall",
        true,
        List.of(new Capability.Lock()),
        Map.of());
    for (int i = 0; i < 600; i++) {
      registry.add("sensor.s" + i, "Sensor " + i, Kind.SENSOR, "Hall", false, List.of(), Map.of());
    }
    signIn();
    browser.open(address("/set-up"));
    browser.await("document.querySelector('#things li')");
    assertThat(browser.value("document.querySelectorAll('#things li').length").intValue())
        .as("a long list is shown in parts")
        .isEqualTo(50);
    browser.click("#find");
    browser.type("cellar");
    browser.await("document.querySelectorAll('#things li').length === 1");
    assertThat(browser.text("#things")).contains("Cellar lock", "risky, allow it");

    browser.click("#things summary");
    browser.await("document.querySelector('#things form')");
    assertThat(
            browser
                .value(
                    "[...document.querySelectorAll('input:not([type=hidden]),select')].filter(e => !e.labels.length).length")
                .intValue())
        .isZero();
    browser.value(
        "(() => { const [name, aliases] = document.querySelectorAll('#things form input');"
            + " name.value = 'Wine vault'; aliases.value = 'vault, 酒窖锁';"
            + " const [area, exposed, risk] = document.querySelectorAll('#things form select');"
            + " area.value = 'kitchen'; exposed.value = 'true'; risk.value = 'guarded'; })()");
    browser.click("#things form .save");
    browser.await("document.querySelector('#told').innerText === 'Saved: Wine vault'");
    browser.screenshot(SCREENSHOTS.resolve("set-up.png"));
    assertThat(browser.text("#things")).contains("Wine vault", "Kitchen", "you allowed it");
    Entity lock = registry.home().entity(new EntityId("lock.cellar")).orElseThrow();
    assertThat(lock.exposure()).isEqualTo(Exposure.ALLOWED);
    assertThat(lock.aliases()).containsExactly("vault", "酒窖锁");
    assertThat(lock.area()).isEqualTo(new AreaId("kitchen"));

    browser.value(
        "(() => { const d = document.querySelector('#areas li:last-child details'); d.open = true; })()");
    browser.await("document.querySelector('#areas li:last-child form')");
    browser.value(
        "(() => { const form = document.querySelector('#areas li:last-child form');"
            + " form.querySelector('input').value = '酒窖';"
            + " form.querySelector('input[value=kitchen]').checked = true; form.requestSubmit(); })()");
    browser.await("document.querySelector('#areas').innerText.includes('next to Kitchen')");
    assertThat(registry.home().area(AreaId.of("酒窖")).orElseThrow().adjoining())
        .containsExactly(new AreaId("kitchen"));

    assertThat(browser.complaints()).isEmpty();

    browser.value(
        "(() => { const data = new DataTransfer();"
            + " data.items.add(new File(['version: 1\\nfloors: {up: {level: x}}'], 'home.yaml'));"
            + " const file = document.querySelector('#file'); file.files = data.files;"
            + " file.dispatchEvent(new Event('change')); })()");
    browser.await("!document.querySelector('#faults').hidden");
    assertThat(browser.text("#faults")).contains("line 2: floors.up.level: 'x' is no whole number");

    registry.remove("lock.cellar");
    for (int i = 0; i < 600; i++) {
      registry.remove("sensor.s" + i);
    }
    registry.decide(now ->
        now.without(AreaId.of("酒窖"))
            .with(Map.of(new EntityId("lock.cellar"), EntityOverride.NONE)));
  }

  @Test
  void showsErrorsOfTheAgentInTheTalk() {
    signIn();

    browser.click("#text");
    browser.type("overload");
    browser.press("Enter");

    browser.await("document.querySelector('#turns .outcome.error')");
    assertThat(browser.text("#turns")).contains("more than 64 commands are waiting");
  }

  @Test
  void labelsEveryControlAndAnnouncesReplies() {
    signIn();

    assertThat(
            browser
                .value(
                    "[...document.querySelectorAll('input:not([type=hidden]),textarea,select')]"
                        + ".filter(e => !e.labels.length).length")
                .intValue())
        .isZero();
    assertThat(browser.value("document.querySelector('#turns').ariaLive").stringValue())
        .isEqualTo("polite");
    assertThat(browser.value("document.documentElement.lang").stringValue()).isEqualTo("en");
  }

  @Test
  void letsGoOfFeedWhenThePageCloses() {
    browser.open(address("/sign-in"));
    awaitNoFeed(); // those of earlier tests
    signIn();
    Awaitility.await().until(() -> registry.listeners() == 1);

    browser.open(address("/sign-in"));

    awaitNoFeed();
  }

  private void awaitNoFeed() {
    Awaitility.await()
        .atMost(java.time.Duration.ofSeconds(60))
        .until(() -> {
          registry.report(
              "sensor.evil", Map.of(Attribute.NUMBER, (double) ++told)); // makes the feed notice
          return registry.listeners() == 0;
        });
  }

  private void signIn() {
    browser.await("document.querySelector('#token')");
    browser.click("#token");
    browser.type(TOKEN);
    browser.press("Enter");
    browser.await("document.querySelector('#live')?.classList.contains('on')");
  }
}
