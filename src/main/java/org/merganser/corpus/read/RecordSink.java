package org.merganser.corpus.read;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.CorpusSettings.InvalidUtf8;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.FileKind;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.Segments;
import org.merganser.corpus.decode.DamagedStreamException;
import org.merganser.text.unicode.ByteBuilder;
import org.merganser.text.unicode.Utf8;

/**
 * Passes the records of a range on and counts them, so that records = documents + dead letters +
 * blank ones. Applies the policy for invalid UTF-8.
 *
 * <p>A document that was cut into parts is one record, counted with its part 0. A later part that
 * becomes a dead letter counts as a record of its own.
 */
final class RecordSink {
  private static final byte[] NO_TEXT = {};

  /** Characters of a group; real ones, such as languages and sources, are shorter. */
  static final int MAX_GROUP = 200;

  private final InvalidUtf8 invalidUtf8;
  private final DocumentHandler handler;
  private final MessageDigest digest;
  private final Document document = new Document();
  private final ByteBuilder replaced = new ByteBuilder(1024);
  private String file = "";

  /** The group of all documents of the file; null where each record has its own. */
  private @Nullable String fixedGroup;

  private long records;
  private long documents;
  private long deadLetters;
  private long blank;
  private long textBytes;

  /** The damage of the file, where it is known before reading. */
  private @Nullable DamagedStreamException damage;

  /** A record that ends there or later is no document, because no checksum proves its text. */
  private long unprovedFrom;

  /** Values of the kept fields of the record that is passed on next. */
  private final @Nullable Object[] kept;

  /** The record that is read now: where it begins, and its bytes. */
  private long offset;

  private byte[] raw = NO_TEXT;
  private int rawFrom;
  private int rawTo;

  /** The part of a document that is read now; null for a whole record. */
  private DeadLetter.@Nullable Part part;

  /** The end of the last record that was accepted, a place in the uncompressed file. */
  private long acceptedTo;

  /**
   * @param kept fields whose values go with their documents
   */
  RecordSink(InvalidUtf8 invalidUtf8, DocumentHandler handler, MessageDigest digest, int kept) {
    this.kept = new @Nullable Object[kept];
    this.invalidUtf8 = invalidUtf8;
    this.handler = handler;
    this.digest = digest;
  }

  void begin(FileRange range) {
    file = range.file().path();
    fixedGroup = range.file().source().group();
    document.weight = range.file().source().weight();
    records = 0;
    documents = 0;
    deadLetters = 0;
    blank = 0;
    textBytes = 0;
    damage = null;
    unprovedFrom = Long.MAX_VALUE;
    acceptedTo = -1;
    document.segments = null;
    Arrays.fill(kept, null); // formats without fields have none
  }

  /** Where a reader puts the values of the fields that are kept, before it passes a record on. */
  @Nullable Object[] kept() {
    return kept;
  }

  /** Sets the segments of the record that is passed on next, in a file of such records. */
  void segments(Segments of) {
    document.segments = of;
  }

  /**
   * Sets, before the file is read, what an earlier reading of it has found. Nothing is used of a
   * member whose check fails. Where a member ends before its check, its last complete document is
   * not used, since a bit that is wrong near the end of a file can look like such an end.
   *
   * @param known the damage; null: there is none
   * @param earlier has the records of that reading
   */
  void expect(@Nullable DamagedStreamException known, RecordSink earlier) {
    damage = known;
    if (known != null) {
      boolean failed = known.reason() == Reason.CORRUPT;
      unprovedFrom = failed ? known.proved() : Math.max(known.proved(), earlier.acceptedTo);
    }
  }

  /** Whether text was accepted that this damage makes unproved. */
  boolean accepted(@Nullable DamagedStreamException found) {
    return found != null && acceptedTo >= (damage == null ? found.proved() : unprovedFrom);
  }

  /** Whether a record that ends there holds text whose checksum has failed. */
  private boolean hasFailed(long end) {
    return end >= unprovedFrom && damage != null && damage.reason() == Reason.CORRUPT;
  }

  private String failedDetail() {
    return "decoded before its checksum failed: " + (damage == null ? "" : damage.detail());
  }

  void end(FileRange range, long rawBytes, String sha256) throws IOException {
    handler.rangeRead(
        new RangeReceipt(
            range, records, documents, deadLetters, blank, textBytes, rawBytes, sha256));
  }

  /** The path of the range's file. */
  String file() {
    return file;
  }

  /** The id of text without an id of its own, by its place in the file. */
  String id(long place) {
    return file + "#" + place;
  }

  /** A record begins, whose bytes are {@code bytes[from, to)}; it may hold more than its text. */
  void record(long place, byte[] bytes, int from, int to) {
    part(place, bytes, from, to, null);
  }

  /** A part of a document is read next, or all of it. */
  void part(long place, byte[] bytes, int from, int to, DeadLetter.@Nullable Part of) {
    offset = place;
    raw = bytes;
    rawFrom = from;
    rawTo = to;
    part = of;
  }

  /** Where the record begins. */
  long offset() {
    return offset;
  }

  void blank() {
    records++;
    blank++;
  }

