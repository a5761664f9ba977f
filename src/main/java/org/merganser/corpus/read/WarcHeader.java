package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.field.FieldPath;
import org.merganser.corpus.field.FieldValues;

/**
 * The header of a record of a WARC file.
 *
 * @param version its first line
 * @param fields the other lines, by their names in lower case; each character of a value is one of
 *     its bytes
 */
record WarcHeader(String version, Map<String, String> fields) {
  /** The first bytes of each record. */
  private static final String MAGIC = Objects.requireNonNull(InputFormat.WARC.magic());

  /** The field with the number of bytes in the block. */
  private static final String LENGTH = "content-length";

  private static final String TYPE = "warc-type";
  private static final String ID = "warc-record-id";

  /** As {@link #values}. */
  private record Values(WarcHeader header, List<FieldPath> paths) implements FieldValues {
    private @Nullable String value(int field) {
      return header.fields.get(paths.get(field).column().toLowerCase(Locale.ROOT));
    }

    @Override
    public Kind kind(int field) {
      return value(field) == null ? Kind.MISSING : Kind.STRING;
    }

    @Override
    public void append(int field, ByteBuilder out) {
      String value = value(field);
      if (value != null) {
        out.append(bytes(value));
      }
    }
  }

  /**
   * The header {@code source[from, to)}. A line without a colon is ignored. A field that occurs
   * again has its last value; two different lengths become one text that is no number.
   */
  static WarcHeader parse(byte[] source, int from, int to) {
    String[] lines = new String(source, from, to - from, ISO_8859_1).split("\r?\n", -1);
    Map<String, String> fields = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        String name = utf8(lines[i].substring(0, colon)).trim().toLowerCase(Locale.ROOT);
        String value = lines[i].substring(colon + 1).trim();
        String before = fields.put(name, value);
        if (name.equals(LENGTH) && before != null && !before.equals(value)) {
          fields.put(name, before + " and " + value);
        }
      }
    }
    return new WarcHeader(lines[0], fields);
  }

  /**
   * What is wrong with the header, for a person; null if the record can be read by it.
   *
   * @param place where the record begins
   */
  @Nullable String problem(long place) {
    if (!version.startsWith(MAGIC)) {
      return "expected the header of a WARC record at byte " + place;
    }
    String length = fields.getOrDefault(LENGTH, "none");
    // 15 digits fit a long with room for the sum.
    return length.matches("[0-9]{1,15}")
        ? null
        : "the WARC record at byte " + place + " has the Content-Length " + length;
  }

  /** The bytes of the block after a header without a {@link #problem}. */
  long blockLength() {
    return Long.parseLong(fields.getOrDefault(LENGTH, ""));
  }

  /** The type of the record; null if it has none. */
  @Nullable String type() {
    String type = fields.get(TYPE);
    return type == null ? null : utf8(type);
  }

  /** WARC-Record-ID in bytes as they are in the file; null if the header has none. */
  byte @Nullable [] recordId() {
    String id = fields.get(ID);
    return id == null ? null : bytes(id);
  }

  /**
   * The values of the fields that paths name, ignoring case; headers are not nested.
   *
   * @param paths by the numbers that {@link FieldValues} has for the fields
   */
  FieldValues values(List<FieldPath> paths) {
    return new Values(this, paths);
  }

  private static byte[] bytes(String value) {
    return value.getBytes(ISO_8859_1);
  }

  /** The text in UTF-8 of which each character of a value is a byte. */
  private static String utf8(String value) {
    return new String(bytes(value), UTF_8);
  }
}
