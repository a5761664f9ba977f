package org.merganser.layout;

/** What stands before the ids of a bin file: nothing, or the header of llm.c. */
public enum BinHeader {
  NONE,
  LLMC
}