  /** Whether the policy lets a text through; else the record has become a dead letter. */
  boolean accepts(byte[] text, int from, int to) throws IOException {
    long end = offset + (rawTo - rawFrom);
    if (damage != null && end >= unprovedFrom) {
      String last = "the last complete record before a checksum that is missing: ";
      dead(damage.reason(), hasFailed(end) ? failedDetail() : last + damage.detail());
      return false;
    }
    int bad = invalidUtf8 == InvalidUtf8.DEAD_LETTER ? Utf8.firstIllFormed(text, from, to) : -1;
    if (bad >= 0) {
      dead(Reason.INVALID_UTF8, describe(text, from, to, bad));
      return false;
    }
    acceptedTo = end;
    return true;
  }

  private String describe(byte[] text, int from, int to, int bad) {
    String kind = offset == 0 ? FileKind.ofBytes(text, from, to) : null;
    if (kind != null) {
      return kind;
    }
    StringBuilder hex = new StringBuilder();
    for (int i = bad; i < Math.min(to, bad + 4); i++) {
      hex.append(String.format(" %02X", text[i] & 0xFF));
    }
    return "bytes" + hex + " at byte " + (bad - from) + " of the text are not UTF-8";
  }

  /** Passes on a whole document that the policy accepts; the caller has called {@link #accepts}. */
  void document(String id, @Nullable String group, byte[] text, int from, int to)
      throws IOException {
    document(id, group, offset, 0, true, text, from, to);
  }

  /**
   * Passes on a part of a document that the policy accepts.
   *
   * @param begin of the document
   */
  void document(
      String id,
      @Nullable String group,
      long begin,
      int number,
      boolean last,
      byte[] text,
      int from,
      int to)
      throws IOException {
    document.id = id;
    document.file = file;
    String named = fixedGroup == null ? group : fixedGroup;
    document.group = named == null || named.length() <= MAX_GROUP ? named : shortened(named);
    document.kept = kept;
    document.offset = begin;
    document.part = number;
    document.lastPart = last;
    document.partOffset = offset;
    document.text = text;
    document.from = from;
    document.to = to;
    if (invalidUtf8 == InvalidUtf8.REPLACE && Utf8.firstIllFormed(text, from, to) >= 0) {
      replaced.clear();
      Utf8.replaceIllFormed(text, from, to, replaced);
      document.text = replaced.bytes();
      document.from = 0;
      document.to = replaced.length();
    }
    if (number == 0) {
      document.record = records++;
      documents++;
    }
    textBytes += document.length();
    handler.document(document);
  }

  /**
   * A group that is too long: its beginning and 16 digits of its SHA-256, so that two groups stay
   * two.
   */
  private static String shortened(String group) {
    int end = MAX_GROUP - 17;
    end -= Character.isHighSurrogate(group.charAt(end - 1)) ? 1 : 0;
    byte[] sha256 = Sha256.newDigest().digest(group.getBytes(StandardCharsets.UTF_8));
    return group.substring(0, end) + "#" + HexFormat.of().formatHex(sha256, 0, 8);
  }

  /** Ends a document in parts whose last one became a dead letter: an empty part, no record. */
  void endParts(String id, @Nullable String group, long begin, int number) throws IOException {
    document(id, group, begin, number, true, NO_TEXT, 0, 0);
  }

  /** The record is not a document. */
  void dead(Reason reason, String detail) throws IOException {
    digest.reset();
    digest.update(raw, rawFrom, rawTo - rawFrom);
    byte[] head = Arrays.copyOfRange(raw, rawFrom, Math.min(rawTo, rawFrom + DeadLetter.RAW_LIMIT));
    dead(rawTo - rawFrom, digest.digest(), reason, detail, head);
  }

  /** As above, for a record that begins at a place and was never in memory as a whole. */
  void dead(
      long place,
      DeadLetter.@Nullable Part of,
      long length,
      byte[] sha256,
      Reason reason,
      String detail,
      byte[] head)
      throws IOException {
    part(place, NO_TEXT, 0, 0, of);
    dead(length, sha256, reason, detail, head);
  }

  private void dead(long length, byte[] sha256, Reason reason, String detail, byte[] head)
      throws IOException {
    boolean failed = hasFailed(offset + length);
    DeadLetter letter =
        new DeadLetter(
            file,
            records,
            offset,
            length,
            HexFormat.of().formatHex(sha256),
            failed ? Reason.CORRUPT : reason,
            failed && reason != Reason.CORRUPT ? failedDetail() : detail,
            head,
            part,
            1);
    handler.deadLetter(letter);
    records++;
    deadLetters++;
  }

  /** The rows of a Parquet file from {@code first} on, none of which can be read. */
  void deadRows(long first, long rows, Reason reason, String detail) throws IOException {
    digest.reset();
    String hex =
        HexFormat.of().formatHex(digest.digest()); // of no bytes: their values are not there
    handler.deadLetter(
        new DeadLetter(file, records, first, 0, hex, reason, detail, NO_TEXT, null, rows));
    records = Math.addExact(records, rows);
    deadLetters = Math.addExact(deadLetters, rows);
  }
}
