package org.merganser.pipeline.select;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.ValidationSplit;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.select.DeadRecords;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.corpus.select.ExcludedIds;
import org.merganser.corpus.select.SelectedDocuments;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.RunSpec;

/** What each document of a unit is for, by the job and by what was found of duplicates. */
public final class DocumentSelection {
  private final ValidationSplit split;
  private final int[] duplicates;
  private final @Nullable ExcludedIds excluded;
  private final @Nullable DeadRecords rescued;
  private final String rescuedSha256;
  private final boolean sameParts;

  /**
   * Of a unit's documents.
   *
   * @param duplicates of the plan that the unit is in
   */
  public DocumentSelection(RunSpec spec, WorkUnit unit, DuplicateList duplicates)
      throws IOException {
    this.split = new ValidationSplit(JobComponents.corpus(spec.job()).validation());
    this.duplicates = duplicates.of(unit.number());
    this.excluded = WorkerExcludedIds.of(spec);
    this.rescued = WorkerDeadRecords.of(spec.job());
    this.rescuedSha256 = WorkerDeadRecords.sha256(spec.job());
    this.sameParts = WorkerDeadRecords.sameParts(spec);
  }

  /** Tells {@code handler} what each document is for; for one reading of the unit. */
  public DocumentHandler before(DocumentHandler handler) {
    DocumentHandler selected = new SelectedDocuments(split, excluded, duplicates, handler);
    return rescued == null ? selected : rescued.only(selected, sameParts);
  }

  /** The fingerprint of all that decides. */
  public String fingerprint() {
    String selection =
        Fingerprint.of("selection", split.share(), Arrays.toString(duplicates), rescuedSha256);
    return excluded == null ? selection : Fingerprint.of("excluding", excluded.sha256(), selection);
  }
}
