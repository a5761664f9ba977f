package org.merganser.pipeline.select;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.ValidationSplit;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.select.DeadRecords;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.corpus.select.SelectedDocuments;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.RunSpec;

/** What each document of a unit is for, by the job and by what was found of duplicates. */
public final class DocumentSelection {
  private final ValidationSplit split;
  private final int[] duplicates;
  private final @Nullable DeadRecords rescued;
  private final String rescuedSha256;
  private final boolean sameParts;

  private DocumentSelection(
      ValidationSplit split,
      int[] duplicates,
      @Nullable DeadRecords rescued,
      String rescuedSha256,
      boolean sameParts) {
    this.split = split;
    this.duplicates = duplicates;
    this.rescued = rescued;
    this.rescuedSha256 = rescuedSha256;
    this.sameParts = sameParts;
  }

  /**
   * Of a unit's documents.
   *
   * @param duplicates of the plan that the unit is in
   */
  public static DocumentSelection of(RunSpec spec, WorkUnit unit, DuplicateList duplicates)
      throws IOException {
    return new DocumentSelection(
        new ValidationSplit(JobComponents.corpus(spec.job()).validation()),
        duplicates.of(unit.number()),
        WorkerDeadRecords.of(spec.job()),
        WorkerDeadRecords.sha256(spec.job()),
        WorkerDeadRecords.sameParts(spec));
  }

  /** Tells {@code handler} what each document is for; for one reading of the unit. */
  public DocumentHandler before(DocumentHandler handler) {
    DocumentHandler selected = new SelectedDocuments(split, duplicates, handler);
    return rescued == null ? selected : rescued.only(selected, sameParts);
  }

  /** Of all that decides. */
  public String fingerprint() {
    return Fingerprint.of("selection", split.share(), Arrays.toString(duplicates), rescuedSha256);
  }
}
