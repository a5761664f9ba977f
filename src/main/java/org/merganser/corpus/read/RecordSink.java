package org.merganser.corpus.read;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.commons.io.function.IOConsumer;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.checksum.RangeDigest;
import org.merganser.checksum.RangeSum;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.decode.DamagedStreamException;
import org.merganser.corpus.decode.StoredInput;
import org.merganser.corpus.field.RecordFields;
import org.merganser.corpus.field.SegmentTexts;
import org.merganser.corpus.kind.FileKind;
import org.merganser.corpus.kind.FileKindDetector;
import org.merganser.corpus.kind.TextEncoding;
import org.merganser.text.normalize.NormalizerLimitException;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.SpecialTextException;
import org.merganser.tokenizer.UnencodableException;

/**
 * Passes the records of a range on and counts them, so that records = documents + dead letters +
 * blank ones. Refuses records for counting and encoding alike: those that the policy for invalid
 * UTF-8 refuses, and those that the handler refuses.
 *
 * <p>A record whose text comes from fields is completely a document or a dead letter. In other
 * formats each part of a document is decided separately: a document in parts is one record, counted
 * with its part 0, and a later part that becomes a dead letter counts as a record.
 */
final class RecordSink {
  private static final byte[] NO_TEXT = {};

  /** The maximum characters of a group; real ones, such as languages and sources, are shorter. */
  static final int MAX_GROUP = 200;

  /** The digits of the SHA-256 of a longer group that follow its beginning. */
  private static final int GROUP_DIGITS = 16;

  private final InvalidUtf8 invalidUtf8;
  private final DocumentHandler handler;
  private final MessageDigest digest;
  private final Document document = new Document();

  /** The values of the kept fields of a record without fields. */
  private final @Nullable Object[] nothingKept;

  private final ByteBuilder replaced = new ByteBuilder(1024);
  private final FileRange range;
  private final String file;

  /** The group of all documents of the file; null if each record has its own. */
  private final @Nullable String fixedGroup;

  private long records;
  private long documents;
  private long deadLetters;
  private long blank;
  private long textBytes;

  /**
   * The damage that an earlier reading of the file found; null for none, or without such a reading.
   */
  private @Nullable DamagedStreamException damage;

  /** A record that ends there or later is not a document, since no checksum verifies its text. */
  private long unprovedFrom = Long.MAX_VALUE;

  /** The end of the last record that was accepted. */
  private long acceptedTo = -1;

  /**
   * @param digest sums the bytes of dead letters
   * @param kept the number of kept fields
   */
  RecordSink(
      FileRange range,
      InvalidUtf8 invalidUtf8,
      DocumentHandler handler,
      MessageDigest digest,
      int kept) {
    this.range = range;
    this.file = range.file().path();
    this.fixedGroup = range.file().source().group();
    this.nothingKept = new @Nullable Object[kept];
    this.invalidUtf8 = invalidUtf8;
    this.handler = handler;
    this.digest = digest;
    document.weight = range.file().source().weight();
    document.validationInput = range.file().validation();
  }

  /**
   * Sets, before the file is read, what an earlier reading found. No record of a member with a
   * wrong checksum is used. If a member ends before its checksum, its last complete document is not
   * used either, since a wrong bit near the end of a file can look like such an end.
   *
   * @param known the damage; null if there is none
   * @param earlier the sink of that reading
   */
  void expect(@Nullable DamagedStreamException known, RecordSink earlier) {
    damage = known;
    if (known != null) {
      boolean failed = known.reason() == Reason.CORRUPT;
      unprovedFrom = failed ? known.proved() : Math.max(known.proved(), earlier.acceptedTo);
    }
  }

  /**
   * Whether text was accepted that no checksum verifies, because of damage that was found after it.
   */
  boolean acceptedUnproved(@Nullable DamagedStreamException found) {
    return found != null && acceptedTo >= (damage == null ? found.proved() : unprovedFrom);
  }

  /** Whether a record that ends there is in a member whose checksum failed. */
  private boolean hasFailed(long end) {
    return end >= unprovedFrom && damage != null && damage.reason() == Reason.CORRUPT;
  }

  private String failedDetail() {
    return "decoded before its checksum failed: " + (damage == null ? "" : damage.detail());
  }

  /** Passes on what was counted, after the last record of the range. */
  void end(long rawBytes, RangeSum sum) throws IOException {
    handler.rangeRead(
        new RangeReceipt(range, records, documents, deadLetters, blank, textBytes, rawBytes, sum));
  }

  /** {@link InputFile#path()} of the file. */
  String file() {
    return file;
  }

  /** The id of a record without one, by its place in the file: {@code file#offset}. */
  String id(long place) {
    return file + "#" + place;
  }

