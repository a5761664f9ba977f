package org.merganser.job;

/** What a job asks for. */
public enum JobKind {
  /** Writes shards of a corpus, with a tokenizer that is loaded or learned. */
  ENCODE,
  /** Counts the tokens of a corpus and writes no shards: {@code shards.formats: []}. */
  COUNT,
  /** Learns a tokenizer and writes no shards: {@code shards.formats: []}. */
  TRAIN,
  /** Writes further files from the shards of earlier runs, and reads no text. */
  FROM_SHARDS;

  /** Whether the output has shards, or files that are made of shards. */
  public boolean hasShards() {
    return this == ENCODE || this == FROM_SHARDS;
  }
}
