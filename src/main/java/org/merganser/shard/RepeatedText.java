package org.merganser.shard;

/** Converts texts to UTF-8; fast if a text repeats the last one. */
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
