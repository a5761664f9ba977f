package org.merganser.parquet;

import org.apache.parquet.column.Encoding;
import org.merganser.binary.ByteBuilder;

/**
 * A column of float vectors, encoded as BYTE_STREAM_SPLIT: the four bytes of a page's floats are
 * stored as four streams, so that zstd finds signs and exponents together. Mantissas do not
 * compress.
 */
public final class FloatListColumn extends PagedColumn {
  /** The streams of a page. */
  private final ByteBuilder split = new ByteBuilder(256);

  FloatListColumn(ColumnPages pages) {
    super(pages);
  }

  /** Adds a row: the vector in {@code from[at, at + dim)}. */
  public void add(float[] from, int at, int dim) {
    for (int i = at; i < at + dim; i++) {
      plain.appendInt(Float.floatToRawIntBits(from[i]));
    }
    endList(dim, 0);
  }

  @Override
  Encoding encoding() {
    return Encoding.BYTE_STREAM_SPLIT;
  }

  @Override
  ByteBuilder encoded() {
    int floats = plain.length() / Float.BYTES;
    split.clear();
    split.reserve(plain.length());
    byte[] in = plain.bytes();
    byte[] out = split.bytes();
    for (int stream = 0; stream < Float.BYTES; stream++) {
      int to = stream * floats;
      for (int i = 0; i < floats; i++) {
        out[to + i] = in[Float.BYTES * i + stream];
      }
    }
    return split;
  }
}
