package org.merganser.pipeline.encode;

import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.corpus.Document;
import org.merganser.corpus.Segments;
import org.merganser.pipeline.pretokens.KeptPretokenReader;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialTextException;
import org.merganser.tokenizer.UnencodableException;

/**
 * Produces the ids of one document at a time, and the loss mask of documents with segments. Each
 * segment is encoded separately, so no token spans two segments. The mask has a 1 for each id of a
 * segment on which a model is trained, and a 0 for each other id. If the job has a
 * begin-of-document id, the first part of a document begins with it. Not thread-safe.
 *
 * <p>The order of the calls for a document: {@link #encode}, {@link #end}, then the methods that
 * return ids, mask and numbers. If ids are not needed, {@link #count} and {@link #countEnd} take
 * the place of the first two.
 */
final class DocumentIds {
  private final Encoder encoder;

  /** Whether documents may be ill-formed UTF-8. */
  private final boolean anyBytes;

  /** The begin-of-document id; -1 for none. */
  private final int beginOfDocument;

  /** The end-of-document id; -1 for none. */
  private final int endOfDocument;

  /** Has the ids of the documents that it passes on; null if documents have their text. */
  private final @Nullable KeptPretokenReader pretokenReader;

  private final IdBuffer ids = new IdBuffer(1 << 16);

  /** A 1 or 0 for each id of a document with segments. */
  private final IdBuffer mask = new IdBuffer(0);

  /** The segments of the last document; null if it has none. */
  private @Nullable Segments segments;

  /** The number of ids before the text of the last document: 1 for a begin-of-document id, or 0. */
  private int idsBeforeText;

  /** The number of ids with a 1 in the mask, of the last document. */
  private long lossTokens;

  /**
   * @param anyBytes whether documents may be ill-formed UTF-8
   * @param beginOfDocument the begin-of-document id; -1 for none
   * @param endOfDocument the end-of-document id; -1 for none
   * @param pretokenReader passes on the documents, and has their ids; null if documents have their
   *     text
   */
  DocumentIds(
      Encoder encoder,
      boolean anyBytes,
      int beginOfDocument,
      int endOfDocument,
      @Nullable KeptPretokenReader pretokenReader) {
    this.encoder = encoder;
    this.anyBytes = anyBytes;
    this.beginOfDocument = beginOfDocument;
    this.endOfDocument = endOfDocument;
    this.pretokenReader = pretokenReader;
  }

  /** Whether {@link #encode} and {@link #count} may throw an exception for a text. */
  boolean mayRefuse() {
    return encoder.mayRefuse();
  }

  /**
   * Encodes a document. Its ids and its mask replace those of the document before.
   *
   * @throws SpecialTextException as {@link Encoder#encode}; there are no ids then
   * @throws UnencodableException as {@link Encoder#encode}; there are no ids then
   */
  void encode(Document document) {
    ids.clear();
    mask.clear();
    boolean onlyCounts = false;
    process(document, onlyCounts);
  }

  /**
   * Counts the ids that {@link #encode} would produce, for a document that has its text; produces
   * none.
   *
   * @throws SpecialTextException as {@link #encode}
   * @throws UnencodableException as {@link #encode}
   */
  long count(Document document) {
    boolean onlyCounts = true;
    return process(document, onlyCounts);
  }

  /**
   * Adds the end-of-document id, with the flag of the last segment, if the job has one and this is
   * the last part of the document.
   */
  void end(Document document) {
    if (hasEnd(document)) {
      ids.add(endOfDocument);
      flagEnd();
    }
  }

  /** Counts the id that {@link #end} would add; returns 1, or 0 if it would add none. */
  long countEnd(Document document) {
    if (!hasEnd(document)) {
      return 0;
    }
    flagEnd();
    return 1;
  }

  /** Whether the end-of-document id follows the text of a document, or of a part of one. */
  private boolean hasEnd(Document document) {
    return endOfDocument >= 0 && document.lastPart;
  }

  /** Flags the end-of-document id, or counts it, as the last segment. */
  private void flagEnd() {
    flag(segments == null ? 0 : segments.count() - 1, 1);
  }

  /** Whether there is text, and the last id is the end-of-document id. */
  boolean lastIdIsEnd() {
    boolean hasText = ids.size() > idsBeforeText;
    return hasText && ids.ids()[ids.size() - 1] == endOfDocument;
  }

  /** The number of ids with a 1 in the mask, of the document that was encoded or counted last. */
  long lossTokens() {
    return lossTokens;
  }

  /** The ids of the document, in a buffer that is reused. */
  IdBuffer ids() {
    return ids;
  }

  /** A 1 or 0 for each id, in an array that is reused; null if the document has no segments. */
  int @Nullable [] mask() {
    return segments == null ? null : mask.ids();
  }

  /**
   * Encodes or counts a document segment by segment; returns the number of its ids.
   *
   * @param onlyCounts whether the ids are counted, and none are added
   */
  private long process(Document document, boolean onlyCounts) {
    lossTokens = 0;
    segments = document.segments;
    idsBeforeText = begin(document, onlyCounts);
    long total = idsBeforeText;
    int start = document.from;
    for (int i = 0; i < document.segmentCount(); i++) {
      int end = document.segmentEnd(i);
      try {
        long added = onlyCounts ? count(document.text, start, end) : add(document, i, start, end);
        total += added;
        flag(i, added);
      } catch (SpecialTextException | UnencodableException e) {
        ids.clear();
        mask.clear();
        idsBeforeText = 0;
        lossTokens = 0;
        throw withOffset(e, start - document.from);
      }
      start = end;
    }
    return total;
  }

  /** Begins a document, unless this is a later part of it; returns the number of ids before it. */
  private int begin(Document document, boolean onlyCounts) {
    if (beginOfDocument < 0 || document.part > 0) {
      return 0;
    }
    if (!onlyCounts) {
      ids.add(beginOfDocument);
      if (segments != null) {
        mask.add(0);
      }
    }
    return 1;
  }

  /** The number of ids of a segment. */
  private long count(byte[] text, int from, int to) {
    return anyBytes ? encoder.countBytes(text, from, to) : encoder.count(text, from, to);
  }

  /** Adds the ids of a segment; returns their number. */
  private int add(Document document, int segment, int from, int to) {
    int before = ids.size();
    if (pretokenReader != null) {
      pretokenReader.appendIds(segment, ids);
    } else if (anyBytes) {
      encoder.encodeBytes(document.text, from, to, ids);
    } else {
      encoder.encode(document.text, from, to, ids);
    }
    return ids.size() - before;
  }

  /**
   * Counts ids of a segment as loss tokens if it has a loss, and flags all ids that have no flag
   * yet; does nothing for a document without segments.
   */
  private void flag(int segment, long added) {
    if (segments == null) {
      return;
    }
    boolean hasLoss = segments.hasLoss(segment);
    if (hasLoss) {
      lossTokens += added;
    }
    while (mask.size() < ids.size()) {
      mask.add(hasLoss ? 1 : 0);
    }
  }

  /** The exception with its offset in the document or part instead of the segment. */
  private static RuntimeException withOffset(RuntimeException refused, int segmentOffset) {
    if (segmentOffset > 0 && refused instanceof SpecialTextException special) {
      return new SpecialTextException(special.token(), special.offset() + segmentOffset);
    }
    if (segmentOffset > 0 && refused instanceof UnencodableException unencodable) {
      return new UnencodableException(
          unencodable.character(), unencodable.offset() + segmentOffset);
    }
    return refused;
  }
}
