package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.decode.DamagedStreamException;
import org.merganser.corpus.field.ByteSearch;
import org.merganser.corpus.field.FieldPath;
import org.merganser.corpus.field.FieldValues;
import org.merganser.corpus.field.RecordFields;
import org.merganser.corpus.read.PartCutter.LargeDocument;

/**
 * Reads the {@code conversion} records of a WARC file (ISO 28500; Common Crawl's WET files): the
 * block of each is a document, with the offset of the block. Each record with the answer of a
 * server ({@code response}, {@code resource} and {@code continuation}), whose text is not extracted
 * here, is a dead letter, and so is each record of a type outside the standard. Records of other
 * types have no text and count as blank. The id is the header named by {@code idField} if present,
 * else WARC-Record-ID, else {@code file#offset}; the group is the header named by {@code
 * groupField}. A place from which no next record can be found ends the file with one dead letter.
 *
 * @param limit of a document that is not cut, in bytes
 */
record WarcReader(
    RecordFields fields, long limit, ByteWindow window, RecordSink sink, PartCutter cutter) {
  /** A longer header is damage; real ones have some hundreds of bytes. */
  private static final int MAX_HEADER = 1 << 16;

  /** The first bytes of each record. */
  private static final String MAGIC = Objects.requireNonNull(InputFormat.WARC.magic());

  /** The field of a header with the number of bytes in the block. */
  private static final String LENGTH = "content-length";

  /**
   * The headers of a record that field paths name, ignoring case; headers are not nested.
   *
   * @param header the fields by their names in lower case, as of {@link #parseHeader}
   */
  private record HeaderValues(Map<String, String> header, List<FieldPath> paths)
      implements FieldValues {
    private @Nullable String value(int field) {
      return header.get(paths.get(field).column().toLowerCase(Locale.ROOT));
    }

    @Override
    public Kind kind(int field) {
      return value(field) == null ? Kind.MISSING : Kind.STRING;
    }

    @Override
    public void append(int field, ByteBuilder out) {
      String value = value(field);
      if (value != null) {
        out.append(value.getBytes(ISO_8859_1));
      }
    }
  }

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
      Map<String, String> header = parseHeader(place, block);
      String problem = problem(place, header);
      if (problem != null) {
        cutter.refuseRest(place, Reason.CORRUPT, problem);
        return window.limit();
      }
      long end = block + Long.parseLong(header.getOrDefault(LENGTH, ""));
      switch (header.getOrDefault("warc-type", "").toLowerCase(Locale.ROOT)) {
        case "conversion" -> damageReported |= passConversion(header, place, block, end);
        case "warcinfo", "request", "metadata", "revisit" -> passOver(place, end);
        default -> refuseNotExtracted(header, place, end);
      }
      place = skipNewlines(Math.min(end, window.limit()));
    }
    DamagedStreamException damage = window.damage();
    if (damage != null && !damageReported) {
      cutter.refuseRest(place, damage.reason(), damage.detail());
    }
    return window.limit();
  }

  /** Reports everything from a header on that has no end in the file, or is too long. */
  private void refuseHeaderWithoutEnd(long place) throws IOException {
    DamagedStreamException damage = window.damage();
    if (window.limit() - place > MAX_HEADER) {
      String detail = "the header of a WARC record has more than " + MAX_HEADER + " bytes";
      cutter.refuseRest(place, Reason.CORRUPT, detail);
    } else if (damage != null) {
      cutter.refuseRest(place, damage.reason(), damage.detail());
    } else {
      String detail = "the file ends inside the header of a WARC record";
      cutter.refuseRest(place, Reason.TRUNCATED, detail);
    }
  }

  /**
   * Passes on the block of a record as a document.
   *
   * @param header its fields, as of {@link #parseHeader}
   * @param place where the record begins
   * @param block where its block begins
   * @param end where its block ends
   * @return whether damage was reported with the document
   */
  private boolean passConversion(Map<String, String> header, long place, long block, long end)
      throws IOException {
    FieldValues values = new HeaderValues(header, fields.paths());
    String id = id(values, header, block);
    String group = fields.group(values);
    String illFormed = fields.takeIllFormed();
    if (illFormed != null) {
      cutter.refuseRecord(place, end, Reason.INVALID_UTF8, illFormed);
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
  private String id(FieldValues values, Map<String, String> header, long block) {
    String named = fields.id(values);
    if (named != null) {
      return named;
    }
    String record = header.get("warc-record-id");
    return record == null
        ? sink.id(block)
        : fields.id("WARC-Record-ID", record.getBytes(ISO_8859_1));
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

  /** Reports one dead letter for a record whose text is not extracted. */
  private void refuseNotExtracted(Map<String, String> header, long place, long end)
      throws IOException {
    String type = header.get("warc-type");
    String detail =
        "a WARC record "
            + (type == null ? "without a type" : "of the type " + utf8(type))
            + " is a server's response, and no text is extracted from it; read the WET files of"
            + " the crawl, or extract the text first";
    cutter.refuseRecord(place, end, Reason.NOT_EXTRACTED, detail);
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
      cutter.refuseRest(window.limit(), Reason.TRUNCATED, detail);
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

  /**
   * The fields of a header by their names in lower case; each character of a value is one of its
   * bytes. Two different lengths become one text that is no number.
   */
  private Map<String, String> parseHeader(long start, long end) {
    byte[] bytes = window.bytes();
    int from = window.index(start);
    String[] lines = new String(bytes, from, (int) (end - start), ISO_8859_1).split("\r?\n", -1);
    Map<String, String> header = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        String name = utf8(lines[i].substring(0, colon)).trim().toLowerCase(Locale.ROOT);
        String value = lines[i].substring(colon + 1).trim();
        String before = header.put(name, value);
        if (name.equals(LENGTH) && before != null && !before.equals(value)) {
          header.put(name, before + " and " + value);
        }
      }
    }
    return header;
  }

  /** The text in UTF-8 of which each character of a string is a byte. */
  private static String utf8(String bytes) {
    return new String(bytes.getBytes(ISO_8859_1), UTF_8);
  }

  /** What is wrong with a header that was read; null if the record can be read by it. */
  private @Nullable String problem(long start, Map<String, String> header) {
    byte[] bytes = window.bytes();
    int from = window.index(start);
    if (!new String(bytes, from, MAGIC.length(), ISO_8859_1).equals(MAGIC)) {
      return "expected the header of a WARC record at byte " + start;
    }
    String length = header.getOrDefault(LENGTH, "none");
    // 15 digits fit a long with room for the sum.
    return length.matches("[0-9]{1,15}")
        ? null
        : "the WARC record at byte " + start + " has the Content-Length " + length;
  }
}
