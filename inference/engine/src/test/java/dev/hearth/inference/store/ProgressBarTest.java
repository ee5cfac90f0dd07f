package dev.hearth.inference.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressBarTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private final AtomicLong clock = new AtomicLong();

  private String shown(int columns, long step, long total) {
    try (ProgressBar bar = new ProgressBar(out, columns, clock::get)) {
      for (long done = step; done <= total; done += step) {
        clock.addAndGet(1_000_000_000);
        bar.wrote(done, total);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void drawsOneLineOnATerminalWithRateAndRemainingTime() {
    String shown = shown(80, 10_000_000, 1_000_000_000);
    assertThat(shown.split("\r", -1)).allMatch(line -> line.stripTrailing().length() < 80);
    assertThat(shown)
        .contains("\r 50 % [")
        .contains("] 500.0 MB of 1.00 GB  10.0 MB/s  50 s left")
        .endsWith("\n");
    assertThat(shown.lines().filter(line -> !line.isBlank())).hasSize(100);
    assertThat(shown.chars().filter(c -> c == '\n')).hasSize(1);
  }

  @Test
  void leavesTheBarOutOnANarrowTerminal() {
    assertThat(shown(30, 100_000_000, 1_000_000_000).split("\r", -1))
        .allMatch(line -> line.stripTrailing().length() < 30);
  }

  @Test
  void printsALineForEachTenthElsewhere() {
    String shown = shown(0, 10_000_000, 1_000_000_000);
    assertThat(shown.lines()).hasSize(10);
    assertThat(shown).doesNotContain("\r").contains("90 %").contains("100 % ");
  }

  @Test
  void showsWhatIsWrittenWhenTheWholeIsUnknown() {
    try (ProgressBar bar = new ProgressBar(out, 60, clock::get)) {
      bar.wrote(5_000_000, -1);
      bar.note("lost; trying again");
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("5.0 MB")
        .endsWith("\nlost; trying again\n");
  }

  @Test
  void forgetsTheRateWhenSomethingBeginsAnew() {
    Rate rate = new Rate();
    rate.at(0, 0);
    rate.at(1_000_000_000, 1000);
    assertThat(rate.perSecond()).isEqualTo(1000);
    rate.at(2_000_000_000L, 10);
    assertThat(rate.perSecond()).isZero();
    rate.at(60_000_000_000L, 20);
    rate.at(61_000_000_000L, 70);
    assertThat(rate.perSecond()).isEqualTo(50);
  }
}
