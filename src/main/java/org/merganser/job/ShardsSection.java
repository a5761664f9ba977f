package org.merganser.job;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Decides;
import org.merganser.json.Field;
import org.merganser.json.Unwrapped;
import org.merganser.layout.BinHeader;
import org.merganser.layout.ShardFormat;
import org.merganser.shard.PackSettings;
import org.merganser.shard.ShardColumn;
import org.merganser.shard.ShardColumns;

/** The files that are written of the ids. */
@Field.Keys(Decides.ARRANGEMENT)
public record ShardsSection(
    @Field(
            decides = Decides.FORMATS,
            grows = true,
            doc =
                "Layouts of the id shards, beside the Parquet shards, which are always written."
                    + " An empty list: the run only learns a"
                    + " vocabulary, and writes it straight into the output folder, or with"
                    + " tokenizer.load it only counts tokens.",
            byDefault = "[parquet]")
        List<ShardFormat> formats,
    @Field(
            decides = Decides.ROWS,
            doc =
                "The output folder of an earlier run whose shards are joined with a table or made"
                    + " into other layouts; the text is not read then. Or a list of folders of"
                    + " runs with one tokenizer, whose shards follow one another in the layouts.",
            isLocation = true,
            orOne = true)
        @Nullable List<String> from,
    @Field(
            decides = {Decides.VOCABULARY, Decides.ENDS},
            doc = "Token appended to each document. null: none.")
        @Nullable String endOfDocument,
    @Field(
            decides = {Decides.GROUPS, Decides.ENCODED},
            doc =
                "Field path, or a template of several, whose value groups documents, such as lang."
                    + " Counts by group go into receipts and the report.")
        @Nullable String groupBy,
    @Field(doc = "The layout bin.") Bin bin,
    @Unwrapped Limits limits,
    @Field(
            doc =
                "Sequences of one length for training, in shards/packed; the other layouts are"
                    + " then made of them. null: documents as they are.")
        @Nullable Pack pack,
    @Field(
            doc =
                "A global shuffle of documents (in shards/shuffled) or of packed sequences; the"
                    + " other layouts are then made of it. null: the order of the corpus.")
        @Nullable Shuffle shuffle,
    @Unwrapped Row row,
    @Unwrapped Folders folders)
    implements Serializable {

  /** The same section with the end-of-document token and the kept fields of the earlier runs. */
  public ShardsSection ofEarlier(@Nullable String token, List<String> kept) {
    return new ShardsSection(
        formats,
        from,
        token,
        groupBy,
        bin,
        limits,
        pack,
        shuffle,
        new Row(row.preset(), row.columns(), kept),
        folders);
  }

  public boolean leavesOut(ShardColumn column) {
    return row.columns().containsKey(column) && row.columns().get(column) == null;
  }

  /**
   * A sentence that asks for the token that fills short sequences; null where the job has one, or
   * where none is filled.
   */
  public @Nullable String missingFill() {
    if (pack == null || endOfDocument != null || pack.remainder() == PackSettings.Remainder.DROP) {
      return null;
    }
    String filled =
        formats.stream()
            .filter(ShardFormat::fillsSequences)
            .map(ShardFormat::spelled)
            .collect(Collectors.joining(", "));
    boolean pads = pack.remainder() == PackSettings.Remainder.PAD;
    return !pads && filled.isEmpty()
        ? null
        : "shards.endOfDocument: is required: short sequences are filled with it"
            + (pads ? "" : " in " + filled)
            + "; or leave them out with shards.pack.remainder: drop";
  }

  /** A sentence for each layout of the job that has no place for a loss mask. */
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

  @Field.Keys(Decides.ROWS)
  public record Limits(
      @Field(
              doc =
                  "The most ids of a file of shards. A document is not cut for it, and a file with"
                      + " one document may be larger. null: the limit of each layout's readers.",
              min = 1)
          @Nullable Long maxTokens,
      @Field(
              doc =
                  "The most bytes of ids of a file of shards, before compression, as maxTokens is."
                      + " null: no such limit.",
              min = 1)
          @Nullable Long maxBytes,
      @Field(
              decides = Decides.LAYOUT,
              doc =
                  "The shards are merged, in their order, into files of up to this many ids in all"
                      + " layouts but parquet, instead of maxTokens and maxBytes; neither a shard"
                      + " nor a document is cut for it unless it alone is larger. null: each shard"
                      + " has files of its own.",
              min = 1)
          @Nullable Long mergedTokens)
      implements Serializable {}

  @Field.Keys(Decides.ROWS)
  public record Row(
      @Field(
              doc =
                  "What the columns of Parquet shards are called, and which there are: merganser;"
                      + " hf: as the Trainer of transformers reads them (input_ids, attention_mask,"
                      + " and labels in packed sequences and where there is a loss mask); marin: as"
                      + " Levanter's format prebuilt"
                      + " does (input_ids, id).",
              byDefault = "merganser")
          ShardColumns.Preset preset,
      @Field(
              doc =
                  "Other names of columns than those of the preset, such as {tokenIds: tokens};"
                      + " null leaves a column out.",
              byDefault = "{}")
          SortedMap<ShardColumn, @Nullable String> columns,
      @Field(
              doc =
                  "Field paths whose values go into columns of the Parquet shards beside the ids,"
                      + " such as [url, score:double]. Behind the colon is the type: string,"
                      + " integer, double or boolean; without one it is string, which takes every"
                      + " value.",
              byDefault = "[]")
          List<String> keep)
      implements Serializable {}

  @Field.Keys(Decides.ENCODED)
  public record Folders(
      @Field(
              doc =
                  "Field path whose value tells groups apart: each has a folder of its own in every"
                      + " layout, such as shards/parquet/lang=en/, and totals in dataset.json."
                      + " null: all documents in one folder.")
          @Nullable String partitionBy,
      @Field(doc = "Which folders shards.partitionBy makes.") Partition partition,
      @Field(doc = "The weights of groups in shards/blend/.") Blend blend)
      implements Serializable {}

  /** Which groups have a folder of their own. */
  @Field.Keys(Decides.ENCODED)
  public record Partition(
      @Field(
              decides = Decides.FOLDER_LIMIT,
              doc =
                  "The most folders of groups; a run that finds more groups fails. Each worker"
                      + " thread has a file open for each group of its unit.",
              byDefault = "100",
              min = 1,
              max = 10000)
          int maxGroups,
      @Field(
              doc =
                  "Groups that have a folder of their own; all others share the one that rest"
                      + " names. Empty: each group has one.",
              byDefault = "[]")
          List<String> groups,
      @Field(doc = "The name of the folder of groups that are not listed.", byDefault = "rest")
          String rest)
      implements Serializable {}

  /** How much each group weighs when a trainer mixes them. */
  @Field.Keys(Decides.BLEND)
  public record Blend(
      @Field(
              doc =
                  "A group weighs its ids to this power: 1 as they are, 0 each group alike, between"
                      + " them small groups more than their share.",
              byDefault = "1",
              least = 0,
              most = 10)
          double alpha,
      @Field(
              doc =
                  "Or these weights, such as {en: 0.7, de: 0.3}; a group that is not named is not"
                      + " in the blend, and documents without a group are the group (none).",
              least = 0)
          @Nullable SortedMap<String, Double> weights,
      @Field(
              doc =
                  "Text in front of each path in shards/blend/, such as /data/out/; null: paths are"
                      + " relative to the output folder.")
          @Nullable String root)
      implements Serializable {}

  @Field.Keys(Decides.LAYOUT)
  public record Bin(
      @Field(
              doc =
                  "What stands before the ids: nothing (nanoGPT, numpy.memmap), or llm.c's 256"
                      + " integers.",
              byDefault = "none")
          BinHeader header)
      implements Serializable {}

  /** How documents become sequences of one length. */
  @Field.Keys(Decides.ARRANGEMENT)
  public record Pack(
      @Field(doc = "Ids of a sequence.", min = 2, max = 1 << 26) int length,
      @Field(
              doc =
                  "How documents fill sequences. concat: documents back to back, cut every length"
                      + " ids; bestFit: a document goes whole into the sequence where it leaves the"
                      + " least room, and only one longer than a sequence is cut; bestFitCrop: a"
                      + " sequence takes the longest of a thousand documents that fits, and where"
                      + " none does, the shortest is cropped and its rest is lost, as nanochat"
                      + " does.",
              byDefault = "concat")
          PackSettings.Strategy strategy,
      @Field(
              doc =
                  "What becomes of sequences that stay short. keep: they are short, and filled in"
                      + " the layouts that have no place for lengths (docs/formats.md); drop:"
                      + " they are left out; pad: they are filled in all layouts. What fills them"
                      + " is endOfDocument.",
              byDefault = "keep")
          PackSettings.Remainder remainder,
      @Field(doc = "Token that is put before each document. null: none.")
          @Nullable String beginOfDocument)
      implements Serializable {}

  /** A global shuffle. */
  @Field.Keys(Decides.ARRANGEMENT)
  public record Shuffle(
      @Field(doc = "Another seed gives another order.", byDefault = "0") long seed,
      @Field(
              doc =
                  "What is shuffled. documents: before they are packed, so that a sequence mixes"
                      + " documents of the whole corpus; sequences: after. null: sequences where"
                      + " there are any.")
          @Nullable ShuffleOf of)
      implements Serializable {}

  public enum ShuffleOf {
    DOCUMENTS,
    SEQUENCES
  }
}
