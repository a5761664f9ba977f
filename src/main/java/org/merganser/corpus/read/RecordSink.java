package org.merganser.corpus.read;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import org.apache.commons.io.function.IOConsumer;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.checksum.RangeSum;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.field.RecordFields;
import org.merganser.corpus.field.SegmentTexts;
import org.merganser.text.normalize.NormalizerLimitException;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.tokenizer.SpecialTextException;
import org.merganser.tokenizer.UnencodableException;

/**
 * Passes the records of a range on, as documents ({@code pass…}) or as dead letters ({@code
 * refuse…}), and counts them, so that records = documents + dead letters + blank ones. Refuses
 * records for counting and encoding alike: those that {@link InvalidUtf8} refuses, those that
 * {@link ChecksumProof} refuses, and those that the handler refuses.
 *
 * <p>A record whose text comes from fields is completely a document or a dead letter. In other
 * formats each part of a document is decided separately: a document in parts is one record, counted
 * with its part 0, and a later part that becomes a dead letter counts as a record.
 */
final class RecordSink {
  /**
   * A part of the text of a record: {@code [from, to)} of its array.
   *
   * @param number of the part, from 0
   * @param last whether the part ends the document
   */
  record Part(int number, int from, int to, boolean last) {
    /** A complete text. */
    static Part whole(RecordText text) {
      return new Part(0, text.from(), text.to(), /* last= */ true);
    }
  }

  private static final byte[] NO_TEXT = {};

  private final FileRange range;
  private final String file;

  /** The group of all documents of the file; null if each record has its own. */
  private final @Nullable String fixedGroup;

  private final InvalidUtf8 invalidUtf8;
  private final ChecksumProof proof;
  private final DocumentHandler handler;

  /** Sums the bytes of dead letters. */
  private final MessageDigest digest;

  /** The document that is passed to the handler; reused. */
  private final Document document = new Document();

  /** The text of {@link #document} if ill-formed parts of it were replaced. */
  private final ByteBuilder replaced = new ByteBuilder(1024);

  /** The values of the kept fields of a record without fields. */
  private final @Nullable Object[] nothingKept;

  private long records;
  private long documents;
  private long deadLetters;
  private long blank;
  private long textBytes;

  /**
   * @param digest sums the bytes of dead letters
   * @param keptFields the number of kept fields
   */
  RecordSink(
      FileRange range,
      InvalidUtf8 invalidUtf8,
      ChecksumProof proof,
      DocumentHandler handler,
      MessageDigest digest,
      int keptFields) {
    this.range = range;
    this.file = range.file().path();
    this.fixedGroup = range.file().source().group();
    this.invalidUtf8 = invalidUtf8;
    this.proof = proof;
    this.handler = handler;
    this.digest = digest;
    this.nothingKept = new @Nullable Object[keptFields];
    document.weight = range.file().source().weight();
    document.validationInput = range.file().validation();
  }

  /** {@link InputFile#path()} of the file. */
  String file() {
    return file;
  }

  /** The id of a record without one, by its place in the file: {@code file#offset}. */
  String id(long place) {
    return file + "#" + place;
  }

  /** Passes on what was counted, after the last record of the range. */
  void endRange(long rawBytes, RangeSum sum) throws IOException {
    handler.rangeRead(
        new RangeReceipt(range, records, documents, deadLetters, blank, textBytes, rawBytes, sum));
  }

  /** Counts a record without content. */
  void countBlank() {
    records++;
    blank++;
  }

  /** Passes on a document that is one record, or reports why it is a dead letter. */
  void passDocument(TextRecord record) throws IOException {
    passPart(record, record.raw().offset(), Part.whole(record.text()));
  }

  /**
   * Passes on one part of a document, whatever becomes of the others, or reports why it is a dead
   * letter.
   *
   * @param begin the place at which the document begins
   * @return whether it was taken
   */
  boolean passPart(TextRecord record, long begin, Part part) throws IOException {
    if (!accepts(record)) {
      return false;
    }
    fill(record, begin, part);
    if (!attempt(record.raw(), "", handler::document)) {
      return false;
    }
    countDocument();
    return true;
  }

  /**
   * Passes on a document that is one record in parts, or reports one dead letter if any part is
   * refused: the handler checks all parts before it takes the first.
   *
   * @param parts of the complete text, in order
   */
  void passAllParts(TextRecord record, List<Part> parts) throws IOException {
    if (!accepts(record)) {
      return;
    }
    for (Part part : parts) {
      fill(record, record.raw().offset(), part);
      String where =
          String.format(
              Locale.ROOT,
              "part %d of the document, from byte %d on: ",
              part.number,
              part.from - record.text().from());
      if (!attempt(record.raw(), where, handler::check)) {
        return;
      }
    }
    for (Part part : parts) {
      fill(record, record.raw().offset(), part);
      try {
        handler.document(document);
      } catch (SpecialTextException
          | UnencodableException
          | RegexLimitException
          | NormalizerLimitException e) {
        throw new IllegalStateException("part " + part.number + " was accepted before", e);
      }
      countDocument();
    }
  }

