package org.merganser.job;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.job.key.JobKey;
import org.merganser.job.key.KeyRole;
import org.merganser.layout.BinHeader;
import org.merganser.layout.ShardFormat;
import org.merganser.shard.ShardColumn;
import org.merganser.shard.ShardColumns;
import org.merganser.shard.ShardPacking;

/** The shards and other layouts to write. */
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

  /** The same section with the tokens around documents and the kept fields of the earlier runs. */
  public ShardsSection ofEarlier(@Nullable String begin, @Nullable String end, List<String> kept) {
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

  public boolean leavesOut(ShardColumn column) {
    return columns.containsKey(column) && columns.get(column) == null;
  }

  /**
   * A sentence that asks for the token that fills short sequences; null if the job has one, or if
   * none is filled.
   */
  public @Nullable String missingFill() {
    if (pack == null || endOfDocument != null || pack.remainder() == ShardPacking.Remainder.DROP) {
      return null;
    }
    String filled =
        formats.stream()
            .filter(ShardFormat::fillsSequences)
            .map(ShardFormat::spelled)
            .collect(Collectors.joining(", "));
    boolean pads = pack.remainder() == ShardPacking.Remainder.PAD;
    return !pads && filled.isEmpty()
        ? null
        : "shards.endOfDocument: is required: short sequences are filled with it"
            + (pads ? "" : " in " + filled)
            + "; or leave them out with shards.pack.remainder: drop";
  }

  /** A sentence for each layout of the job that cannot store a loss mask. */
  public List<String> withoutPlaceForMasks() {
    String with =
        Arrays.stream(ShardFormat.values())
            .filter(format -> format.hasMask(BinHeader.NONE))
            .map(format -> format.label(BinHeader.NONE))
            .collect(Collectors.joining(", "));
    return formats.stream()
        .filter(format -> !format.hasMask(bin.header()))
        .map(
            format ->
                "shards.formats: %s has no place for the loss mask of ids; these have one: %s"
                    .formatted(format.label(bin.header()), with))
        .toList();
  }

  /** Which groups have a folder of their own. */
  @JobKey.Roles(KeyRole.ENCODED)
  public record Partition(
      @JobKey(decides = KeyRole.FOLDER_LIMIT, byDefault = "100", min = 1, max = 10000)
          int maxGroups,
      @JobKey(byDefault = "[]") List<String> groups,
      @JobKey(byDefault = "rest") String rest)
      implements Serializable {}

  @JobKey.Roles(KeyRole.BLEND)
  public record Blend(
      @JobKey(byDefault = "1", least = 0, most = 10) double alpha,
      @JobKey(least = 0) @Nullable SortedMap<String, Double> weights,
      @JobKey @Nullable String root)
      implements Serializable {}

  @JobKey.Roles(KeyRole.LAYOUT)
  public record Bin(@JobKey(byDefault = "none") BinHeader header) implements Serializable {}

  /** How documents become sequences of one length. */
  @JobKey.Roles(KeyRole.ARRANGEMENT)
  public record Pack(
      @JobKey(min = 2, max = 1 << 26) int length,
      @JobKey(byDefault = "concat") ShardPacking.Strategy strategy,
      @JobKey(byDefault = "keep") ShardPacking.Remainder remainder)
      implements Serializable {}

  @JobKey.Roles(KeyRole.ARRANGEMENT)
  public record Shuffle(@JobKey(byDefault = "0") long seed, @JobKey @Nullable ShuffleOf of)
      implements Serializable {}

  public enum ShuffleOf {
    DOCUMENTS,
    SEQUENCES
  }
}
