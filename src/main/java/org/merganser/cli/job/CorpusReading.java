package org.merganser.cli.job;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.plan.SkippedInputs;
import org.merganser.corpus.read.UnitReader;
import org.merganser.pipeline.output.OutputFolder;
import org.merganser.text.scan.CutRule;

/** Reads the texts of a command that runs no job, one unit after another. */
final class CorpusReading {
  private CorpusReading() {}

  /**
   * Passes each document of a corpus on.
   *
   * @param handler takes the documents, and dead letters
   * @param err receives notes, and the progress
   */
  static void read(CorpusSettings settings, DocumentHandler handler, PrintWriter err)
      throws IOException {
    CutRule cutNowhere = null;
    UnitReader reader = new UnitReader(settings, cutNowhere);
    String ownOutput = null;
    OutputFolder.requireNoInput(settings, ownOutput);
    SkippedInputs skipped = new SkippedInputs();
    List<WorkUnit> units = CorpusPlanner.plan(CorpusPlanner.list(settings, skipped));
    Stream.concat(skipped.summary().stream().map("not read: "::concat), skipped.warnings().stream())
        .forEach(note -> err.println("merganser: note: " + TerminalText.message(note)));
    long totalBytes = units.stream().mapToLong(WorkUnit::textBytes).sum();
    ReadingProgress progress = new ReadingProgress(handler, totalBytes, err, System::nanoTime);
    for (WorkUnit unit : units) {
      reader.read(unit, progress);
    }
  }
}
