package dev.hearth.agent.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hearth.agent.web.WebTest;
import dev.hearth.devices.Attribute;
import dev.hearth.devices.Availability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
              "lock.front_door", Map.of(Attribute.LOCK, "locked")); // makes the feed notice
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