  /**
   * Ends a document whose last part became a dead letter with an empty part, which is not a record.
   *
   * @param number of the part, above 0
   */
  void passEmptyLastPart(LargeDocument large, int number) throws IOException {
    RawRecord nothing = new RawRecord(large.begin(), NO_TEXT, 0, 0);
    TextRecord record = TextRecord.of(nothing, large.id(), large.group());
    fill(record, large.begin(), new Part(number, 0, 0, /* last= */ true));
    handler.document(document);
    countDocument();
  }

  /**
   * Whether the text is proved and the policy accepts it; if not, the record became a dead letter.
   */
  private boolean accepts(TextRecord record) throws IOException {
    long end = record.raw().end();
    if (proof.refuses(end)) {
      refuse(record.raw(), proof.reason(), proof.detail(end));
      return false;
    }
    RecordText text = record.text();
    int bad = invalidUtf8.firstRefused(text.bytes(), text.from(), text.to());
    if (bad >= 0) {
      refuseNotUtf8(record.raw(), NotUtf8Detail.of(record, bad, range.file()));
      return false;
    }
    proof.accept(end);
    return true;
  }

  /**
   * Sets {@link #document} to a part of a record.
   *
   * @param begin where the document begins
   */
  private void fill(TextRecord record, long begin, Part part) {
    byte[] bytes = record.text().bytes();
    document.id = record.id();
    document.file = file;
    document.group = GroupName.bounded(fixedGroup == null ? record.group() : fixedGroup);
    document.kept = record.kept() == null ? nothingKept : record.kept();
    document.split = record.split();
    document.segments = record.text().segments();
    document.offset = begin;
    document.part = part.number;
    document.lastPart = part.last;
    document.text = bytes;
    document.from = part.from;
    document.to = part.to;
    if (invalidUtf8.replace(bytes, part.from, part.to, replaced)) {
      document.text = replaced.bytes();
      document.from = 0;
      document.to = replaced.length();
    }
  }

  /**
   * Passes the document to the handler; false if the handler refuses it, and its record became a
   * dead letter.
   *
   * @param where the beginning of the detail of the dead letter
   * @param step a method of the handler that takes or checks the document
   */
  private boolean attempt(RawRecord raw, String where, IOConsumer<Document> step)
      throws IOException {
    try {
      step.accept(document);
      return true;
    } catch (SpecialTextException e) {
      refuse(raw, Reason.SPECIAL_TOKEN, where + e.getMessage());
    } catch (UnencodableException | RegexLimitException | NormalizerLimitException e) {
      refuse(raw, Reason.NOT_ENCODABLE, where + e.getMessage());
    }
    return false;
  }

  /** Counts what the handler has taken: a document with its part 0, and the text of each part. */
  private void countDocument() {
    if (document.part == 0) {
      records++;
      documents++;
    }
    textBytes += document.length();
  }

  /**
   * Reports a record in which something is not UTF-8 that {@code corpus.invalidUtf8} does not
   * allow: its text, which this class examines; a segment of it ({@link SegmentTexts#notUtf8}); or
   * an id, a group or a kept field ({@link RecordFields#takeIllFormed}).
   */
  void refuseNotUtf8(RawRecord raw, String detail) throws IOException {
    refuse(raw, Reason.INVALID_UTF8, detail);
  }

  /** Reports one dead letter for the complete file, in the range that begins it. */
  void refuseFile(Reason reason, String detail) throws IOException {
    if (range.start() == 0) {
      refuse(RefusedBytes.readFile(range.file()), reason, detail);
    }
  }

  /** Reports one dead letter for a record, or a part of one, that is in memory. */
  void refuse(RawRecord raw, Reason reason, String detail) throws IOException {
    refuse(RefusedBytes.of(raw, digest), reason, detail);
  }

  /**
   * Reports one dead letter for a record, or a part of one, that need not be in memory. Text of a
   * member whose checksum failed is {@link Reason#CORRUPT}, whatever else is wrong with it.
   */
  void refuse(RefusedBytes record, Reason reason, String detail) throws IOException {
    if (reason != Reason.CORRUPT && proof.isInFailedMember(record.end())) {
      report(record, Reason.CORRUPT, proof.failedDetail(), 1);
    } else {
      report(record, reason, detail, 1);
    }
  }

  /**
   * Reports one dead letter for {@code rows} rows of a Parquet file, of which none becomes a
   * document.
   *
   * @param first the index of the first one in the file
   */
  void refuseRows(long first, long rows, Reason reason, String detail) throws IOException {
    report(RefusedBytes.ofRows(first), reason, detail, rows);
  }

  /** Passes on one dead letter for some records, and counts them. */
  private void report(RefusedBytes refused, Reason reason, String detail, long count)
      throws IOException {
    handler.deadLetter(
        new DeadLetter(
            file,
            records,
            refused.offset(),
            refused.length(),
            refused.sha256(),
            reason,
            detail,
            refused.head(),
            refused.part(),
            count));
    records = Math.addExact(records, count);
    deadLetters = Math.addExact(deadLetters, count);
  }
}