  /** Counts a record without content. */
  void blank() {
    records++;
    blank++;
  }

  /**
   * Whether the text is proved and the policy accepts it; if not, the record became a dead letter.
   */
  private boolean accepts(TextRecord record) throws IOException {
    long end = record.raw().end();
    if (damage != null && end >= unprovedFrom) {
      String last = "the last complete record before a checksum that is missing: ";
      String detail = hasFailed(end) ? failedDetail() : last + damage.detail();
      dead(record.raw(), damage.reason(), detail);
      return false;
    }
    byte[] text = record.text();
    int bad = invalidUtf8.firstRefused(text, record.from(), record.to());
    if (bad >= 0) {
      notUtf8(record.raw(), notUtf8Detail(record, bad));
      return false;
    }
    acceptedTo = end;
    return true;
  }

  /** The bytes that are not UTF-8, their place and how to convert the file; or what the file is. */
  private String notUtf8Detail(TextRecord record, int bad) {
    byte[] text = record.text();
    int from = record.from();
    int to = record.to();
    FileKind kind = record.raw().offset() == 0 ? FileKindDetector.of(text, from, to, file) : null;
    if (kind != null) {
      return kind.message();
    }
    StringBuilder hex = new StringBuilder();
    for (int i = bad; i < Math.min(to, bad + 4); i++) {
      hex.append(String.format(Locale.ROOT, " %02X", text[i] & 0xFF));
    }
    return "bytes"
        + hex
        + " at byte "
        + (bad - from)
        + " of the text are not UTF-8"
        + conversion(record.raw());
  }

  /** How to convert the file; "" if its bytes are UTF-8 (as escapes are) or are more than text. */
  private String conversion(RawRecord raw) {
    int bad = Utf8.firstIllFormed(raw.bytes(), raw.from(), raw.to());
    InputFormat format = range.file().format();
    boolean isText = format != InputFormat.PARQUET && format != InputFormat.WARC;
    return bad < 0 || !isText
        ? ""
        : TextEncoding.conversion(raw.bytes(), raw.from(), raw.to(), bad);
  }

  /** Passes on a document that is one record, or reports why it is a dead letter. */
  void document(TextRecord record) throws IOException {
    part(record, record.raw().offset(), 0, true);
  }

  /**
   * Passes on a document, or a part of one that is decided separately. It becomes a dead letter if
   * the policy or the handler refuses it.
   *
   * @param begin the place at which the document begins
   * @param number of the part, from 0
   * @param last whether the part ends the document
   * @return whether it was taken
   */
  boolean part(TextRecord record, long begin, int number, boolean last) throws IOException {
    if (!accepts(record)) {
      return false;
    }
    fill(record, begin, number, last, record.from(), record.to());
    if (!attempt(record.raw(), "", handler::document)) {
      return false;
    }
    countDocument();
    return true;
  }

  /** A part of a text in memory: {@code [from, to)} of the array of its record. */
  record Part(int number, int from, int to) {}

