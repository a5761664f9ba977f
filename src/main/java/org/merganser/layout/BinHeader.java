package org.merganser.layout;

/** The header before the ids of a bin file. */
public enum BinHeader {
  /** No header, as nanoGPT reads the file. */
  NONE,

  /** The header of llm.c. */
  LLMC
}
