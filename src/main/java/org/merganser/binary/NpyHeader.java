package org.merganser.binary;

import java.nio.charset.StandardCharsets;

/** The header of a numpy array in a {@code .npy} file (NEP 1, version 1.0). */
public final class NpyHeader {
  /**
   * The size of a header, a multiple of 64, to which data is aligned; enough for any shape here.
   */
  private static final int BYTES = 128;

  /** The magic, two bytes of version and two of the text's length. */
  private static final int BYTES_BEFORE_TEXT = 10;

  private NpyHeader() {}

  /**
   * A header of {@value #BYTES} bytes.
   *
   * @param descr the type of the values, such as {@code <f4}
   * @param shape as between Python's parentheses, such as {@code 5,}
   * @throws IllegalArgumentException if both do not fit the header
   */
  public static byte[] of(String descr, String shape) {
    String fields =
        "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + shape + "), }";
    int spaces = BYTES - BYTES_BEFORE_TEXT - fields.length() - "\n".length();
    String text = fields + " ".repeat(spaces) + "\n";
    ByteBuilder out = new ByteBuilder(BYTES);
    out.append((byte) 0x93);
    out.append("NUMPY\1\0".getBytes(StandardCharsets.US_ASCII));
    out.appendShort(text.length());
    out.append(text.getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }
}
