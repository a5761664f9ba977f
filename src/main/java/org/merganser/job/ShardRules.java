package org.merganser.job;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.layout.BinHeader;
import org.merganser.layout.ShardFormat;
import org.merganser.shard.ShardPacking;

/**
 * The rules among the keys of {@code shards}, and between them and the rest of the job; {@link
 * ShardColumnRules} has those for the names of columns.
 */
public final class ShardRules {
  /** The most fields that shards keep. */
  private static final int MOST_KEPT = 24;

  private ShardRules() {}

  /** Adds the problems of the section {@code shards}, each as {@code key: problem}. */
  static void check(Job job, List<String> problems) {
    ShardsSection shards = job.shards();
    if (new HashSet<>(shards.formats()).size() < shards.formats().size()) {
      problems.add("shards.formats: a layout is listed twice");
    }
    ShardColumnRules.check(shards, job.hasSegments(), problems);
    checkEffect(shards, problems);
    if (shards.keep().size() > MOST_KEPT) {
      problems.add(
          "shards.keep: %s fields; at most %s are kept".formatted(shards.keep().size(), MOST_KEPT));
    }
    if (shards.partitionBy() != null) {
      checkPartition(shards, shards.partition(), problems);
    }
    if (!job.kind().hasShards() && needsShards(job)) {
      problems.add(
          "shards.formats: [] makes no shards, so there is nothing to pack, shuffle, partition,"
              + " join with embeddings or learn from");
    }
    checkRuns(shards, problems);
    if (shards.pack() != null) {
      checkPack(shards, shards.pack(), problems);
    } else if (shards.shuffle() != null
        && shards.shuffle().of() == ShardsSection.ShuffleOf.SEQUENCES) {
      problems.add("shards.shuffle.of: there are no sequences without shards.pack");
    }
  }

  /** Whether the shards of several runs are read. */
  static boolean mergesRuns(ShardsSection shards) {
    return shards.from() != null && shards.from().size() > 1;
  }

  /** Whether the job makes files from shards: packed or shuffled ones, or other layouts. */
  static boolean makesFilesFromShards(ShardsSection shards) {
    return shards.pack() != null
        || shards.shuffle() != null
        || shards.formats().stream().anyMatch(format -> format != ShardFormat.PARQUET);
  }

  /**
   * The problem of a job without a token that fills short sequences; null if it has one, or if no
   * sequence is filled.
   */
  public static @Nullable String fillProblem(ShardsSection shards) {
    ShardsSection.Pack pack = shards.pack();
    if (pack == null
        || shards.endOfDocument() != null
        || pack.remainder() == ShardPacking.Remainder.DROP) {
      return null;
    }
    String filled =
        shards.formats().stream()
            .filter(ShardFormat::fillsSequences)
            .map(ShardFormat::spelled)
            .collect(Collectors.joining(", "));
    boolean pads = pack.remainder() == ShardPacking.Remainder.PAD;
    if (!pads && filled.isEmpty()) {
      return null;
    }
    return "shards.endOfDocument: is required: short sequences are filled with it"
        + (pads ? "" : " in " + filled)
        + "; or leave them out with shards.pack.remainder: drop";
  }

  /** The problems of a job whose ids have a loss mask: one for each layout that cannot store it. */
  public static List<String> maskProblems(ShardsSection shards) {
    String layoutsWithMask =
        Arrays.stream(ShardFormat.values())
            .filter(format -> format.hasMask(BinHeader.NONE))
            .map(format -> format.label(BinHeader.NONE))
            .collect(Collectors.joining(", "));
    BinHeader header = shards.bin().header();
    return shards.formats().stream()
        .filter(format -> !format.hasMask(header))
        .map(
            format ->
                "shards.formats: %s has no place for the loss mask of ids; these have one: %s"
                    .formatted(format.label(header), layoutsWithMask))
        .toList();
  }

  /** Whether a key is set that does something with shards. */
  private static boolean needsShards(Job job) {
    ShardsSection shards = job.shards();
    return shards.from() != null
        || shards.pack() != null
        || shards.shuffle() != null
        || shards.partitionBy() != null
        || job.embeddings() != null
        || job.learn() != null;
  }

