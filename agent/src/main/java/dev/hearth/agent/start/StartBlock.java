package dev.hearth.agent.start;

import java.lang.management.ManagementFactory;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Logs one readable block when the agent is ready. */
@Component
class StartBlock {
  private static final Logger log = LoggerFactory.getLogger(StartBlock.class);
  private static final int TITLE_WIDTH = 12;
  private static final int RULE_WIDTH = 78;

  private final List<StartReport> reports;

  StartBlock(List<StartReport> reports) {
    this.reports = List.copyOf(reports);
  }

  @EventListener
  void ready(ApplicationReadyEvent event) {
    // Since the virtual machine began, not since Spring did: that is what somebody waits for.
    double seconds = ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0;
    log.info("{}", text(" after %.1f s".formatted(seconds)));
  }

  /** The block; a report that fails shows its error instead of stopping the start. */
  String text(String after) {
    StringBuilder block = new StringBuilder();
    String head = "── Hearth is ready" + after + " ";
    block.append('\n').append(head).append("─".repeat(Math.max(0, RULE_WIDTH - head.length())));
    for (StartReport report : reports) {
      String title = report.title();
      for (String line : linesOf(report)) {
        block
            .append("\n  ")
            .append(title)
            .append(" ".repeat(Math.max(1, TITLE_WIDTH - title.length())))
            .append(line.replaceAll("\\p{Cntrl}", " "));
        title = "";
      }
    }
    return block.append('\n').append("─".repeat(RULE_WIDTH)).toString();
  }

  private static List<String> linesOf(StartReport report) {
    try {
      return report.lines();
    } catch (RuntimeException e) {
      log.warn("The start report \"{}\" failed", report.title(), e);
      return List.of("unknown (" + e.getMessage() + ")");
    }
  }
}
