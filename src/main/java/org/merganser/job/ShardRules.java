package org.merganser.job;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.merganser.layout.ShardFormat;
import org.merganser.shard.PackSettings;

/** What the keys of {@code shards} must satisfy together. */
final class ShardRules {
  /** Fields that each record is searched for. */
  private static final int MOST_KEPT = 24;

  private ShardRules() {}

  /** Whether the shards of several earlier runs are taken. */
  static boolean mergesRuns(ShardsSection shards) {
    return shards.from() != null && shards.from().size() > 1;
  }

  /** Shards of several runs have the same names: files of their own would replace each other. */
  private static void checkRuns(ShardsSection shards, List<String> problems) {
    List<String> from = shards.from();
    if (from == null) {
      return;
    }
    if (from.isEmpty()) {
      problems.add("shards.from: [] must name the output folder of at least one run");
    }
    if (mergesRuns(shards) && shards.pack() == null && shards.shuffle() == null) {
      if (shards.formats().contains(ShardFormat.PARQUET)) {
        problems.add(
            "shards.formats: parquet is what each run in shards.from has; shards of several runs"
                + " are not merged in it");
      }
      if (shards.mergedTokens() == null) {
        problems.add(
            "shards.mergedTokens: is required with several runs in shards.from: ids of a file that"
                + " is merged of their shards");
      }
    }
  }

  /** Whether anything is made of the canonical shards. */
  static boolean makesMore(ShardsSection shards) {
    return shards.pack() != null
        || shards.shuffle() != null
        || shards.formats().stream().anyMatch(format -> format != ShardFormat.PARQUET);
  }

  /** The token that packing puts in must be of the vocabulary that is learned. */
  static void checkBeginToken(ShardsSection shards, TrainSection train, List<String> problems) {
    if (shards.pack() != null && train.continueFrom() == null) {
      String token = shards.pack().beginOfDocument();
      if (token != null
          && !train.tokens().specialTokens().contains(token)
          && !train.tokens().addedTokens().contains(token)
          && !token.matches("<\\|reserved_\\d+\\|>")) {
        problems.add(
            ("shards.pack.beginOfDocument: \"%s\" is not among tokenizer.train.specialTokens %s and"
                    + " addedTokens")
                .formatted(token, train.tokens().specialTokens()));
      }
    }
  }

  private static void partition(ShardsSection shards, List<String> problems) {
    String field = shards.partitionBy();
    ShardsSection.Partition partition = shards.partition();
    if (field == null) {
      if (!partition.groups().isEmpty()) {
        problems.add("shards.partition.groups: there are no folders without shards.partitionBy");
      }
      return;
    }
    if (shards.groupBy() != null && !shards.groupBy().equals(field)) {
      problems.add(
          ("shards.partitionBy: \"%s\", and shards.groupBy is \"%s\"; a document has one group:"
                  + " leave one of them out")
              .formatted(field, shards.groupBy()));
    }
    if (shards.from() != null) {
      problems.add(
          "shards.partitionBy: cannot stand beside shards.from, whose shards have folders");
    }
    if (shards.formats().isEmpty()) {
      problems.add("shards.partitionBy: shards.formats: [] makes no shards");
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

  static void check(Job job, List<String> problems) {
    ShardsSection shards = job.shards();
    Set<ShardFormat> seen = EnumSet.noneOf(ShardFormat.class);
    for (ShardFormat format : shards.formats()) {
      if (!seen.add(format)) {
        problems.add("shards.formats: " + format.spelled() + " is listed twice");
      }
    }
    boolean masked = job.corpus() != null && job.corpus().records().segmentsField() != null;
    ColumnRules.check(shards, masked, problems);
    if (shards.keep().size() > MOST_KEPT) {
      problems.add(
          "shards.keep: %s fields; at most %s are kept".formatted(shards.keep().size(), MOST_KEPT));
    }
    if (!shards.keep().isEmpty() && shards.from() != null) {
      problems.add(
          "shards.keep: cannot stand beside shards.from, whose shards have what they kept");
    }
    partition(shards, problems);
    if (shards.formats().isEmpty()) {
      if (shards.from() != null) {
        problems.add("shards.formats: [] makes no shards, and shards.from names some");
      }
      if (shards.pack() != null || shards.shuffle() != null) {
        problems.add("shards.formats: [] makes no shards, so there is nothing to pack or shuffle");
      }
    }
    checkRuns(shards, problems);
    ShardsSection.Pack pack = shards.pack();
    if (pack == null
        && shards.shuffle() != null
        && shards.shuffle().of() == ShardsSection.ShuffleOf.SEQUENCES) {
      problems.add("shards.shuffle.of: there are no sequences without shards.pack");
    }
    if (pack == null) {
      return;
    }
    List<String> filled =
        shards.formats().stream()
            .filter(ShardFormat::fillsSequences)
            .map(ShardFormat::spelled)
            .toList();
    // With shards.from the token may be that of the earlier run, which is looked at later.
    boolean pads = pack.remainder() == PackSettings.Remainder.PAD;
    boolean keeps = pack.remainder() == PackSettings.Remainder.KEEP;
    if ((pads || keeps && !filled.isEmpty())
        && shards.endOfDocument() == null
        && shards.from() == null) {
      problems.add(
          "shards.endOfDocument: is required: short sequences are filled with it"
              + (pads ? "" : " in " + String.join(", ", filled))
              + "; or leave them out with shards.pack.remainder: drop");
    }
    Long maxTokens = shards.maxTokens();
    if (maxTokens != null && maxTokens < pack.length()) {
      problems.add(
          "shards.maxTokens: %s holds no sequence of shards.pack.length %s"
              .formatted(maxTokens, pack.length()));
    }
    Long merged = shards.mergedTokens();
    if (merged != null && merged < pack.length()) {
      problems.add(
          "shards.mergedTokens: %s holds no sequence of shards.pack.length %s"
              .formatted(merged, pack.length()));
    }
    Long maxBytes = shards.maxBytes();
    if (maxBytes != null && maxBytes < 4L * pack.length()) {
      problems.add(
          ("shards.maxBytes: %s holds no sequence of shards.pack.length %s, which"
                  + " takes up to %s")
              .formatted(maxBytes, pack.length(), 4L * pack.length()));
    }
  }
}
