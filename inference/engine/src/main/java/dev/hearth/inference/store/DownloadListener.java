package dev.hearth.inference.store;

import dev.hearth.inference.gguf.GgufWriter;

/** Is told how a download goes, on its thread. */
public interface DownloadListener extends GgufWriter.Progress {

  /** Tells nobody. */
  DownloadListener NONE =
      new DownloadListener() {
        @Override
        public void wrote(long done, long total) {}

        @Override
        public void note(String text) {}
      };

  /**
   * What happens beside the bytes, a sentence for people: a lost connection, a new beginning, the
   * check at the end.
   */
  void note(String text);
}
