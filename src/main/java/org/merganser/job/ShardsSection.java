package org.merganser.job;

import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.job.key.JobKey;
import org.merganser.job.key.KeyRole;
import org.merganser.layout.BinHeader;
import org.merganser.layout.ShardFormat;
import org.merganser.shard.ShardColumn;
import org.merganser.shard.ShardColumns;
import org.merganser.shard.ShardPacking;

/**
 * The key {@code shards}: the shards and other layouts to write. The resource {@code keys.yaml}
 * says in full what each key means, and {@link ShardRules} has the rules between them.
 *
 * @param formats the layouts; empty for a run that only learns a vocabulary or counts tokens
 * @param from output folders of earlier runs, whose shards are read in place of a corpus; or null
 * @param beginOfDocument the token before each document; null for none
 * @param endOfDocument the token after each document; null for none
 * @param groupBy the field with the group of a document; null for none
 * @param bin the header of the layout {@code bin}
 * @param maxTokens the most ids in a shard file; null: as many as the readers of each layout take
 * @param maxBytes the most bytes of ids in a shard file, before compression; null for no limit
 * @param mergedTokens ids in a file that is merged of shards; null: shards are not merged
 * @param pack null: documents are not packed
 * @param shuffle null: documents are in the order of the corpus
 * @param preset the names of the columns
 * @param columns other names of columns; a null value leaves the column out
 * @param keep fields of the records that are stored in columns of shards
 * @param partitionBy the field whose values have a folder of their own; null for none
 * @param partition which of these values have one
 * @param blend the weights of these folders
 */
@JobKey.Roles(KeyRole.ARRANGEMENT)
public record ShardsSection(
    @JobKey(decides = KeyRole.FORMATS, grows = true, byDefault = "[parquet]")
        List<ShardFormat> formats,
    @JobKey(decides = KeyRole.ROWS, isLocation = true, orOne = true) @Nullable List<String> from,
    @JobKey(decides = {KeyRole.VOCABULARY, KeyRole.ROWS, KeyRole.ENDS})
        @Nullable String beginOfDocument,
    @JobKey(decides = {KeyRole.VOCABULARY, KeyRole.ENDS}) @Nullable String endOfDocument,
    @JobKey(decides = {KeyRole.GROUPS, KeyRole.ENCODED}) @Nullable String groupBy,
    @JobKey Bin bin,
    @JobKey(decides = KeyRole.ROWS, min = 1) @Nullable Long maxTokens,
    @JobKey(decides = KeyRole.ROWS, min = 1) @Nullable Long maxBytes,
    @JobKey(decides = KeyRole.LAYOUT, min = 1) @Nullable Long mergedTokens,
    @JobKey @Nullable Pack pack,
    @JobKey @Nullable Shuffle shuffle,
    @JobKey(decides = KeyRole.ROWS, byDefault = "merganser") ShardColumns.Preset preset,
    @JobKey(decides = KeyRole.ROWS, byDefault = "{}")
        SortedMap<ShardColumn, @Nullable String> columns,
    @JobKey(decides = KeyRole.ROWS, byDefault = "[]") List<String> keep,
    @JobKey(decides = KeyRole.ENCODED) @Nullable String partitionBy,
    @JobKey Partition partition,
    @JobKey Blend blend)
    implements Serializable {

  /**
   * The same section with other tokens around documents, and other kept fields.
   *
   * @param begin the token before each document; null for none
   * @param end the token after each document; null for none
   * @param kept the fields that are stored in columns of shards
   */
  public ShardsSection with(@Nullable String begin, @Nullable String end, List<String> kept) {
    return new ShardsSection(
        formats,
        from,
        begin,
        end,
        groupBy,
        bin,
        maxTokens,
        maxBytes,
        mergedTokens,
        pack,
        shuffle,
        preset,
        columns,
        kept,
        partitionBy,
        partition,
        blend);
  }

  /** The field that names the group of a document; null if none is named. */
  public @Nullable String groupField() {
    return groupBy == null ? partitionBy : groupBy;
  }

  /** Whether the job leaves out a column that shards have by default. */
  public boolean leavesOut(ShardColumn column) {
    return columns.containsKey(column) && columns.get(column) == null;
  }

  /**
   * Which groups have a folder of their own.
   *
   * @param maxGroups the run fails if there are more groups
   * @param groups those that have a folder of their own; empty: all
   * @param rest the name of the folder for all other groups
   */
  @JobKey.Roles(KeyRole.ENCODED)
  public record Partition(
      @JobKey(decides = KeyRole.FOLDER_LIMIT, byDefault = "100", min = 1, max = 10000)
          int maxGroups,
      @JobKey(byDefault = "[]") List<String> groups,
      @JobKey(byDefault = "rest") String rest)
      implements Serializable {}

  /**
   * The weights by which a trainer mixes the groups.
   *
   * @param alpha the weight of a group is its number of tokens to this power
   * @param weights by group; null: by {@code alpha}
   * @param root the text before each path for the trainer; null: paths are relative to the output
   */
  @JobKey.Roles(KeyRole.BLEND)
  public record Blend(
      @JobKey(byDefault = "1", minReal = 0, maxReal = 10) double alpha,
      @JobKey(minReal = 0) @Nullable SortedMap<String, Double> weights,
      @JobKey @Nullable String root)
      implements Serializable {}

  /** The header of the layout {@code bin}. */
  @JobKey.Roles(KeyRole.LAYOUT)
  public record Bin(@JobKey(byDefault = "none") BinHeader header) implements Serializable {}

  /**
   * How documents become sequences of one length.
   *
   * @param length of a sequence, in ids
   * @param strategy how documents are distributed over sequences
   * @param remainder what is done with the ids that fill no sequence
   */
  @JobKey.Roles(KeyRole.ARRANGEMENT)
  public record Pack(
      @JobKey(min = 2, max = 1 << 26) int length,
      @JobKey(byDefault = "concat") ShardPacking.Strategy strategy,
      @JobKey(byDefault = "keep") ShardPacking.Remainder remainder)
      implements Serializable {}

  /**
   * A random order.
   *
   * @param seed equal seeds and inputs have equal orders
   * @param of what is shuffled; null: sequences if there are any, else documents
   */
  @JobKey.Roles(KeyRole.ARRANGEMENT)
  public record Shuffle(@JobKey(byDefault = "0") long seed, @JobKey @Nullable ShuffleOf of)
      implements Serializable {}

  /** What is shuffled. */
  public enum ShuffleOf {
    DOCUMENTS,
    SEQUENCES
  }
}
