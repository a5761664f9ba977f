package org.merganser.shard;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The content of a column of a shard, independent of the column's name. */
public enum ShardColumn {
  DOC_ID("docId", "doc_id"),
  FILE("file", "file"),
  OFFSET("offset", "offset"),
  PART("part", "part"),
  GROUP("group", "group"),
  SEQUENCE_ID("sequenceId", "sequence_id"),
  NUM_TOKENS("numTokens", "num_tokens"),
  TOKEN_IDS("tokenIds", "token_ids"),
  /** A 1 for each id on which a model is trained; only if texts have segments. */
  LOSS_MASK("lossMask", "loss_mask"),
  /** A 1 for each id of a document, and a 0 for ids that fill a packed sequence. */
  ATTENTION_MASK("attentionMask", null),
  /** {@link IgnoredLabels}: the ids, with -100 for those that no model predicts. */
  LABELS("labels", null),
  STARTS("starts", "starts"),
  DOC_IDS("docIds", "doc_ids"),
  FILES("files", "files"),
  OFFSETS("offsets", "offsets"),
  PARTS("parts", "parts"),
  POSITIONS("positions", "positions"),
  /** The index of each id in its piece, for models that read sequences of several documents. */
  POSITION_IDS("positionIds", null),
  /** The starts of the pieces, and the end, for attention kernels that read several documents. */
  CU_SEQLENS("cuSeqlens", null);

  private final String key;
  private final @Nullable String standardName;

  ShardColumn(String key, @Nullable String standardName) {
    this.key = key;
    this.standardName = standardName;
  }

  public String key() {
    return key;
  }

  /**
   * The name of the column in shards.
   *
   * @param named names that replace those of the preset; null for a column that is left out
   * @param sequences whether rows are packed sequences, not documents
   * @param masked whether documents have a loss mask
   * @return null if the column does not exist
   */
  public @Nullable String name(
      ShardColumns.Preset preset,
      Map<ShardColumn, @Nullable String> named,
      boolean sequences,
      boolean masked) {
    boolean there =
        sequences ? compareTo(SEQUENCE_ID) >= 0 : this != SEQUENCE_ID && compareTo(LABELS) <= 0;
    if (!there || this == LOSS_MASK && !masked) {
      return null;
    }
    return named.containsKey(this) ? named.get(this) : name(preset, sequences, masked);
  }

  private @Nullable String name(ShardColumns.Preset preset, boolean sequences, boolean masked) {
    return switch (preset) {
      case MERGANSER -> standardName;
      case HF ->
          switch (this) {
            case TOKEN_IDS -> "input_ids";
            case LOSS_MASK -> "assistant_masks";
            case ATTENTION_MASK -> "attention_mask";
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
