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
 * segment on which a model is trained, and a 0 for each other id. The first part of a document
 * begins with the id of the job that begins documents, if there is one. Not thread-safe.
 */
final class DocumentIds {
  private final Encoder encoder;
  private final boolean anyBytes;
  private final int beginOfDocument;
  private final @Nullable KeptPretokenReader pretokenReader;
  private final IdBuffer ids = new IdBuffer(1 << 16);
  private final IdBuffer mask = new IdBuffer(0);
  private @Nullable Segments segments;
  private int first;
  private long lossTokens;

  /**
   * @param anyBytes whether documents may be ill-formed UTF-8
   * @param beginOfDocument the id before each document, -1 for none
   * @param pretokenReader passes on the documents, and has their ids; null if documents have their
   *     text
   */
  DocumentIds(
      Encoder encoder,
      boolean anyBytes,
      int beginOfDocument,
      @Nullable KeptPretokenReader pretokenReader) {
    this.encoder = encoder;
    this.anyBytes = anyBytes;
    this.beginOfDocument = beginOfDocument;
    this.pretokenReader = pretokenReader;
  }

  /**
   * Replaces the ids of the document before.
   *
   * @throws SpecialTextException as {@link Encoder#encode}; there are no ids then
   * @throws UnencodableException as {@link Encoder#encode}; there are no ids then
   */
  void encode(Document document) {
    ids.clear();
    mask.clear();
    encode(document, false);
  }

  boolean mayRefuse() {
    return encoder.mayRefuse();
  }

  long count(Document document) {
    return encode(document, true);
  }

  private long encode(Document document, boolean counts) {
    lossTokens = 0;
    segments = document.segments;
    first = begin(document, counts);
    long all = first;
    int start = document.from;
    for (int i = 0; i < document.segmentCount(); i++) {
      int end = document.segmentEnd(i);
      try {
        long added = counts ? count(document.text, start, end) : add(document, i, start, end);
        all += added;
        mark(i, added);
      } catch (SpecialTextException | UnencodableException e) {
        ids.clear();
        mask.clear();
        throw inDocument(e, start - document.from);
      }
      start = end;
    }
    return all;
  }

  /** Begins a document, unless this is a later part of it; returns the number of ids. */
  private int begin(Document document, boolean counts) {
    if (beginOfDocument < 0 || document.part > 0) {
      return 0;
    }
    if (!counts) {
      ids.add(beginOfDocument);
      if (segments != null) {
        mask.add(0);
      }
    }
    return 1;
  }

  private long count(byte[] text, int from, int to) {
    return anyBytes ? encoder.countBytes(text, from, to) : encoder.count(text, from, to);
  }

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

  private void mark(int segment, long added) {
    boolean loss = segments != null && segments.hasLoss(segment);
    lossTokens += loss ? added : 0;
    while (segments != null && mask.size() < ids.size()) {
      mask.add(loss ? 1 : 0);
    }
  }

  private static RuntimeException inDocument(RuntimeException refused, int before) {
    if (before > 0 && refused instanceof SpecialTextException special) {
      return new SpecialTextException(special.token(), special.offset() + before);
    }
    if (before > 0 && refused instanceof UnencodableException unencodable) {
      return new UnencodableException(unencodable.character(), unencodable.offset() + before);
    }
    return refused;
  }

  /** Adds the id that ends the document, with the flag of its last segment. */
  void end(int id) {
    ids.add(id);
    countEnd();
  }

  long countEnd() {
    mark(segments == null ? 0 : segments.count() - 1, 1);
    return 1;
  }

  /** The number of ids of the text, without the one that begins a document. */
  int textIds() {
    return ids.size() - first;
  }

  long lossTokens() {
    return lossTokens;
  }

  IdBuffer ids() {
    return ids;
  }

  /** A 1 or 0 for each id, in an array that is reused; null if the document has no segments. */
  int @Nullable [] mask() {
    return segments == null ? null : mask.ids();
  }
}
