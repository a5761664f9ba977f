package org.merganser.job;

/** What a job asks for. A job that writes no shards has {@code shards.formats: []}. */
public enum JobKind {
  ENCODE,
  COUNT,
  TRAIN,
  /** Writes further files from the shards of earlier runs, without text. */
  FROM_SHARDS;

  public boolean hasShards() {
    return this == ENCODE || this == FROM_SHARDS;
  }
}
