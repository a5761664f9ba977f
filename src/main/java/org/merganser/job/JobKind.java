package org.merganser.job;

/** What a job asks for. A job that writes no shards has {@code shards.formats: []}. */
public enum JobKind {
  ENCODE,
  COUNT,
  TRAIN,
  /** Writes further files from the shards of earlier runs, without text. */
  FROM_SHARDS;

  static JobKind of(Job job) {
    if (!job.shards().formats().isEmpty()) {
      return job.shards().from() == null ? ENCODE : FROM_SHARDS;
    }
    return job.tokenizer() != null && job.tokenizer().train() != null ? TRAIN : COUNT;
  }

  public boolean hasShards() {
    return this == ENCODE || this == FROM_SHARDS;
  }
}
