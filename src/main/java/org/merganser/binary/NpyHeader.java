package org.merganser.binary;

import java.nio.charset.StandardCharsets;

/** The header of a numpy array in a {@code .npy} file (NEP 1, version 1.0). */
public final class NpyHeader {
  private static final int BYTES = 128;

  private NpyHeader() {}

  /** A header of 128 bytes; the shape is as between Python's parentheses, {@code 5,}. */
  public static byte[] of(String descr, String shape) {
    String text = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + shape + "), }";
    text += " ".repeat(BYTES - 10 - text.length() - 1) + "\n";
    ByteBuilder out = new ByteBuilder(256);
    out.append((byte) 0x93);
    out.append("NUMPY\1\0".getBytes(StandardCharsets.US_ASCII), 0, 7);
    out.appendShort(text.length());
    out.append(text.getBytes(StandardCharsets.US_ASCII), 0, text.length());
    return out.toByteArray();
  }
}
