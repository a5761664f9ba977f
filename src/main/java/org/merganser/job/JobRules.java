package org.merganser.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.job.key.JobKey;
import org.merganser.shard.ShardColumn;
import org.merganser.text.scan.ModelFamily;

/**
 * The rules of a job that {@link JobKey} cannot declare: those that concern several keys, and those
 * for one key that are no bounds. The rules within a section are in {@link CorpusRules}, {@link
 * TrainRules} ({@code tokenizer.train}) and {@link ShardRules}.
 */
final class JobRules {
  /**
   * Two keys that a job cannot both set.
   *
   * @param key the path of the key that the message begins with
   * @param other the path of the other key
   * @param why the end of the message, about the other key
   */
  private record Exclusive(String key, String other, String why) {}

  /**
   * One of two keys in a section, exactly one of which must have a value.
   *
   * @param key its name in the section
   */
  private record Alternative(String key, @Nullable Object value) {}

  private static final String TRAIN = "tokenizer.train.";
  private static final String COUNTS = TRAIN + "counts";
  private static final String CONTINUE = TRAIN + "continueFrom";
  private static final String SUPERWORDS = TRAIN + "superwords";
  private static final String PARITY = TRAIN + "parity";
  private static final String FROM = "shards.from";

  private static final List<Exclusive> EXCLUSIVE =
      List.of(
          new Exclusive("corpus", FROM, "which takes them from an earlier run"),
          new Exclusive("tokenizer", FROM, "which takes them from an earlier run"),
          new Exclusive("shards.keep", FROM, "whose shards have the fields that they kept"),
          new Exclusive("shards.partitionBy", FROM, "whose shards have folders"),
          new Exclusive("shards.groupBy", FROM, "whose shards have their groups"),
          new Exclusive("corpus.append", "tokenizer.train", "which changes every shard; load it"),
          new Exclusive(
              "corpus.validationInputs", "corpus.validation", "which takes a share of inputs"),
          new Exclusive(
              "corpus.splitField", "corpus.validation", "which takes a share of all records"),
          new Exclusive(
              "corpus.splitField",
              "corpus.validationInputs",
              "whose records are all validation data"),
          new Exclusive(
              "corpus.separator", "corpus.segmentsField", "which is read from records alone"),
          new Exclusive(
              "corpus.append", "corpus.deduplicate", "which may leave out existing documents"),
          new Exclusive(TRAIN + "inputs", COUNTS, "which are read in place of text"),
          new Exclusive(TRAIN + "maxBytes", COUNTS, "which are read in place of text"),
          new Exclusive(TRAIN + "mix", COUNTS, "which have no groups; countWeights weighs tables"),
          new Exclusive(TRAIN + "keepCounts", COUNTS, "which exist already"),
          new Exclusive(TRAIN + "pattern", CONTINUE, "whose pattern stays"),
          new Exclusive(TRAIN + "family", CONTINUE, "whose pattern and normalizer stay"),
          new Exclusive(TRAIN + "normalizer", CONTINUE, "whose normalizer stays"),
          new Exclusive(SUPERWORDS, CONTINUE, "since both stages are learned from the text"),
          new Exclusive(SUPERWORDS, COUNTS, "since the second stage reads the text again"),
          new Exclusive(SUPERWORDS, TRAIN + "mix", "since the second stage counts all text alike"),
          new Exclusive(TRAIN + "mix", PARITY, "which weighs groups itself"),
          new Exclusive(COUNTS, PARITY, "since tables of counts have no groups"),
          new Exclusive(CONTINUE, PARITY, "which starts from the bytes"),
          new Exclusive(SUPERWORDS, PARITY, "which has one stage"),
          new Exclusive(TRAIN + "limitAlphabet", PARITY, "which keeps all bytes"),
          new Exclusive(
              PARITY + ".ratios", PARITY + ".dev", "which already sets how groups compare"));

  /** The values, as text, of a key that asks for nothing. */
  private static final Set<String> TEXTS_OF_NOTHING = Set.of("null", "false", "none", "0.0");

  private JobRules() {}

  /** All problems of a job whose keys have allowed values, each as {@code key: problem}. */
  static List<String> problems(Job job) {
    List<String> problems = new ArrayList<>();
    JsonNode tree = JobWriter.tree(job);
    for (Exclusive pair : EXCLUSIVE) {
      if (isGiven(tree, pair.key()) && isGiven(tree, pair.other())) {
        problems.add(
            "%s: cannot be combined with %s, %s".formatted(pair.key(), pair.other(), pair.why()));
      }
    }
    if (job.shards().from() != null) {
      checkFromShards(job, problems);
    } else {
      checkReading(job, problems);
    }
    if (job.name() != null && !StandardCharsets.UTF_8.newEncoder().canEncode(job.name())) {
      problems.add(
          "name: has half a surrogate pair, such as \\ud83d, which no UTF-8 text has; write the"
              + " complete character");
    }
    ShardRules.check(job, problems);
    if (job.embeddings() != null) {
      checkEmbeddings(job.embeddings(), job.shards(), problems);
    }
    return problems;
  }

