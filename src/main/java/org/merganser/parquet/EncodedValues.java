package org.merganser.parquet;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.schema.PrimitiveType;
import org.merganser.parquet.file.PageCodecs;

/**
 * Finds the end of the encoded values of a page for {@link CheckedPages}, without decoding them: it
 * reads only lengths and the headers of runs.
 */
final class EncodedValues {
  /** The bytes that a writer may leave after indexes into a dictionary: an empty run. */
  private static final int EMPTY_RUN_BYTES = 2;

  private EncodedValues() {}

  /**
   * The bytes after the values of a page; negative if some are missing. 0 also if the reader of the
   * encoding checks its end itself, as those of indexes, deltas and booleans do.
   *
   * @param type the type of the column
   * @param in the bytes of the page after its levels, little-endian
   * @param values the number of values, without nulls
   * @throws BufferUnderflowException if the page ends in the middle of what must be read; also an
   *     IllegalArgumentException or IndexOutOfBoundsException
   * @throws ParquetDecodingException if the values are damaged otherwise
   */
  static long bytesAfter(PrimitiveType type, Encoding encoding, ByteBuffer in, int values) {
    if (values == 0 && in.remaining() <= EMPTY_RUN_BYTES) {
      return 0;
    }
    return switch (encoding) {
      case PLAIN, BYTE_STREAM_SPLIT -> bytesAfterPlain(type, in, values);
      case PLAIN_DICTIONARY, RLE_DICTIONARY -> bytesAfterIndexes(in, values);
      case DELTA_BINARY_PACKED -> {
        openDeltas(in, values); // checks the header; a reader of deltas checks the rest
        yield 0;
      }
      case DELTA_LENGTH_BYTE_ARRAY -> bytesAfterLengths(in, values);
      case DELTA_BYTE_ARRAY -> bytesAfterSharedPrefixes(in, values);
      default -> 0; // booleans, after a length that their reader checks
    };
  }

  /** The bytes after values that are encoded as PLAIN; see {@link #bytesAfter}. */
  static long bytesAfterPlain(PrimitiveType type, ByteBuffer in, int values) {
    long bitsOfOne =
        switch (type.getPrimitiveTypeName()) {
          case BOOLEAN -> 1;
          case INT32, FLOAT -> 32;
          case INT64, DOUBLE -> 64;
          case INT96 -> 96;
          case FIXED_LEN_BYTE_ARRAY -> 8L * type.getTypeLength();
          case BINARY -> {
            for (int i = 0; i < values; i++) {
              int length = in.getInt();
              in.position(Math.addExact(in.position(), length));
            }
            yield 0; // the position is after the values already
          }
        };
    return in.remaining() - (bitsOfOne * values + 7) / 8;
  }

  /**
   * The bytes after indexes into a dictionary, which are a byte with their width, then bit-packed
   * runs of eight values each and repeated runs.
   */
  private static long bytesAfterIndexes(ByteBuffer in, int values) {
    int width = in.get();
    long seen = 0;
    while (seen < values) {
      int header = PageIntegers.readUnsigned(in);
      boolean packed = (header & 1) == 1;
      int run = header >>> 1;
      if (run == 0) {
        return in.remaining() + 1L; // damage: empty runs never have all values
      }
      seen += packed ? 8L * run : run;
      long bytes = packed ? (long) run * width : (width + 7) / 8;
      in.position((int) Math.min(in.limit(), in.position() + bytes)); // the last may be truncated
    }
    return Math.max(0, in.remaining() - EMPTY_RUN_BYTES);
  }

  /**
   * Opens deltas, and checks their header.
   *
   * @throws ParquetDecodingException if they have too many values for the array that Parquet's
   *     reader makes of them
   */
  private static DeltaReader openDeltas(ByteBuffer in, int values) {
    if ((long) values * Long.BYTES > PageCodecs.MAX_PAGE_BYTES) {
      throw new ParquetDecodingException(
          "a page of %s deltas; %s are allowed"
              .formatted(values, PageCodecs.MAX_PAGE_BYTES / Long.BYTES));
    }
    return new DeltaReader(in, values);
  }

  /**
   * 0, or less than 0 if texts lack bytes. Texts are their lengths as deltas, then their bytes.
   * Bytes after them are accepted, since readers ignore them.
   */
  private static long bytesAfterLengths(ByteBuffer in, int values) {
    DeltaReader lengths = openDeltas(in, values);
    long total = 0;
    for (int i = 0; i < values; i++) {
      total += lengths.nextLength();
    }
    lengths.finish();
    return Math.min(0, in.remaining() - total);
  }

  /**
   * The same for texts of which each is a prefix of the one before and a rest. They are the lengths
   * of the prefixes, then the lengths of the rests, both as deltas, then the bytes of the rests. A
   * few bytes may mean very long texts, so the sum of their lengths is bounded.
   */
  private static long bytesAfterSharedPrefixes(ByteBuffer in, int values) {
    DeltaReader prefixes = openDeltas(in.duplicate(), values);
    DeltaReader skipped = openDeltas(in, values);
    for (int i = 0; i < values; i++) {
      skipped.nextLength();
    }
    skipped.finish();
    DeltaReader rests = openDeltas(in, values);
    long stored = 0;
    long total = 0;
    long previous = 0;
    for (int i = 0; i < values; i++) {
      int prefix = prefixes.nextLength();
      int rest = rests.nextLength();
      if (prefix > previous) {
        throw new ParquetDecodingException(
            "a value begins with %s bytes of one of %s".formatted(prefix, previous));
      }
      previous = (long) prefix + rest;
      stored += rest;
      total += previous;
    }
    if (total > PageCodecs.MAX_PAGE_BYTES) {
      throw new ParquetDecodingException(
          "a page means %s bytes; %s are allowed".formatted(total, PageCodecs.MAX_PAGE_BYTES));
    }
    rests.finish();
    return Math.min(0, in.remaining() - stored);
  }
}