  /** Keys must not be set if they have no effect. */
  private static void checkEffect(ShardsSection shards, List<String> problems) {
    if (shards.bin().header() != BinHeader.NONE && !shards.formats().contains(ShardFormat.BIN)) {
      problems.add("shards.bin.header: has no effect, since shards.formats has no bin");
    }
    if (shards.partitionBy() == null && !shards.partition().groups().isEmpty()) {
      problems.add("shards.partition.groups: has no effect without shards.partitionBy");
    }
    if (shards.partitionBy() == null
        && shards.from() == null
        && (shards.blend().weights() != null || shards.blend().alpha() != 1)) {
      problems.add("shards.blend: has no effect without shards.partitionBy");
    }
  }

  /**
   * Files of several runs must be packed, shuffled or merged: files made for each shard would have
   * equal names and replace each other.
   */
  private static void checkRuns(ShardsSection shards, List<String> problems) {
    if (shards.from() != null && shards.from().isEmpty()) {
      problems.add("shards.from: [] must name the output folder of at least one run");
    }
    if (mergesRuns(shards) && shards.pack() == null && shards.shuffle() == null) {
      if (shards.formats().contains(ShardFormat.PARQUET)) {
        problems.add(
            "shards.formats: each run in shards.from has parquet already; shards of several runs"
                + " are not merged in it");
      }
      if (shards.mergedTokens() == null) {
        problems.add(
            "shards.mergedTokens: is required with several runs in shards.from: ids of a file that"
                + " is merged of their shards");
      }
    }
  }

  /**
   * Folders of groups need one field for the group, a name of the rest that is no group, room for
   * the named groups, and a weight above 0.
   */
  private static void checkPartition(
      ShardsSection shards, ShardsSection.Partition partition, List<String> problems) {
    if (shards.groupBy() != null && !shards.groupBy().equals(shards.partitionBy())) {
      problems.add(
          ("shards.partitionBy: \"%s\", and shards.groupBy is \"%s\"; a document has one group:"
                  + " leave one of them out")
              .formatted(shards.partitionBy(), shards.groupBy()));
    }
    if (partition.groups().contains(partition.rest())) {
      problems.add(
          "shards.partition.rest: \"%s\" is one of shards.partition.groups"
              .formatted(partition.rest()));
    }
    if (partition.groups().size() >= partition.maxGroups()) {
      problems.add(
          "shards.partition.maxGroups: %s is not enough for the %s of shards.partition.groups and the rest"
              .formatted(partition.maxGroups(), partition.groups().size()));
    }
    if (shards.blend().weights() != null
        && shards.blend().weights().values().stream().noneMatch(weight -> weight > 0)) {
      problems.add("shards.blend.weights: at least one weight must be above 0");
    }
  }

  /**
   * Packing needs a token that fills sequences, layouts that take sequences, and files with room
   * for one.
   */
  private static void checkPack(
      ShardsSection shards, ShardsSection.Pack pack, List<String> problems) {
    // With shards.from the token may come from the earlier run, which is checked later.
    String fillProblem = shards.from() == null ? fillProblem(shards) : null;
    if (fillProblem != null) {
      problems.add(fillProblem);
    }
    for (ShardFormat format : shards.formats()) {
      if (!format.takesSequences()) {
        problems.add(
            ("shards.formats: %s has documents and no packed sequences, since its reader packs"
                    + " them; leave out shards.pack, or name another layout such as npy")
                .formatted(format.spelled()));
      }
    }
    requireRoom(pack, "maxTokens", shards.maxTokens(), 1, problems);
    requireRoom(pack, "mergedTokens", shards.mergedTokens(), 1, problems);
    requireRoom(pack, "maxBytes", shards.maxBytes(), Integer.BYTES, problems);
  }

  /**
   * The limit of a file must have room for a sequence.
   *
   * @param key of the limit in {@code shards}
   * @param limit of a file, in ids or bytes; null for none
   * @param unitsOfId the ids or bytes that an id takes of the limit
   */
  private static void requireRoom(
      ShardsSection.Pack pack,
      String key,
      @Nullable Long limit,
      int unitsOfId,
      List<String> problems) {
    if (limit != null && limit < (long) unitsOfId * pack.length()) {
      problems.add(
          "shards.%s: %s has no room for a sequence of shards.pack.length %s"
              .formatted(key, limit, pack.length()));
    }
  }
}
