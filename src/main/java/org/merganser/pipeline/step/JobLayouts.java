package org.merganser.pipeline.step;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.KeptField;
import org.merganser.job.Job;
import org.merganser.job.ShardRules;
import org.merganser.job.ShardsSection;
import org.merganser.layout.ShardConversion;
import org.merganser.layout.ShardFormat;
import org.merganser.layout.ShardLayout;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.GroupFolder;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.shard.ParquetShardWriter;
import org.merganser.shard.ShardColumn;
import org.merganser.shard.ShardColumns;
import org.merganser.shard.ShardPacking;
import org.merganser.tokenizer.Tokenizer;

/**
 * What a job asks of its canonical shards and of the layouts that are written from them: which
 * there are, their folders, columns, metadata and limits.
 */
public final class JobLayouts {
  /** The ids of a canonical shard if the job sets no lower limit: 512 MiB before compression. */
  private static final long SHARD_TOKENS = 1L << 27;

  /** The bytes of an id by which a limit in bytes becomes one in ids. */
  private static final int PARQUET_ID_BYTES = 4;

  /** The number of groups that the error about too many groups names. */
  private static final int NAMED_GROUPS = 3;

  /** The seed of the shuffle, in the metadata of shuffled shards. */
  private static final String SHUFFLE_SEED = "merganser.shuffle.seed";

  private final ShardsSection shards;

  /** Whether the shards have a loss mask. */
  private final boolean masked;

  /** The layouts of a run that encodes text. */
  public JobLayouts(Job job) {
    this(job, job.hasSegments());
  }

  private JobLayouts(Job job, boolean masked) {
    this.shards = job.shards();
    this.masked = masked;
  }

  /** The layouts of a run; whether shards of earlier runs have loss masks is known from them. */
  public static JobLayouts of(RunSpec spec) {
    return spec.kind() instanceof RunKind.FromShards run
        ? new JobLayouts(spec.job(), run.masked())
        : new JobLayouts(spec.job());
  }

  /**
   * The folder of the packed or shuffled shards in Parquet, relative to the output.
   *
   * @param side the folder of a side of the split
   * @param packed whether they are packed; if not, they are only shuffled
   */
  public static String parquetFolder(String side, boolean packed) {
    return (packed ? OutputPaths.packed(side) : OutputPaths.shuffled(side))
        + ShardFormat.PARQUET.spelled()
        + "/";
  }

  /**
   * The error for documents of more groups than may have a folder.
   *
   * @param where the beginning of a sentence about where they are found, such as "the corpus has"
   * @param folders the folders of the groups, of which the error names the first
   * @param maxGroups as in the job
   */
  public static RunException tooManyGroups(
      String where, Collection<String> folders, int maxGroups) {
    List<String> first = folders.stream().limit(NAMED_GROUPS).toList();
    return RunException.wrong(
        "shards.partitionBy: %s more than %s groups (shards.partition.maxGroups), %s among them."
            + " List those that should have a separate folder in shards.partition.groups, and the"
            + " others share one; or raise the limit: each thread has a file open for each group"
            + " of its unit (ulimit -n)",
        where, maxGroups, String.join(", ", first));
  }

  /**
   * Checks before anything is read that the job has a token that fills its sequences, if they need
   * one ({@link ShardRules#fillProblem}).
   *
   * @throws RunException if it has none
   */
  public void requireFill() {
    String problem = ShardRules.fillProblem(shards);
    if (problem != null) {
      throw RunException.wrong("%s", problem);
    }
  }

  /** Whether the shards have a loss mask. */
  public boolean masked() {
    return masked;
  }

  /** Whether the job asks for more than the canonical shards. */
  public boolean makesAnything() {
    return arranges() || !formats().isEmpty();
  }

  /** Whether there are packed or shuffled shards, from which the other layouts are converted. */
  public boolean arranges() {
    return packs() || shuffles();
  }

  /** Whether documents are packed into sequences. */
  public boolean packs() {
    return shards.pack() != null;
  }

  /** Whether documents or sequences are shuffled. */
  public boolean shuffles() {
    return shards.shuffle() != null;
  }

  /** Whether packed sequences are shuffled, instead of documents before packing. */
  public boolean shufflesSequences() {
    ShardsSection.Shuffle shuffle = shards.shuffle();
    return shuffle != null && packs() && shuffle.of() != ShardsSection.ShuffleOf.DOCUMENTS;
  }

  /** Whether packing is a separate stage, after a shuffle if there is one. */
  public boolean packsAfterShuffle() {
    return packs() && !shufflesSequences();
  }

  /** Whether each file of {@link #formats} is merged from many shards. */
  public boolean mergesShards() {
    return shards.mergedTokens() != null && !formats().isEmpty();
  }

  /** Whether a run that adds units may also replace parts that earlier runs wrote. */
  public boolean replacesParts() {
    return shuffles() || mergesShards();
  }

  /** The seed of the shuffle, for a job that shuffles. */
  public long seed() {
    return Objects.requireNonNull(shards.shuffle()).seed();
  }

  /** The ids of a packed sequence; 0 for documents. */
  public int sequenceLength() {
    return shards.pack() == null ? 0 : shards.pack().length();
  }

  /** How documents are packed, for a job that packs. */
  public ShardPacking packing(Tokenizer tokenizer) {
    ShardsSection.Pack pack = Objects.requireNonNull(shards.pack());
    return new ShardPacking(
        pack.length(),
        pack.strategy(),
        pack.remainder(),
        DocumentTokens.beginOfDocument(shards, tokenizer),
        ids(tokenizer).padId());
  }

