package org.merganser.output;

/**
 * The folders of {@link OutputFile#listedFolders}, and folders in them, relative to the output and
 * without a slash at their ends except where it is mentioned.
 */
public final class ListedFolders {
  /** The folder of the vocabulary. */
  public static final String TOKENIZER = "tokenizer";

  /** The folder of the ids of documents for training, in all layouts. */
  public static final String SHARDS = "shards";

  /** The folder of everything about documents for validation. */
  public static final String VALIDATION = "validation";

  /** The folder of the canonical shards of documents for training, with a slash at its end. */
  public static final String CANONICAL_SHARDS = SHARDS + "/parquet/";

  /** The folder of the canonical shards of documents for validation, with a slash at its end. */
  public static final String CANONICAL_VALIDATION = VALIDATION + "/parquet/";

  /** The folder of the vectors of documents for training. */
  public static final String EMBEDDED = "embedded";

  /** The folder of the n-gram model and of learned vectors. */
  public static final String LEARNED = "learned";

  /** The folder of records that are not documents. */
  public static final String DEAD_LETTERS = "dead-letters";

  private ListedFolders() {}

  /** Whether a path is that of a canonical shard, on either side of the split. */
  public static boolean isCanonicalShard(String path) {
    return path.startsWith(CANONICAL_SHARDS) || path.startsWith(CANONICAL_VALIDATION);
  }
}
