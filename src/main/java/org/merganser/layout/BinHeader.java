package org.merganser.layout;

/** The header before the ids of a bin file. */
public enum BinHeader {
  NONE,
  LLMC
}
