package org.merganser.output.figures;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.Serializable;
import java.util.Locale;

/**
 * The counts of packing. Every id of a document is kept, cropped or dropped, so {@link Documents}
 * and {@link Outcome} add up to the same number. In JSON all counts are in one object.
 *
 * @param sequences the number of packed sequences
 * @param documents the ids of the documents
 * @param outcome what became of them
 * @param padded the places of sequences that no id of a document has, whether an id for padding
 *     fills them or the sequence is shorter
 */
public record PackFigures(
    long sequences, @JsonUnwrapped Documents documents, @JsonUnwrapped Outcome outcome, long padded)
    implements Serializable {
  /** The counts before any packing. */
  public static final PackFigures ZERO =
      new PackFigures(0, new Documents(0, 0), new Outcome(0, 0, 0), 0);

  /**
   * The ids of the documents.
   *
   * @param tokens the ids without those in {@code beginTokens}
   * @param beginTokens the ids that begin a document for that purpose
   */
  public record Documents(long tokens, long beginTokens) implements Serializable {
    private Documents plus(Documents other) {
      return new Documents(
          Math.addExact(tokens, other.tokens), Math.addExact(beginTokens, other.beginTokens));
    }
  }

  /**
   * What became of the ids of the documents.
   *
   * @param kept the ids that are in a sequence
   * @param cropped the ids that were dropped because a document was cropped
   * @param dropped the ids of short sequences that were left out
   */
  public record Outcome(long kept, long cropped, long dropped) implements Serializable {
    private Outcome plus(Outcome other) {
      return new Outcome(
          Math.addExact(kept, other.kept),
          Math.addExact(cropped, other.cropped),
          Math.addExact(dropped, other.dropped));
    }
  }

  /** A line for people with the number of sequences and the shares of ids. */
  public String summary() {
    long ids = documents.tokens + documents.beginTokens;
    long places = outcome.kept + padded;
    return String.format(
        Locale.ROOT,
        "%,d sequences; of %,d ids %s kept, %s cropped, %s dropped; %s of the places padded",
        sequences,
        ids,
        percent(outcome.kept, ids),
        percent(outcome.cropped, ids),
        percent(outcome.dropped, ids),
        percent(padded, places));
  }

  private static String percent(long part, long whole) {
    return String.format(Locale.ROOT, "%.2f %%", whole == 0 ? 0 : 100.0 * part / whole);
  }

  /** The figures of both. */
  public PackFigures plus(PackFigures other) {
    return new PackFigures(
        Math.addExact(sequences, other.sequences),
        documents.plus(other.documents),
        outcome.plus(other.outcome),
        Math.addExact(padded, other.padded));
  }
}
