package org.merganser.pipeline.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.output.manifest.InputLine;
import org.merganser.output.manifest.InputSums;
import org.merganser.output.manifest.Totals;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.count.FirstReadingReceipts;
import org.merganser.pipeline.output.deadletter.LostFiles;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.TokenizerSource;

/**
 * What a run has read of its text, and the files of which it lost records. A run that only learns
 * has them from the receipts of the first reading ({@link #of}), since its manifest counts only
 * text that is encoded.
 *
 * @param totals over all files; of a run that only learns, each record that was not lost counts as
 *     a document
 * @param lost the files that lost records; {@link LostFiles#NONE} for a run that encodes, whose
 *     list of inputs has them
 */
public record ReadingTotals(Totals totals, LostFiles lost) {
  /**
   * Sums the receipts of the first reading of all units.
   *
   * @return null if the run encodes text, or learns from tables of counts
   */
  static @Nullable ReadingTotals of(RunSpec spec) throws IOException {
    if (!(spec.kind() instanceof RunKind.Train train)
        || !(train.tokenizer() instanceof TokenizerSource.FromText text)) {
      return null;
    }
    List<UnitReceipt> read = new ArrayList<>();
    for (WorkUnit unit : PlanFile.units(text.plan())) {
      read.add(FirstReadingReceipts.read(spec.paths(), unit));
    }
    List<InputLine> lost = new ArrayList<>();
    InputSums sums =
        InputSums.read(
            read.iterator(),
            (unit, range) -> null, // the lines are not written
            file -> {
              if (LostFiles.isLost(file)) {
                lost.add(file);
              }
            });
    return new ReadingTotals(sums.totals(), LostFiles.of(lost));
  }
}
