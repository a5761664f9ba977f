package org.merganser.job;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Decides;
import org.merganser.json.Field;
import org.merganser.layout.BinHeader;
import org.merganser.layout.ShardFormat;
import org.merganser.shard.ShardColumn;
import org.merganser.shard.ShardColumns;
import org.merganser.shard.ShardPacking;

/** The shards and other layouts to write. */
@Field.Keys(Decides.ARRANGEMENT)
public record ShardsSection(
    @Field(decides = Decides.FORMATS, grows = true, byDefault = "[parquet]")
        List<ShardFormat> formats,
    @Field(decides = Decides.ROWS, isLocation = true, orOne = true) @Nullable List<String> from,
    @Field(decides = {Decides.VOCABULARY, Decides.ROWS, Decides.ENDS})
        @Nullable String beginOfDocument,
    @Field(decides = {Decides.VOCABULARY, Decides.ENDS}) @Nullable String endOfDocument,
    @Field(decides = {Decides.GROUPS, Decides.ENCODED}) @Nullable String groupBy,
    @Field Bin bin,
    @Field(decides = Decides.ROWS, min = 1) @Nullable Long maxTokens,
    @Field(decides = Decides.ROWS, min = 1) @Nullable Long maxBytes,
    @Field(decides = Decides.LAYOUT, min = 1) @Nullable Long mergedTokens,
    @Field @Nullable Pack pack,
    @Field @Nullable Shuffle shuffle,
    @Field(decides = Decides.ROWS, byDefault = "merganser") ShardColumns.Preset preset,
    @Field(decides = Decides.ROWS, byDefault = "{}")
        SortedMap<ShardColumn, @Nullable String> columns,
    @Field(decides = Decides.ROWS, byDefault = "[]") List<String> keep,
    @Field(decides = Decides.ENCODED) @Nullable String partitionBy,
    @Field Partition partition,
    @Field Blend blend)
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
  @Field.Keys(Decides.ENCODED)
  public record Partition(
      @Field(decides = Decides.FOLDER_LIMIT, byDefault = "100", min = 1, max = 10000) int maxGroups,
      @Field(byDefault = "[]") List<String> groups,
      @Field(byDefault = "rest") String rest)
      implements Serializable {}

  @Field.Keys(Decides.BLEND)
  public record Blend(
      @Field(byDefault = "1", least = 0, most = 10) double alpha,
      @Field(least = 0) @Nullable SortedMap<String, Double> weights,
      @Field @Nullable String root)
      implements Serializable {}

  @Field.Keys(Decides.LAYOUT)
  public record Bin(@Field(byDefault = "none") BinHeader header) implements Serializable {}

  /** How documents become sequences of one length. */
  @Field.Keys(Decides.ARRANGEMENT)
  public record Pack(
      @Field(min = 2, max = 1 << 26) int length,
      @Field(byDefault = "concat") ShardPacking.Strategy strategy,
      @Field(byDefault = "keep") ShardPacking.Remainder remainder)
      implements Serializable {}

  @Field.Keys(Decides.ARRANGEMENT)
  public record Shuffle(@Field(byDefault = "0") long seed, @Field @Nullable ShuffleOf of)
      implements Serializable {}

  public enum ShuffleOf {
    DOCUMENTS,
    SEQUENCES
  }
}
