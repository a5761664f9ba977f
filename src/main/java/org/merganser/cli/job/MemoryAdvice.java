package org.merganser.cli.job;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.HeapTooSmallException;
import org.merganser.job.Job;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.Stage;

/** Advice for a heap that was too small: names the figures of the job on which memory depends. */
final class MemoryAdvice {
  private MemoryAdvice() {}

  /** The error, or null where none of the causes is about memory. */
  static @Nullable Throwable find(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError || cause instanceof HeapTooSmallException) {
        return cause;
      }
    }
    return null;
  }

  /**
   * The advice for a run.
   *
   * @param stage that was at work; null before the first
   */
  static String of(Throwable error, @Nullable Job job, @Nullable Stage stage) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "out of memory (%s) with a heap of %s",
            error.getMessage(),
            SummaryPrinter.bytes(Runtime.getRuntime().maxMemory())));
    if (stage == null) {
      return text.append("; give more: MERGANSER_OPTS=-Xmx8g").toString();
    }
    text.append(" in stage \"").append(stage.label()).append('"');
    text.append(". Nothing half-written is visible. Then run again, it goes on where it stopped:");
    text.append("\n  give more: MERGANSER_OPTS=-Xmx8g");
    text.append("\n  or use fewer threads: --targetParallelism=1");
    if (job != null && job.corpus() != null) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n  or allow smaller documents: corpus.maxDocumentBytes is %,d, and each thread"
                  + " takes up to three times that; of those that cannot be cut"
                  + " (corpus.maxWholeDocumentBytes, %,d) one at a time takes up to 12 times that",
              job.corpus().limits().maxDocumentBytes(),
              JobComponents.maxWholeDocumentBytes(job.corpus())));
    }
    if (stage == Stage.COUNT || stage.learnsMerges()) {
      text.append(
          "\n  or learn from less text (tokenizer.train.maxBytes), which has fewer distinct words");
    }
    return text.toString();
  }
}