  /**
   * Passes on a record in parts, or reports one dead letter if any part is refused: the handler
   * checks all parts before it takes the first.
   */
  void document(TextRecord record, List<Part> parts) throws IOException {
    if (!accepts(record)) {
      return;
    }
    for (Part part : parts) {
      fill(record, part);
      String where =
          String.format(
              Locale.ROOT,
              "part %d of the document, from byte %d on: ",
              part.number,
              part.from - record.from());
      if (!attempt(record.raw(), where, handler::check)) {
        return;
      }
    }
    for (Part part : parts) {
      fill(record, part);
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
   * Whether the handler accepts the document; if not, its record became a dead letter.
   *
   * @param where the beginning of the detail
   * @param step a method of the handler
   */
  private boolean attempt(RawRecord raw, String where, IOConsumer<Document> step)
      throws IOException {
    try {
      step.accept(document);
      return true;
    } catch (SpecialTextException e) {
      dead(raw, Reason.SPECIAL_TOKEN, where + e.getMessage());
    } catch (UnencodableException | RegexLimitException | NormalizerLimitException e) {
      dead(raw, Reason.NOT_ENCODABLE, where + e.getMessage());
    }
    return false;
  }

  /** Counts the document, or part of one, that the handler has taken. */
  private void countDocument() {
    if (document.part == 0) {
      records++;
      documents++;
    }
    textBytes += document.length();
  }

  private void fill(TextRecord record, Part part) {
    boolean last = part.to == record.to();
    fill(record, record.raw().offset(), part.number, last, part.from, part.to);
  }

  /**
   * Sets {@link #document} to a part of a record.
   *
   * @param from where the text of the part begins in the array of the record; {@code to}: where it
   *     ends
   */
  private void fill(TextRecord record, long begin, int number, boolean last, int from, int to) {
    byte[] text = record.text();
    String named = fixedGroup == null ? record.group() : fixedGroup;
    document.id = record.id();
    document.file = file;
    document.group = named == null || named.length() <= MAX_GROUP ? named : shortened(named);
    document.kept = record.kept() == null ? nothingKept : record.kept();
    document.split = record.split();
    document.segments = record.segments();
    document.offset = begin;
    document.part = number;
    document.lastPart = last;
    document.text = text;
    document.from = from;
    document.to = to;
    if (invalidUtf8.replace(text, from, to, replaced)) {
      document.text = replaced.bytes();
      document.from = 0;
      document.to = replaced.length();
    }
  }

  /** A group that is too long: its beginning, # and the first digits of its SHA-256. */
  private static String shortened(String group) {
    int end = MAX_GROUP - 1 - GROUP_DIGITS;
    end -= Character.isHighSurrogate(group.charAt(end - 1)) ? 1 : 0;
    String sha256 = Sha256.of(group.getBytes(StandardCharsets.UTF_8));
    return group.substring(0, end) + "#" + sha256.substring(0, GROUP_DIGITS);
  }

  /**
   * Ends a document whose last part became a dead letter with an empty part, which is not a record.
   */
  void endParts(String id, @Nullable String group, long begin, int number) throws IOException {
    fill(TextRecord.of(new RawRecord(begin, NO_TEXT, 0, 0), id, group), begin, number, true, 0, 0);
    handler.document(document);
    countDocument();
  }

  /**
   * Reports a record in which something is not UTF-8 that {@code corpus.invalidUtf8} does not
   * allow: its text, which this class examines; a segment of it ({@link SegmentTexts#notUtf8}); or
   * an id, a group or a kept field ({@link RecordFields#takeIllFormed}).
   */
  void notUtf8(RawRecord raw, String detail) throws IOException {
    dead(raw, Reason.INVALID_UTF8, detail);
  }

  /** Reports one dead letter for the complete file, in the range that begins it. */
  void deadFile(Reason reason, String detail) throws IOException {
    if (range.start() > 0) {
      return;
    }
    InputFile whole = range.file();
    RangeDigest stored = new RangeDigest();
    stored.begin(/* withSha256= */ true);
    byte[] head;
    try (StoredInput in = StoredInput.open(new FileRange(whole, 0, whole.size()), 0, stored)) {
      head = in.readNBytes((int) Math.min(DeadLetter.RAW_LIMIT, whole.size()));
      in.finish(new byte[1 << 16]);
    }
    String sha256 = Objects.requireNonNull(stored.sum().sha256(), "it is wanted");
    dead(0, null, whole.size(), sha256, reason, detail, head);
  }

  /** Reports a dead letter for a record, or a part of one, that is in memory. */
  void dead(RawRecord raw, Reason reason, String detail) throws IOException {
    digest.reset();
    digest.update(raw.bytes(), raw.from(), raw.length());
    int head = Math.min(raw.to(), raw.from() + DeadLetter.RAW_LIMIT);
    byte[] begin = Arrays.copyOfRange(raw.bytes(), raw.from(), head);
    dead(raw.offset(), raw.part(), raw.length(), Sha256.hex(digest), reason, detail, begin);
  }

  /**
   * Reports a dead letter for a record, or a part of one, that was never completely in memory. Text
   * of a member whose checksum failed is {@link Reason#CORRUPT}, whatever else is wrong with it.
   *
   * @param head at most {@link DeadLetter#RAW_LIMIT} bytes of it
   */
  void dead(
      long offset,
      DeadLetter.@Nullable Part part,
      long length,
      String sha256,
      Reason reason,
      String detail,
      byte[] head)
      throws IOException {
    boolean failed = hasFailed(offset + length);
    DeadLetter letter =
        new DeadLetter(
            file,
            records,
            offset,
            length,
            sha256,
            failed ? Reason.CORRUPT : reason,
            failed && reason != Reason.CORRUPT ? failedDetail() : detail,
            head,
            part,
            1);
    handler.deadLetter(letter);
    records++;
    deadLetters++;
  }

  /** Reports the rows of a Parquet file from {@code first} on, none of which can be read. */
  void deadRows(long first, long rows, Reason reason, String detail) throws IOException {
    String none = Sha256.of(NO_TEXT); // the values are missing
    handler.deadLetter(
        new DeadLetter(file, records, first, 0, none, reason, detail, NO_TEXT, null, rows));
    records = Math.addExact(records, rows);
    deadLetters = Math.addExact(deadLetters, rows);
  }
}
