package dev.hearth.inference.store;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows how far something is: on a terminal one line that is drawn over and over, elsewhere a line
 * for every tenth of the way.
 */
final class ProgressBar implements DownloadListener, AutoCloseable {

  private static final long REDRAW_NANOS = 200_000_000L;
  private static final int SHORTEST_BAR = 10;
  private static final int STEP = 10;
  private static final long UNKNOWN_STEP = 500_000_000L;

  private final PrintStream out;
  private final int columns;
  private final LongSupplier nanoTime;
  private final Rate rate = new Rate();
  private boolean drawn;
  private long drawnAt;
  private long last;
  private long next;

  /**
   * A bar that shows nothing yet.
   *
   * @param columns width of the terminal; 0 if there is none
   * @param nanoTime as {@link System#nanoTime}
   */
  ProgressBar(PrintStream out, int columns, LongSupplier nanoTime) {
    this.out = out;
    this.columns = columns;
    this.nanoTime = nanoTime;
  }

  @Override
  public void wrote(long done, long total) {
    long now = nanoTime.getAsLong();
    rate.at(now, done);
    boolean begins = last == 0 || done < last;
    last = done;
    if (columns > 0) {
      if (begins || done == total || now - drawnAt >= REDRAW_NANOS) {
        draw(line(done, total));
        drawnAt = now;
      }
      return;
    }
    long at = total > 0 ? 100 * done / total : done;
    long step = total > 0 ? STEP : UNKNOWN_STEP;
    if (begins) {
      next = at - at % step + step;
    } else if (at >= next) {
      out.println(line(done, total).strip());
      next = at - at % step + step;
    }
  }

  @Override
  public void note(String text) {
    close();
    out.println(text);
  }

  private void draw(String line) {
    out.print("\r" + line + " ".repeat(Math.max(0, columns - 1 - line.length())));
    out.flush();
    drawn = true;
  }

  private String line(long done, long total) {
    double perSecond = rate.perSecond();
    String speed = perSecond > 0 ? String.format(Locale.ROOT, "  %.1f MB/s", perSecond / 1e6) : "";
    if (total <= 0) {
      return cut(size(done) + speed);
    }
    String head = String.format(Locale.ROOT, "%3d %% ", 100 * done / total);
    String left = perSecond > 0 ? "  " + time((long) ((total - done) / perSecond)) + " left" : "";
    String tail = " %s of %s%s%s".formatted(size(done), size(total), speed, left);
    int room = columns - 1 - head.length() - tail.length() - 2;
    if (room < SHORTEST_BAR) {
      return cut(head + tail.strip());
    }
    int full = (int) (room * done / total);
    return head + "[" + "=".repeat(full) + " ".repeat(room - full) + "]" + tail;
  }

  private String cut(String line) {
    return columns > 0 && line.length() >= columns ? line.substring(0, columns - 1) : line;
  }

  /** Bytes for people, in decimal units. */
  static String size(long bytes) {
    return bytes < 1_000_000_000L
        ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
  }

  private static String time(long seconds) {
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? "%d min %02d s".formatted(seconds / 60, seconds % 60)
        : "%d h %02d min".formatted(seconds / 3600, seconds / 60 % 60);
  }

  /** Leaves what is drawn and goes to the next line. */
  @Override
  public void close() {
    if (drawn) {
      out.println();
      drawn = false;
    }
  }
}
