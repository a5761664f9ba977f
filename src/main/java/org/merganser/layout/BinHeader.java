package org.merganser.layout;

/** The header before the ids of a bin file: none, or that of llm.c. */
public enum BinHeader {
  NONE,
  LLMC
}
