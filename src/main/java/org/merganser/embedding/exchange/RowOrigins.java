package org.merganser.embedding.exchange;

import java.util.Arrays;
import org.merganser.embedding.EmbeddingException;
import org.merganser.tokenizer.PretokenEncoder;
import org.merganser.tokenizer.Tokenizer;

/**
 * Says, for each id of the new tokenizer, from which rows of the old table its row is made.
 *
 * <p>An id is <em>kept</em> if the old tokenizer has its token, under whatever id: the same
 * spelling for the same bytes ({@code é} is one byte in a byte-level vocabulary, and a character as
 * an added token). Any other id with a token is <em>new</em>, and its parts are the ids that the
 * old tokenizer has for its bytes as one pretoken. All other ids are <em>padding</em>.
 */
final class RowOrigins {
  private static final int[] NO_PARTS = {};

  private final Tokenizer from;
  private final Tokenizer to;

  /** By id of the new tokenizer, the old id of its token, or −1. */
  private final int[] keptFrom;

  /** By id of the new tokenizer, the old ids of a new token; empty for other ids. */
  private final int[][] parts;

  /**
   * Compares the tokens of the old tokenizer, {@code from}, and of the new one, {@code to}.
   *
   * @param withParts whether new ids have parts
   * @throws EmbeddingException naming a new token that should have parts and for whose bytes the
   *     old tokenizer has no id
   */
  RowOrigins(Tokenizer from, Tokenizer to, boolean withParts) {
    this.from = from;
    this.to = to;
    this.keptFrom = new int[to.idBound()];
    this.parts = new int[to.idBound()][];
    Arrays.fill(parts, NO_PARTS);
    PretokenEncoder encoder = new PretokenEncoder(from);
    for (int id = 0; id < keptFrom.length; id++) {
      keptFrom[id] = oldId(id);
      if (isNew(id) && withParts) {
        parts[id] = encoder.ids(to.bytes(id));
        if (parts[id].length == 0) {
          throw new EmbeddingException(
              ("the new token #%s, \"%s\", has no ids in the old tokenizer, so its row cannot be a"
                      + " mean; ask for rows that are random or zero")
                  .formatted(id, to.token(id)));
        }
      }
    }
  }

  /** The number of ids of the new tokenizer, gaps included. */
  int idBound() {
    return keptFrom.length;
  }

  /** The old id of a kept id; −1 for a new one and for padding, also beyond the ids. */
  int keptFrom(int id) {
    return id < keptFrom.length ? keptFrom[id] : -1;
  }

  /** Whether an id has a token that the old tokenizer does not have; false beyond the ids. */
  boolean isNew(int id) {
    return id < keptFrom.length && keptFrom[id] < 0 && to.token(id) != null;
  }

  /**
   * The old ids of whose rows the row of a new id is the mean; empty for a kept id, for padding,
   * and if new ids have no parts.
   *
   * @param id below {@link #idBound}
   */
  int[] parts(int id) {
    return parts[id].clone();
  }

  /** The number of old tokens that the new tokenizer does not have. */
  int dropped() {
    int tokens = 0;
    for (int id = 0; id < from.idBound(); id++) {
      if (from.hasToken(id)) {
        tokens++;
      }
    }
    return tokens - (int) Arrays.stream(keptFrom).filter(old -> old >= 0).distinct().count();
  }

  /**
   * The old id of the token of an id; −1 if the old tokenizer does not have the token. If both
   * vocabularies are of characters, tokens of one spelling have the same text, and their bytes need
   * no comparison.
   */
  private int oldId(int id) {
    String token = to.token(id);
    int old = token == null ? -1 : from.id(token);
    if (old < 0) {
      return -1;
    }
    boolean sameAlphabet = isOfCharacters(from) && isOfCharacters(to);
    return sameAlphabet || Arrays.equals(from.bytes(old), to.bytes(id)) ? old : -1;
  }

  /** Whether the text of a token is its spelling, and not bytes in byte-level form. */
  private static boolean isOfCharacters(Tokenizer tokenizer) {
    return !tokenizer.byteLevel() && !tokenizer.parts().normalizesToBytes();
  }
}
