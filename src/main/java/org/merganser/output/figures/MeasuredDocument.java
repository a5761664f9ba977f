package org.merganser.output.figures;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.merganser.message.ShortName;
import org.merganser.store.CodePointOrder;

/**
 * A document with its length and origin, without its text.
 *
 * @param id the name of the document, as {@link ShortName} has it
 * @param file the file as {@code inputs.jsonl} names it; empty if the shards do not have it
 * @param offset the place of the document's record in the file, in bytes
 * @param part 0, or the number of the first part that is counted
 * @param group the group; null, which is not written, for none
 * @param tokens the number of ids
 */
public record MeasuredDocument(
    String id,
    String file,
    long offset,
    int part,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String group,
    long tokens) {
  /** The longest first; documents of equal length by their place, then by their name. */
  static final Comparator<MeasuredDocument> ORDER =
      Comparator.comparingLong((MeasuredDocument document) -> -document.tokens)
          .thenComparing(MeasuredDocument::file, CodePointOrder.INSTANCE)
          .thenComparingLong(MeasuredDocument::offset)
          .thenComparing(MeasuredDocument::id, CodePointOrder.INSTANCE);

  /** Shortens the name. */
  public MeasuredDocument {
    id = ShortName.of(id);
  }

  /** Whether this is a later part, or later parts, of the other document. */
  boolean continues(MeasuredDocument other) {
    return part > 0 && offset == other.offset && file.equals(other.file) && id.equals(other.id);
  }

  /** This document with the ids of its next part. */
  MeasuredDocument plusPart(MeasuredDocument next) {
    return new MeasuredDocument(id, file, offset, part, group, Math.addExact(tokens, next.tokens));
  }
}
