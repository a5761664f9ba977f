package org.merganser.corpus.select;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DatasetSplit;
import org.merganser.corpus.Document;
import org.merganser.corpus.Document.Selection;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.ForwardingDocumentHandler;

/**
 * Decides the {@link Selection} of each document of a unit, sets it, and passes the document on.
 * The first that applies counts: excluded id, test split, duplicate, validation. The documents must
 * be those of the complete unit, in order. The parts of a document in the unit count as one
 * document and have the same selection.
 */
public final class SelectedDocuments extends ForwardingDocumentHandler {
  private final ValidationSplit split;

  /** The ordinals of the unit's duplicates, ascending. */
  private final int[] duplicates;

  private final @Nullable ExcludedIds excluded;

  private final DocumentOrdinals ordinals = new DocumentOrdinals();

  /** The index in {@link #duplicates} of the next one. */
  private int nextDuplicate;

  /** Whether the current document is a duplicate. */
  private boolean isDuplicate;

  /** The place of the current document's id in {@link #excluded}, or that it is not there. */
  private int excludedPlace = ExcludedIds.ABSENT;

  /**
   * @param split chooses validation documents among those that are not left out
   * @param excluded ids of documents that are left out; null for none
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

  /** Sets the selection of a document, or of a part of the current one. */
  private void select(Document document) {
    if (ordinals.goTo(document)) {
      isDuplicate =
          nextDuplicate < duplicates.length && duplicates[nextDuplicate] == ordinals.ordinal();
      if (isDuplicate) {
        nextDuplicate++;
      }
      excludedPlace = excluded == null ? ExcludedIds.ABSENT : excluded.place(document.id);
    }
    if (excludedPlace != ExcludedIds.ABSENT) {
      document.selection = Selection.EXCLUDED;
      document.excludedPlace = excludedPlace;
    } else if (document.split == DatasetSplit.TEST) {
      document.selection = Selection.TEST_SPLIT;
    } else if (isDuplicate) {
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
