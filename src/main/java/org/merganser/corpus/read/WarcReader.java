package org.merganser.corpus.read;

import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.decode.DamagedStreamException;
import org.merganser.corpus.field.ByteSearch;
import org.merganser.corpus.field.FieldValues;
import org.merganser.corpus.field.RecordFields;

/**
 * Reads the {@code conversion} records of a WARC file (ISO 28500; Common Crawl's WET files): the
 * block of each is a document, with the offset of the block. Each record with the answer of a
 * server ({@code response}, {@code resource} and {@code continuation}), whose text is not extracted
 * here, is a dead letter, and so is each record without a type or of one outside the standard.
 * Records of other types have no text and count as blank. The id is the header named by {@code
 * idField} if present, else WARC-Record-ID, else {@code file#offset}; the group is the header named
 * by {@code groupField}. A place from which no next record can be found ends the file with one dead
 * letter.
 *
 * @param limit of a document that is not cut, in bytes
 * @param cutter reads documents above the limit
 * @param unheld makes dead letters of other records
 */
record WarcReader(
    RecordFields fields,
    long limit,
    ByteWindow window,
    RecordSink sink,
    PartCutter cutter,
    UnheldRecord unheld) {
  /** A longer header is damage; real ones have some hundreds of bytes. */
  private static final int MAX_HEADER = 1 << 16;

  /** Reads the records of the file from the open window; returns the bytes that were read. */
  long read() throws IOException {
    boolean damageReported = false;
    long place = skipNewlines(0);
    while (place < window.limit()) {
      long block = headerEnd(place);
      if (block < 0) {
        refuseHeaderWithoutEnd(place);
        return window.limit();
      }
      WarcHeader header =
          WarcHeader.parse(window.bytes(), window.index(place), window.index(block));
      String problem = header.problem(place);
      if (problem != null) {
        unheld.refuseRest(place, Reason.CORRUPT, problem);
        return window.limit();
      }
      long end = block + header.blockLength();
      String type = header.type();
      switch (type == null ? "" : type.toLowerCase(Locale.ROOT)) {
        case "conversion" -> damageReported |= passConversion(header, place, block, end);
        case "warcinfo", "request", "metadata", "revisit" -> passOver(place, end);
        default -> refuseNotExtracted(type, place, end);
      }
      place = skipNewlines(Math.min(end, window.limit()));
    }
    DamagedStreamException damage = window.damage();
    if (damage != null && !damageReported) {
      unheld.refuseRest(place, damage.reason(), damage.detail());
    }
    return window.limit();
  }

  /** Reports everything from a header on that has no end in the file, or is too long. */
  private void refuseHeaderWithoutEnd(long place) throws IOException {
    DamagedStreamException damage = window.damage();
    if (window.limit() - place > MAX_HEADER) {
      String detail = "the header of a WARC record has more than " + MAX_HEADER + " bytes";
      unheld.refuseRest(place, Reason.CORRUPT, detail);
    } else if (damage != null) {
      unheld.refuseRest(place, damage.reason(), damage.detail());
    } else {
      String detail = "the file ends inside the header of a WARC record";
      unheld.refuseRest(place, Reason.TRUNCATED, detail);
    }
  }

  /**
   * Passes on the block of a record as a document.
   *
   * @param place where the record begins
   * @param block where its block begins
   * @param end where its block ends
   * @return whether damage was reported with the document
   */
  private boolean passConversion(WarcHeader header, long place, long block, long end)
      throws IOException {
    FieldValues values = header.values(fields.paths());
    String id = id(values, header, block);
    String group = fields.group(values);
    String illFormed = fields.takeIllFormed();
    if (illFormed != null) {
      unheld.refuseRecord(place, end, Reason.INVALID_UTF8, illFormed);
      refuseCut(place, end);
      return false;
    }
    RecordEnd fixed = new FixedEnd(window, end);
    window.release(block);
    fixed.begin(block);
    if (!findEnd(fixed, block) || end - block > limit || !fixed.terminated()) {
      cutter.readWhole(new LargeDocument(id, group, block), fixed);
      return window.damage() != null;
    }
    RawRecord raw = new RawRecord(block, window.bytes(), window.index(block), window.index(end));
    sink.passDocument(TextRecord.of(raw, id, group));
    return false;
  }

  /** The id of a document by its headers, else by the place of its block. */
  private String id(FieldValues values, WarcHeader header, long block) {
    String named = fields.id(values);
    if (named != null) {
      return named;
    }
    byte[] recordId = header.recordId();
    return recordId == null ? sink.id(block) : fields.idFrom("WARC-Record-ID", recordId);
  }

  /** Reads on until the window has the end of a block; false if the block is above the limit. */
  private boolean findEnd(RecordEnd end, long block) throws IOException {
    boolean found = end.find();
    while (!found && window.limit() - block <= limit) {
      window.more();
      found = end.find();
    }
    return found;
  }

  /**
   * Reports one dead letter for a record whose text is not extracted.
   *
   * @param type of the record; null if it has none
   */
  private void refuseNotExtracted(@Nullable String type, long place, long end) throws IOException {
    String detail =
        "a WARC record "
            + (type == null ? "without a type" : "of the type " + type)
            + " is a server's response, and no text is extracted from it; read the WET files of"
            + " the crawl, or extract the text first";
    unheld.refuseRecord(place, end, Reason.NOT_EXTRACTED, detail);
    refuseCut(place, end);
  }

  /** Passes over a record without text, which counts as blank. */
  private void passOver(long place, long end) throws IOException {
    boolean more = true;
    while (window.limit() < end && more) {
      window.release(window.limit());
      more = window.more();
    }
    if (window.limit() >= end) {
      sink.countBlank();
    }
    refuseCut(place, end);
  }

  /**
   * Reports one dead letter for a record that the end of the file cuts. If damage cuts it, {@link
   * #read} reports that.
   */
  private void refuseCut(long place, long end) throws IOException {
    if (window.limit() < end && window.damage() == null) {
      String detail = "the file ends inside the WARC record at byte " + place;
      unheld.refuseRest(window.limit(), Reason.TRUNCATED, detail);
    }
  }

  /** The place of the next byte that is no CR or LF; everything before it is released. */
  private long skipNewlines(long from) throws IOException {
    long place = from;
    while (true) {
      if (place == window.limit()) {
        window.release(place);
        if (!window.more()) {
          return place;
        }
      }
      byte b = window.bytes()[window.index(place)];
      if (b != '\r' && b != '\n') {
        window.release(place);
        return place;
      }
      place++;
    }
  }

  /**
   * The place after the empty line that ends a header of at most {@link #MAX_HEADER} bytes, or -1.
   */
  private long headerEnd(long start) throws IOException {
    long line = start;
    while (true) {
      int from = window.index(line);
      int at = ByteSearch.indexOf(window.bytes(), from, window.index(window.limit()), (byte) '\n');
      if (at < 0) {
        if (window.limit() - start > MAX_HEADER || !window.more()) {
          return -1;
        }
        continue;
      }
      int length = at - from;
      line += length + 1;
      if (line - start > MAX_HEADER) {
        return -1;
      }
      if (length == 0 || (length == 1 && window.bytes()[from] == '\r')) {
        return line;
      }
    }
  }
}
