package org.merganser.shard;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of a column of a shard, independent of the column's name. {@link ShardColumns} has
 * the columns of one shard, {@link ShardSchema} their types. The order of the constants is that of
 * the columns in a file, so it must not change.
 */
public enum ShardColumn {
  /** The id of the document. */
  DOC_ID(Rows.DOCUMENTS, "docId", "doc_id"),

  /** The file of the document, as {@code inputs.jsonl} names it. */
  FILE(Rows.DOCUMENTS, "file", "file"),

  /** The place of the document's record in its file, in bytes. */
  OFFSET(Rows.DOCUMENTS, "offset", "offset"),

  /** The number of the part of a document that was cut, from 0; else 0. */
  PART(Rows.DOCUMENTS, "part", "part"),

  /** The group of the document; null without one. */
  GROUP(Rows.DOCUMENTS, "group", "group"),

  /** The name of the packed sequence. */
  SEQUENCE_ID(Rows.SEQUENCES, "sequenceId", "sequence_id"),

  /** The number of ids in the row. */
  NUM_TOKENS(Rows.BOTH, "numTokens", "num_tokens"),

  /** The ids of the row. */
  TOKEN_IDS(Rows.BOTH, "tokenIds", "token_ids"),

  /** For each id, 1 if a model is trained on it, else 0; only in shards with a loss mask. */
  LOSS_MASK(Rows.BOTH, "lossMask", "loss_mask"),

  /** For each id, 1 if it belongs to a document, and 0 if it fills a packed sequence. */
  ATTENTION_MASK(Rows.BOTH, "attentionMask", null),

  /** The ids, with {@link TrainingLabels#IGNORED} for those on which no model is trained. */
  LABELS(Rows.BOTH, "labels", null),

  /** For each piece, the index of its first id in the sequence. */
  STARTS(Rows.SEQUENCES, "starts", "starts"),

  /** For each piece, the id of its document; null for the piece that fills the sequence. */
  DOC_IDS(Rows.SEQUENCES, "docIds", "doc_ids"),

  /** For each piece, what {@link #FILE} is for a document. */
  FILES(Rows.SEQUENCES, "files", "files"),

  /** For each piece, what {@link #OFFSET} is for a document. */
  OFFSETS(Rows.SEQUENCES, "offsets", "offsets"),

  /** For each piece, what {@link #PART} is for a document. */
  PARTS(Rows.SEQUENCES, "parts", "parts"),

  /** For each piece, the index of its first id among those of its part. */
  POSITIONS(Rows.SEQUENCES, "positions", "positions"),

  /** The index of each id in its piece, for models that read sequences of several documents. */
  POSITION_IDS(Rows.SEQUENCES, "positionIds", null),

  /** The starts of the pieces, and the end, for attention kernels that read several documents. */
  CU_SEQLENS(Rows.SEQUENCES, "cuSeqlens", null);

  /** The kinds of shards that can have a column. */
  private enum Rows {
    DOCUMENTS,
    SEQUENCES,
    BOTH;

    boolean areInShard(boolean ofSequences) {
      return this == BOTH || ofSequences == (this == SEQUENCES);
    }
  }

  private final Rows rows;
  private final String key;
  private final @Nullable String standardName;

  /**
   * @param rows the kinds of shards that can have the column
   * @param key the column's key in a job and in the metadata of a shard
   * @param standardName the name in a job without other names; null for a column that only such a
   *     job or another preset adds
   */
  ShardColumn(Rows rows, String key, @Nullable String standardName) {
    this.rows = rows;
    this.key = key;
    this.standardName = standardName;
  }

  /** The column's key in {@code shards.columns} of a job and in the metadata of a shard. */
  public String key() {
    return key;
  }

  /**
   * The name of the column in the shards of a job.
   *
   * @param preset has the names of the columns that the job does not name
   * @param named the names that the job sets; null for a column that is left out
   * @param sequences whether rows are packed sequences, not documents
   * @param masked whether documents have a loss mask
   * @return null if the shards do not have the column
   */
  public @Nullable String name(
      ShardColumns.Preset preset,
      Map<ShardColumn, @Nullable String> named,
      boolean sequences,
      boolean masked) {
    if (!rows.areInShard(sequences) || (this == LOSS_MASK && !masked)) {
      return null;
    }
    return named.containsKey(this) ? named.get(this) : presetName(preset, sequences, masked);
  }

  /** The name in a preset; null if the preset does not have the column. */
  private @Nullable String presetName(
      ShardColumns.Preset preset, boolean sequences, boolean masked) {
    return switch (preset) {
      case MERGANSER -> standardName;
      case HF ->
          switch (this) {
            case TOKEN_IDS -> "input_ids";
            case LOSS_MASK -> "assistant_masks";
            case ATTENTION_MASK -> "attention_mask";
            // Most collators make the labels of documents without a loss mask from the ids.
            case LABELS -> sequences || masked ? "labels" : null;
            default -> standardName;
          };
      case MARIN ->
          switch (this) {
            case TOKEN_IDS -> "input_ids";
            case DOC_ID -> "id";
            default -> standardName;
          };
    };
  }
}