  /**
   * Whether a job asks for something by a key: its value is no empty list or section, and none of
   * {@link #TEXTS_OF_NOTHING}. Of these, {@link JobWriter#tree} writes 0.0 for the 0 of a number
   * that may have a fraction.
   */
  private static boolean isGiven(JsonNode tree, String key) {
    JsonNode value = tree.at(JobKeys.pointer(key));
    return value.isContainerNode()
        ? !value.isEmpty()
        : value.isValueNode() && !TEXTS_OF_NOTHING.contains(value.asText());
  }

  /** Requires that exactly one of two keys in a section has a value. */
  private static void requireOne(
      String section, Alternative one, Alternative other, List<String> problems) {
    if ((one.value() == null) == (other.value() == null)) {
      String found = one.value() == null ? "neither is set" : "both are set";
      problems.add(
          "%s: needs exactly one of %s and %s; %s"
              .formatted(section, one.key(), other.key(), found));
    }
  }

  /** A join has one source of vectors and an output, and the columns that its output needs. */
  private static void checkEmbeddings(
      Job.Embeddings embeddings, ShardsSection shards, List<String> problems) {
    requireOne(
        "embeddings",
        new Alternative("table", embeddings.table()),
        new Alternative("learn", embeddings.learn()),
        problems);
    if (embeddings.output().isEmpty()) {
      problems.add(
          "embeddings.output: [] must name some of rows, pooled and sequence; or drop embeddings");
    }
    if (!embeddings.output().equals(List.of(Job.EmbeddedOutput.ROWS))) {
      for (ShardColumn column : List.of(ShardColumn.DOC_ID, ShardColumn.PART)) {
        if (shards.leavesOut(column)) {
          problems.add(
              "shards.columns.%s: null, and the vectors of documents (embeddings.output) need it"
                  .formatted(column.key()));
        }
      }
    }
  }

  /** A job that reads shards must make something from them; a join, and learning, take one run. */
  private static void checkFromShards(Job job, List<String> problems) {
    if (ShardRules.mergesRuns(job.shards()) && (job.embeddings() != null || job.learn() != null)) {
      problems.add("shards.from: embeddings and learn take one run; join or learn from each run");
    }
    if (job.embeddings() == null
        && job.learn() == null
        && !ShardRules.makesFilesFromShards(job.shards())) {
      problems.add(
          "embeddings: is required with shards.from: the table to join the shards with; or learn:"
              + " what to learn from them; or other layouts: shards.formats, shards.pack,"
              + " shards.shuffle");
    }
  }

  /** A job that reads text needs a corpus, or tables of counts, and a tokenizer. */
  private static void checkReading(Job job, List<String> problems) {
    Job.TokenizerChoice tokenizer = job.tokenizer();
    TrainSection train = job.training();
    if (job.corpus() != null) {
      CorpusRules.check(job, job.corpus(), problems);
    } else if (job.kind().hasShards() || train == null || train.counts().isEmpty()) {
      problems.add("corpus: is required: the text to read, as corpus.inputs or --input");
    }
    if (tokenizer == null) {
      problems.add("tokenizer: is required: train, or load");
    } else {
      requireOne(
          "tokenizer",
          new Alternative("train", train),
          new Alternative("load", tokenizer.load()),
          problems);
    }
    if (train != null) {
      if (train.continueFrom() == null) {
        checkPattern(train, problems);
      }
      TrainRules.check(job, train, problems);
    }
  }

  /** Training that continues no vocabulary needs a pattern, or a family that has one. */
  private static void checkPattern(TrainSection train, List<String> problems) {
    if (train.pattern() != null || train.family() != null) {
      requireOne(
          "tokenizer.train",
          new Alternative("pattern", train.pattern()),
          new Alternative("family", train.family()),
          problems);
      return;
    }
    problems.add(
        ("tokenizer.train: needs exactly one of pattern and family; neither is set. If in doubt,"
                + " take family: qwen2 (--family qwen2); families: %s; patterns: %s, or a regular"
                + " expression")
            .formatted(
                String.join(", ", Spelling.ofConstants(ModelFamily.class)),
                String.join(", ", ModelFamily.patterns().keySet())));
  }
}
