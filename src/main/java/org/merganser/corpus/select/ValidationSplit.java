package org.merganser.corpus.select;

import org.merganser.checksum.NameHash;

/**
 * Chooses the validation documents: those whose id hashes below a bound ({@link NameHash}), so that
 * the choice depends on the id alone. A document keeps its side when the corpus grows; parts of a
 * document, and documents with equal ids, are on one side. The author of an id can choose the side.
 *
 * @param share of all documents, in [0, 1]; the actual share of few documents depends on chance
 */
public record ValidationSplit(double share) {
  public ValidationSplit {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share of " + share + " is not in [0, 1]");
    }
  }

  /** Whether the document of an id is for validation. */
  public boolean holdsOut(String id) {
    return share > 0 && NameHash.fraction(id) < share;
  }
}
