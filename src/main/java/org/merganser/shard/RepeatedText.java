package org.merganser.shard;

/** The UTF-8 of one text after the other, where many that follow each other are equal. */
public final class RepeatedText {
  private String last = "";
  private byte[] utf8 = {};

  /** The bytes of {@code text}, which the caller must not change. */
  public byte[] of(String text) {
    if (!text.equals(last)) {
      last = text;
      utf8 = ParquetShardWriter.utf8(text);
    }
    return utf8;
  }
}
