package org.merganser.layout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.merganser.text.unicode.ByteBuilder;

/**
 * A numpy array with a {@code .npy} header (NEP 1, version 1.0), of uint16 or int32, for {@code
 * numpy.load(file, mmap_mode="r")}. Documents form one dimension, packed sequences two.
 */
public final class NpyLayout extends ShardLayout {
  private static final int HEADER_BYTES = 128;

  NpyLayout() {
    super(new Shape("npy", List.of(".npy"), UINT16_BOUND, Sequences.FILLED, true));
  }

  @Override
  byte[] maskHeader(Ids ids, long count) {
    return header("|b1", shape(ids, count));
  }

  @Override
  Part newPart(Files files, Ids ids, Map<String, String> metadata) throws IOException {
    IdWidth width = width(ids.bound());
    String descr = width == IdWidth.UINT16 ? "<u2" : "<i4";
    return new PlainPart(files.file(".npy"), width, ids, count -> header(descr, shape(ids, count)));
  }

  private static String shape(Ids ids, long count) {
    int length = ids.sequenceLength();
    return length == 0 ? count + "," : count / length + ", " + length;
  }

  /** A header of 128 bytes; the shape is as between Python's parentheses, {@code 5,}. */
  public static byte[] header(String descr, String shape) {
    String text = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + shape + "), }";
    text += " ".repeat(HEADER_BYTES - 10 - text.length() - 1) + "\n";
    ByteBuilder out = new ByteBuilder(256);
    out.append((byte) 0x93);
    out.append("NUMPY\1\0".getBytes(StandardCharsets.US_ASCII), 0, 7);
    out.appendShort(text.length());
    out.append(text.getBytes(StandardCharsets.US_ASCII), 0, text.length());
    return out.toByteArray();
  }
}
