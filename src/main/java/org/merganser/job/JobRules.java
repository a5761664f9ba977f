package org.merganser.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.DocumentSeparator;
import org.merganser.corpus.InputFormat;
import org.merganser.job.key.JobKey;
import org.merganser.shard.ShardColumn;
import org.merganser.text.scan.ModelFamily;

/**
 * The rules of a job that concern several keys. {@link JobKey} has the bounds of one key, {@link
 * ShardRules} the rules among the keys of {@code shards}, {@link TrainRules} those of {@code
 * tokenizer.train}.
 */
final class JobRules {
  /**
   * Two keys that a job cannot both set.
   *
   * @param why the end of the message, about the other key
   */
  private record Apart(String key, String other, String why) {}

  private static final String TRAIN = "tokenizer.train.";
  private static final String COUNTS = TRAIN + "counts";
  private static final String CONTINUE = TRAIN + "continueFrom";
  private static final String SUPERWORDS = TRAIN + "superwords";
  private static final String PARITY = TRAIN + "parity";
  private static final String FROM = "shards.from";

  private static final List<Apart> APART =
      List.of(
          new Apart("corpus", FROM, "which takes them from an earlier run"),
          new Apart("tokenizer", FROM, "which takes them from an earlier run"),
          new Apart("shards.keep", FROM, "whose shards have the fields that they kept"),
          new Apart("shards.partitionBy", FROM, "whose shards have folders"),
          new Apart("shards.groupBy", FROM, "whose shards have their groups"),
          new Apart("corpus.append", "tokenizer.train", "which changes every shard; load it"),
          new Apart(
              "corpus.validationInputs", "corpus.validation", "which takes a share of inputs"),
          new Apart("corpus.splitField", "corpus.validation", "which takes a share of all records"),
          new Apart(
              "corpus.splitField",
              "corpus.validationInputs",
              "whose records are all validation data"),
          new Apart("corpus.separator", "corpus.segmentsField", "which is read from records alone"),
          new Apart(
              "corpus.append", "corpus.deduplicate", "which may leave out existing documents"),
          new Apart(TRAIN + "inputs", COUNTS, "which are read in place of text"),
          new Apart(TRAIN + "maxBytes", COUNTS, "which are read in place of text"),
          new Apart(TRAIN + "mix", COUNTS, "which have no groups; countWeights weighs tables"),
          new Apart(TRAIN + "keepCounts", COUNTS, "which exist already"),
          new Apart(TRAIN + "pattern", CONTINUE, "whose pattern stays"),
          new Apart(TRAIN + "family", CONTINUE, "whose pattern and normalizer stay"),
          new Apart(TRAIN + "normalizer", CONTINUE, "whose normalizer stays"),
          new Apart(SUPERWORDS, CONTINUE, "since both stages are learned from the text"),
          new Apart(SUPERWORDS, COUNTS, "since the second stage reads the text again"),
          new Apart(SUPERWORDS, TRAIN + "mix", "since the second stage counts all text alike"),
          new Apart(TRAIN + "mix", PARITY, "which weighs groups itself"),
          new Apart(COUNTS, PARITY, "since tables of counts have no groups"),
          new Apart(CONTINUE, PARITY, "which starts from the bytes"),
          new Apart(SUPERWORDS, PARITY, "which has one stage"),
          new Apart(TRAIN + "limitAlphabet", PARITY, "which keeps all bytes"),
          new Apart(PARITY + ".ratios", PARITY + ".dev", "which already sets how groups compare"));

  private JobRules() {}