  /**
   * The bound, sequence length and padding id of the ids in the layouts. Packed sequences are
   * padded with the token that ends documents.
   */
  public ShardLayout.IdSettings ids(Tokenizer tokenizer) {
    String padToken = packs() ? shards.endOfDocument() : null;
    return new ShardLayout.IdSettings(
        tokenizer.idBound(), sequenceLength(), padToken == null ? -1 : tokenizer.id(padToken));
  }

  /** The layouts other than Parquet, in the order of the job. */
  public List<ShardFormat> formats() {
    List<ShardFormat> formats = new ArrayList<>(shards.formats());
    formats.remove(ShardFormat.PARQUET);
    return formats;
  }

  /**
   * The layouts that encoding writes beside the shards: plain ones of documents whose index has all
   * columns. With folders of groups, each group would have more files open, so they are converted;
   * so is LitData, whose chunks are smaller than a shard.
   */
  public List<ShardFormat> formatsBesideShards() {
    if (arranges() || mergesShards() || shards.partitionBy() != null || !hasIndexColumns()) {
      return List.of();
    }
    return formats().stream().filter(format -> format != ShardFormat.LITDATA).toList();
  }

  /** Whether the shards of documents have all columns of the index of a layout. */
  private boolean hasIndexColumns() {
    boolean packed = false;
    ShardColumns columns = columns(packed);
    return Stream.of(ShardColumn.DOC_ID, ShardColumn.FILE, ShardColumn.OFFSET, ShardColumn.PART)
        .allMatch(column -> columns.name(column) != null);
  }

  /** The layout of a format, with the header that the job names. */
  public ShardLayout layout(ShardFormat format) {
    return format.layout(shards.bin().header());
  }

  /** The conversion of shards to a layout, with the limits of the job for its files. */
  public ShardConversion conversion(ShardFormat format, ShardLayout.IdSettings ids) {
    Long merged = shards.mergedTokens();
    Long maxTokens = merged == null ? shards.maxTokens() : merged;
    Long maxBytes = merged == null ? shards.maxBytes() : null;
    ShardConversion.Limits limits = new ShardConversion.Limits(maxTokens, maxBytes);
    return new ShardConversion(layout(format), ids, limits);
  }

  /** The work of writing shards, of one side and group, in a layout: a part for each shard. */
  public ResumableUnit conversionWork(
      RunSpec spec, FileRef tokenizer, ShardFormat format, ShardSet set) {
    return layoutWork("layout", spec, tokenizer, format, set);
  }

  /** The work of writing shards, of one side and group, into one file of a layout. */
  public ResumableUnit mergeWork(
      RunSpec spec, FileRef tokenizer, ShardFormat format, ShardSet set) {
    return layoutWork("merge", spec, tokenizer, format, set);
  }

  /**
   * The work of writing shards in a layout.
   *
   * @param name of the stage in the receipt
   */
  private ResumableUnit layoutWork(
      String name, RunSpec spec, FileRef tokenizer, ShardFormat format, ShardSet set) {
    return ResumableUnit.of(
        spec,
        Stage.CONVERT,
        name,
        set.unit(),
        folder(set.side(), format) + set.groupFolder(),
        layout(format).shape().name(),
        tokenizer.sha256(),
        set.sums());
  }

  /**
   * The folder of a format, relative to the output: among packed or shuffled layouts if there are
   * any.
   *
   * @param side the folder of a side of the split
   */
  public String folder(String side, ShardFormat format) {
    String arranged = side;
    if (packs()) {
      arranged = OutputPaths.packed(side);
    } else if (shuffles()) {
      arranged = OutputPaths.shuffled(side);
    }
    return arranged + format.spelled() + "/";
  }

  /**
   * The folder of the documents of a group in each layout; empty if the job asks for no such
   * folders.
   *
   * @param group null for documents without a group
   */
  public String groupFolder(@Nullable String group) {
    String field = shards.partitionBy();
    if (field == null) {
      return "";
    }
    List<String> named = shards.partition().groups();
    boolean hasOwnFolder = group == null || named.isEmpty() || named.contains(group);
    return GroupFolder.of(field, hasOwnFolder ? group : shards.partition().rest());
  }

  /** The limit of ids of a shard in Parquet, which ends before a document that would exceed it. */
  public long parquetTokens() {
    long limit = SHARD_TOKENS;
    if (shards.maxTokens() != null) {
      limit = Math.min(limit, shards.maxTokens());
    }
    if (shards.maxBytes() != null) {
      limit = Math.min(limit, Math.max(1, shards.maxBytes() / PARQUET_ID_BYTES));
    }
    return limit;
  }

  /**
   * The columns of shards.
   *
   * @param packed whether their rows are packed sequences; if not, documents
   */
  public ShardColumns columns(boolean packed) {
    List<KeptField> kept = shards.keep().stream().map(KeptField::of).toList();
    return ShardColumns.of(shards.preset(), shards.columns(), kept, packed, masked);
  }

  /**
   * The metadata of shards that encoding writes; packed and shuffled shards have it as well.
   *
   * @param packed as for {@link #columns}
   */
  public Map<String, String> encodedMetadata(FileRef tokenizer, boolean packed) {
    Map<String, String> metadata = new TreeMap<>(columns(packed).metadata(shards.preset()));
    metadata.put(ParquetShardWriter.TOKENIZER_SHA256, tokenizer.sha256());
    return metadata;
  }

  /**
   * The metadata of packed or shuffled shards.
   *
   * @param packed as for {@link #columns}
   */
  public Map<String, String> metadata(FileRef tokenizer, boolean packed) {
    Map<String, String> metadata = encodedMetadata(tokenizer, packed);
    if (packed) {
      metadata.put(ParquetShardWriter.SEQUENCE_LENGTH, Integer.toString(sequenceLength()));
    }
    if (shuffles()) {
      metadata.put(SHUFFLE_SEED, Long.toString(seed()));
    }
    return metadata;
  }
}
