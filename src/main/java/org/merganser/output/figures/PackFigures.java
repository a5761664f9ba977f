package org.merganser.output.figures;

import java.io.Serializable;
import java.util.Locale;

/**
 * The counts of packing. Every id of a document is kept, cropped or dropped: {@code tokens +
 * beginTokens = kept + cropped + dropped}.
 *
 * @param sequences the number of packed sequences
 * @param tokens the ids of documents, without those in {@code beginTokens}
 * @param beginTokens the ids that begin a document for that purpose
 * @param kept the ids that are in a sequence
 * @param cropped the ids that were dropped because a document was cropped
 * @param dropped the ids of short sequences that were left out
 * @param padded the places of sequences that no id of a document has, whether an id for padding
 *     fills them or the sequence is shorter
 */
public record PackFigures(
    long sequences,
    long tokens,
    long beginTokens,
    long kept,
    long cropped,
    long dropped,
    long padded)
    implements Serializable {
  /** The counts before any packing. */
  public static final PackFigures ZERO = new PackFigures(0, 0, 0, 0, 0, 0, 0);

  /** A line for people with the number of sequences and the shares of ids. */
  public String summary() {
    long ids = tokens + beginTokens;
    long places = kept + padded;
    return String.format(
        Locale.ROOT,
        "%,d sequences; of %,d ids %s kept, %s cropped, %s dropped; %s of the places padded",
        sequences,
        ids,
        percent(kept, ids),
        percent(cropped, ids),
        percent(dropped, ids),
        percent(padded, places));
  }

  private static String percent(long part, long whole) {
    return String.format(Locale.ROOT, "%.2f %%", whole == 0 ? 0 : 100.0 * part / whole);
  }

  /** The figures of both. */
  public PackFigures plus(PackFigures other) {
    return new PackFigures(
        Math.addExact(sequences, other.sequences),
        Math.addExact(tokens, other.tokens),
        Math.addExact(beginTokens, other.beginTokens),
        Math.addExact(kept, other.kept),
        Math.addExact(cropped, other.cropped),
        Math.addExact(dropped, other.dropped),
        Math.addExact(padded, other.padded));
  }
}