  /** All problems of a job whose keys have allowed values, each as {@code key: problem}. */
  static List<String> problems(Job job) {
    List<String> problems = new ArrayList<>();
    JsonNode tree = JobWriter.tree(job);
    for (Apart apart : APART) {
      if (isGiven(tree, apart.key()) && isGiven(tree, apart.other())) {
        problems.add(
            "%s: cannot be combined with %s, %s"
                .formatted(apart.key(), apart.other(), apart.why()));
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
   * Whether a job has a key, with another value than null, false, none, 0 or an empty list or
   * section.
   */
  private static boolean isGiven(JsonNode tree, String key) {
    JsonNode value = tree.at("/" + key.replace('.', '/'));
    return value.isContainerNode()
        ? !value.isEmpty()
        : value.isValueNode() && !List.of("null", "false", "none", "0.0").contains(value.asText());
  }

  /** Requires exactly one of two keys; {@code a} and {@code b} are their values. */
  private static void requireOne(
      String section,
      String key,
      @Nullable Object a,
      String other,
      @Nullable Object b,
      List<String> problems) {
    if ((a == null) == (b == null)) {
      problems.add(
          "%s: needs exactly one of %s and %s; %s"
              .formatted(section, key, other, a == null ? "neither is set" : "both are set"));
    }
  }

  private static void checkEmbeddings(
      Job.Embeddings embeddings, ShardsSection shards, List<String> problems) {
    requireOne("embeddings", "table", embeddings.table(), "learn", embeddings.learn(), problems);
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

  /** A job that makes further files of shards must ask for some, and join or learn from one run. */
  private static void checkFromShards(Job job, List<String> problems) {
    if (ShardRules.mergesRuns(job.shards()) && (job.embeddings() != null || job.learn() != null)) {
      problems.add("shards.from: embeddings and learn take one run; join or learn from each run");
    }
    if (job.embeddings() == null && job.learn() == null && !ShardRules.makesMore(job.shards())) {
      problems.add(
          "embeddings: is required with shards.from: the table to join the shards with; or learn:"
              + " what to learn from them; or other layouts: shards.formats, shards.pack,"
              + " shards.shuffle");
    }
  }

  /** A job that reads text needs a corpus, or tables of counts, and a tokenizer. */
  private static void checkReading(Job job, List<String> problems) {
    Job.TokenizerChoice tokenizer = job.tokenizer();
    TrainSection train = tokenizer == null ? null : tokenizer.train();
    if (job.corpus() != null) {
      checkCorpus(job, job.corpus(), problems);
    } else if (job.kind().hasShards() || train == null || train.counts().isEmpty()) {
      problems.add("corpus: is required: the text to read, as corpus.inputs or --input");
    }
    if (tokenizer == null) {
      problems.add("tokenizer: is required: train, or load");
    } else {
      requireOne("tokenizer", "train", train, "load", tokenizer.load(), problems);
    }
    if (train != null) {
      if (train.continueFrom() == null) {
        checkPattern(train, problems);
      }
      TrainRules.check(job, train, problems);
    }
  }

  private static void checkPattern(TrainSection train, List<String> problems) {
    if (train.pattern() != null || train.family() != null) {
      requireOne("tokenizer.train", "pattern", train.pattern(), "family", train.family(), problems);
      return;
    }
    problems.add(
        ("tokenizer.train: needs exactly one of pattern and family; neither is set. If in doubt,"
                + " take family: qwen2 (--family qwen2); families: %s; patterns: %s, or a regular"
                + " expression")
            .formatted(
                String.join(", ", Key.spellings(ModelFamily.class)),
                String.join(", ", ModelFamily.patterns().keySet())));
  }

  private static void checkCorpus(Job job, Job.Corpus corpus, List<String> problems) {
    if (corpus.inputs().isEmpty()) {
      problems.add("corpus.inputs: [] must name at least one file, folder or glob");
    }
    checkValidationInputs(corpus.validationInputs(), problems);
    Long whole = corpus.maxWholeDocumentBytes();
    if (whole != null && whole < corpus.maxDocumentBytes()) {
      problems.add(
          "corpus.maxWholeDocumentBytes: %s must be at least corpus.maxDocumentBytes, which is %s"
              .formatted(whole, corpus.maxDocumentBytes()));
    }
    checkAppend(job, corpus, problems);
    checkSeparators(job, corpus, problems);
    if (corpus.splitField() != null) {
      requireFields(job, corpus, problems);
    }
    if (corpus.segmentsField() != null) {
      checkSegments(corpus, job.shards(), problems);
    }
  }

  private static void checkValidationInputs(List<CorpusInput> inputs, List<String> problems) {
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).weight() != 1) {
        problems.add(
            String.format(
                Locale.ROOT,
                "corpus.validationInputs[%d].weight: %d has no effect, since nothing is learned"
                    + " from it",
                i,
                inputs.get(i).weight()));
      }
    }
  }

  /** The keys for an output that grows. */
  private static void checkAppend(Job job, Job.Corpus corpus, List<String> problems) {
    if (corpus.append() && !job.kind().hasShards()) {
      problems.add("corpus.append: needs shards; shards.formats is []");
    }
    try {
      corpus.leastAge();
    } catch (IllegalArgumentException e) {
      problems.add("corpus.minAge: " + e.getMessage());
    }
    if (!corpus.append() && corpus.minAge() != null) {
      problems.add("corpus.minAge: has no effect without corpus.append: true");
    }
    if (!corpus.append() && corpus.changedFiles() != Job.ChangedFiles.FAIL) {
      problems.add("corpus.changedFiles: has no effect without corpus.append: true");
    }
  }

  /** With {@code corpus.splitField}, each format that the job names must have fields. */
  private static void requireFields(Job job, Job.Corpus corpus, List<String> problems) {
    requireFields("corpus.format", corpus.format(), problems);
    requireFields("corpus.inputs", corpus.inputs(), problems);
    TrainSection train = job.tokenizer() == null ? null : job.tokenizer().train();
    requireFields("tokenizer.train.inputs", train == null ? List.of() : train.inputs(), problems);
  }

  private static void requireFields(String key, List<CorpusInput> inputs, List<String> problems) {
    for (int i = 0; i < inputs.size(); i++) {
      requireFields("%s[%s].format".formatted(key, i), inputs.get(i).format(), problems);
    }
  }

  private static void requireFields(
      String key, @Nullable InputFormat format, List<String> problems) {
    if (format != null && !format.hasTextField()) {
      problems.add(
          "%s: %s has no fields, and corpus.splitField names one; name auto, jsonl, json, csv, tsv"
                  .formatted(key, format.spelled())
              + " or parquet");
    }
  }

  /** Each separator must be a line that can be one, and some file that it is for may be a text. */
  private static void checkSeparators(Job job, Job.Corpus corpus, List<String> problems) {
    Map<String, List<CorpusInput>> inputs = new LinkedHashMap<>();
    inputs.put("corpus.inputs", corpus.inputs());
    inputs.put("corpus.validationInputs", corpus.validationInputs());
    TrainSection train = job.tokenizer() == null ? null : job.tokenizer().train();
    if (train != null) {
      inputs.put("tokenizer.train.inputs", train.inputs());
      inputs.put(
          "tokenizer.train.parity.dev", train.parity() == null ? List.of() : train.parity().dev());
    }
    InputFormat some = corpus.format(); // a format of files that corpus.separator is for
    for (Map.Entry<String, List<CorpusInput>> list : inputs.entrySet()) {
      for (int i = 0; i < list.getValue().size(); i++) {
        CorpusInput input = list.getValue().get(i);
        InputFormat format = input.format() == null ? corpus.format() : input.format();
        if (format.maySeparate()) {
          some = format;
        }
        String key = list.getKey() + "[" + i + "].separator";
        checkSeparator(key, input.separator(), format, problems);
      }
    }
    checkSeparator("corpus.separator", corpus.separator(), some, problems);
  }

  private static void checkSeparator(
      String key, @Nullable String separator, InputFormat format, List<String> problems) {
    String problem = separator == null ? null : new DocumentSeparator(separator).problem(format);
    if (problem != null) {
      problems.add(key + ": " + problem);
    }
  }

  /** The job must use the segments of the corpus and keep their mask. */
  private static void checkSegments(
      Job.Corpus corpus, ShardsSection shards, List<String> problems) {
    String ofCorpus = corpus.textField().equals("text") ? null : corpus.textField();
    requireSegments("corpus.", corpus.format(), ofCorpus, problems);
    requireSegments("corpus.inputs", corpus.inputs(), problems);
    requireSegments("corpus.validationInputs", corpus.validationInputs(), problems);
    problems.addAll(ShardRules.withoutPlaceForMasks(shards));
    if (shards.leavesOut(ShardColumn.LOSS_MASK)) {
      problems.add("shards.columns.lossMask: null, and corpus.segmentsField is read for it");
    }
  }

  private static void requireSegments(String key, List<CorpusInput> inputs, List<String> problems) {
    for (int i = 0; i < inputs.size(); i++) {
      String textField = inputs.get(i).textField();
      requireSegments(
          String.format(Locale.ROOT, "%s[%d].", key, i),
          inputs.get(i).format(),
          textField,
          problems);
    }
  }

  /**
   * Requires that a source has segments in place of a text.
   *
   * @param at what comes before its keys in messages
   */
  private static void requireSegments(
      String at, @Nullable InputFormat format, @Nullable String textField, List<String> problems) {
    if (textField != null) {
      problems.add(
          at
              + "textField: cannot be combined with corpus.segmentsField; a record has segments or"
              + " a text");
    }
    if (format != null && !format.hasSegments()) {
      problems.add(
          "%sformat: %s has no segments (corpus.segmentsField); name auto, jsonl or parquet"
              .formatted(at, format.spelled()));
    }
  }
}
