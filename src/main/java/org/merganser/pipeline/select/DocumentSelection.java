package org.merganser.pipeline.select;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.ValidationSplit;
import org.merganser.corpus.WorkUnit;
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

  /**
   * Of a unit's documents.
   *
   * @param duplicates of the plan that the unit is in
   */
  public DocumentSelection(RunSpec spec, WorkUnit unit, DuplicateList duplicates)
      throws IOException {
    this.split = new ValidationSplit(JobComponents.corpus(spec.job()).choice().validation());
    this.duplicates = duplicates.of(unit.number());
    this.excluded = WorkerExcludedIds.of(spec);
  }

  /** Tells {@code handler} what each document is for; for one reading of the unit. */
  public DocumentHandler before(DocumentHandler handler) {
    return new SelectedDocuments(split, excluded, duplicates, handler);
  }

  /** The fingerprint of all that decides. */
  public String fingerprint() {
    String selection = Fingerprint.of("selection", split.share(), Arrays.toString(duplicates));
    return excluded == null ? selection : Fingerprint.of("excluding", excluded.sha256(), selection);
  }
}
