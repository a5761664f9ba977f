package org.merganser.shard;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a column of a shard holds, whatever it is called. */
public enum ShardColumn {
  DOC_ID("docId", "doc_id"),
  FILE("file", "file"),
  OFFSET("offset", "offset"),
  PART("part", "part"),
  GROUP("group", "group"),
  SEQUENCE_ID("sequenceId", "sequence_id"),
  NUM_TOKENS("numTokens", "num_tokens"),
  TOKEN_IDS("tokenIds", "token_ids"),
  /** A 1 for each id that a model is trained on; there where texts have segments. */
  LOSS_MASK("lossMask", "loss_mask"),
  /** A 1 for each id. */
  ATTENTION_MASK("attentionMask", null),
  /** What is to be predicted: the ids once more, and -100 where the loss mask is 0. */
  LABELS("labels", null),
  STARTS("starts", "starts"),
  DOC_IDS("docIds", "doc_ids"),
  FILES("files", "files"),
  OFFSETS("offsets", "offsets"),
  PARTS("parts", "parts"),
  POSITIONS("positions", "positions"),
  /** The place of each id in its piece: what models take where a sequence has several documents. */
  POSITION_IDS("positionIds", null),
  /** Where pieces begin, and the end: what attention kernels for several documents take. */
  CU_SEQLENS("cuSeqlens", null);

  /** The label of an id that is not to be predicted, as torch's losses pass it over. */
  static final int NOT_PREDICTED = -100;

  private final String key;
  private final @Nullable String standardName;

  ShardColumn(String key, @Nullable String standardName) {
    this.key = key;
    this.standardName = standardName;
  }

  /** What the job file and the metadata of shards call it. */
  public String key() {
    return key;
  }

  /**
   * What it is called in shards.
   *
   * @param named names that are not those of the preset; null for a column that is left out
   * @param sequences whether rows are packed sequences, and not documents
   * @param masked whether documents have a loss mask
   * @return null where it is not there
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
            // Collators that pad documents make labels of the ids themselves, but for a mask.
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
