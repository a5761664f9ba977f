package org.merganser.pipeline.select;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.corpus.select.ExcludedIds;
import org.merganser.corpus.select.SelectedDocuments;
import org.merganser.corpus.select.ValidationSplit;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.spec.RunSpec;

/**
 * Has what decides the use of each document of a unit (training, validation or none): the split and
 * the excluded ids of the job, and the list of duplicates. {@link SelectedDocuments} decides by it.
 */
public final class DocumentSelection {
  private final ValidationSplit split;

  /**
   * The ordinals of the unit's documents that are duplicates, as {@link DuplicateList#ordinals}.
   */
  private final int[] duplicates;

  /** Null if the job leaves out no ids. */
  private final @Nullable ExcludedIds excluded;

  /**
   * @param duplicates of all units of the plan
   */
  public DocumentSelection(RunSpec spec, WorkUnit unit, DuplicateList duplicates)
      throws IOException {
    this.split = new ValidationSplit(spec.job().requireCorpus().validation());
    this.duplicates = duplicates.ordinals(unit.number());
    this.excluded = WorkerExcludedIds.of(spec);
  }

  /** A handler for one reading that passes each document with its use to {@code handler}. */
  public DocumentHandler before(DocumentHandler handler) {
    return new SelectedDocuments(split, excluded, duplicates, handler);
  }

  /** The fingerprint of the excluded ids and of the duplicates, by which documents are left out. */
  public String fingerprint() {
    String sha256 = excluded == null ? null : excluded.sha256();
    return Fingerprint.of("selection", sha256, Arrays.toString(duplicates));
  }
}
