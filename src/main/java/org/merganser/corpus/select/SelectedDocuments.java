package org.merganser.corpus.select;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DatasetSplit;
import org.merganser.corpus.Document;
import org.merganser.corpus.Document.Selection;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.ForwardingDocumentHandler;

/**
 * Sets the {@link Selection} of each document of a unit, between the reader and the next handler. A
 * unit's documents must come from its beginning, in order. The parts of a document in the unit
 * count as one document and have the same selection.
 */
public final class SelectedDocuments extends ForwardingDocumentHandler {
  private final ValidationSplit split;
  private final int[] duplicates;
  private final @Nullable ExcludedIds excluded;
  private int ordinal = -1;
  private int nextDuplicate;
  private boolean duplicate;
  private int excludedPlace = -1;
  private String file = "";
  private long offset;

  /**
   * @param excluded ids of documents that are left out, which are decided first; null for none
   * @param duplicates ordinals of the unit's documents that are left out, ascending, as in {@link
   *     DuplicateList}
   */
  public SelectedDocuments(
      ValidationSplit split,
      @Nullable ExcludedIds excluded,
      int[] duplicates,
      DocumentHandler handler) {
    super(handler);
    this.excluded = excluded;
    this.split = split;
    this.duplicates = duplicates;
  }

  @Override
  public void document(Document document) throws IOException {
    select(document);
    super.document(document);
  }

  @Override
  public void check(Document part) throws IOException {
    select(part);
    super.check(part);
  }

  private void select(Document document) {
    if (document.offset != offset || !document.file.equals(file)) {
      ordinal++;
      duplicate = nextDuplicate < duplicates.length && duplicates[nextDuplicate] == ordinal;
      if (duplicate) {
        nextDuplicate++;
      }
      excludedPlace = excluded == null ? -1 : excluded.place(document.id);
      file = document.file;
      offset = document.offset;
    }
    if (excludedPlace >= 0) {
      document.selection = Selection.EXCLUDED;
      document.excludedPlace = excludedPlace;
    } else if (document.split == DatasetSplit.TEST) {
      document.selection = Selection.TEST_SPLIT;
    } else if (duplicate) {
      document.selection = Selection.DUPLICATE;
    } else {
      boolean heldOut =
          document.validationInput
              || document.split == DatasetSplit.VALIDATION
              || split.holdsOut(document.id);
      document.selection = heldOut ? Selection.VALIDATION : Selection.TRAINING;
    }
  }
}
