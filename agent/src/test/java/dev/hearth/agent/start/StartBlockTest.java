package dev.hearth.agent.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StartBlockTest {

  @Test
  void showsEveryReportInOneBlock() {
    String text =
        new StartBlock(
                List.of(
                    report("Model", "hearth-home (qwen2)", "backend vector: AVX2"),
                    report("Broker", "tcp://evil\n\u001b[31mhost")))
            .text(" after 3.2 s");

    assertThat(text.lines().skip(1).toList())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("── Hearth is ready after 3.2 s ──").hasSize(78),
            line -> assertThat(line).isEqualTo("  Model       hearth-home (qwen2)"),
            line -> assertThat(line).isEqualTo("              backend vector: AVX2"),
            line -> assertThat(line).isEqualTo("  Broker      tcp://evil  [31mhost"),
            line -> assertThat(line).isEqualTo("─".repeat(78)));
  }

  @Test
  void survivesReportThatFails() {
    StartReport broken =
        new StartReport() {
          @Override
          public String title() {
            return "Devices";
          }

          @Override
          public List<String> lines() {
            throw new IllegalStateException("no registry");
          }
        };

    assertThat(new StartBlock(List.of(broken)).text("")).contains("unknown (no registry)");
  }

  private static StartReport report(String title, String... lines) {
    return new StartReport() {
      @Override
      public String title() {
        return title;
      }

      @Override
      public List<String> lines() {
        return List.of(lines);
      }
    };
  }
}
