package org.merganser.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.DocumentSeparator;
import org.merganser.corpus.InputFormat;
import org.merganser.shard.ShardColumn;
import org.merganser.text.scan.ModelFamily;

/** The rules of a job that concern several keys; those of one key are in its {@code Field}. */
final class JobRules {
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
      joinOnly(job, problems);
    } else {
      reading(job, problems);
    }
    ShardRules.check(job, problems);
    if (job.embeddings() != null) {
      embeddings(job.embeddings(), job.shards(), problems);
    }
    return problems;
  }

  private static boolean isGiven(JsonNode tree, String key) {
    JsonNode value = tree.at("/" + key.replace('.', '/'));
    return value.isContainerNode()
        ? !value.isEmpty()
        : value.isValueNode() && !List.of("null", "false", "none", "0.0").contains(value.asText());
  }

  private static void one(
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

  private static void embeddings(
      Job.Embeddings embeddings, ShardsSection shards, List<String> problems) {
    one("embeddings", "table", embeddings.table(), "learn", embeddings.learn(), problems);
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

  private static void joinOnly(Job job, List<String> problems) {
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

  private static void reading(Job job, List<String> problems) {
    Job.TokenizerChoice tokenizer = job.tokenizer();
    TrainSection train = tokenizer == null ? null : tokenizer.train();
    if (job.corpus() != null) {
      corpus(job, job.corpus(), problems);
    } else if (job.kind().hasShards() || train == null || train.counts().isEmpty()) {
      problems.add("corpus: is required: the text to read, as corpus.inputs or --input");
    }
    if (tokenizer == null) {
      problems.add("tokenizer: is required: train, or load");
    } else {
      one("tokenizer", "train", train, "load", tokenizer.load(), problems);
    }
    if (train != null) {
      if (train.continueFrom() == null) {
        if (train.pattern() == null && train.family() == null) {
          problems.add(
              "tokenizer.train: needs exactly one of pattern and family; neither is set. If in"
                  + " doubt, take family: qwen2 (--family qwen2); families: %s; patterns: %s, or a"
                      .formatted(
                          String.join(", ", Key.spellings(ModelFamily.class)),
                          String.join(", ", ModelFamily.patterns().keySet()))
                  + " regular expression");
        } else {
          one("tokenizer.train", "pattern", train.pattern(), "family", train.family(), problems);
        }
      }
      TrainRules.check(job, train, problems);
    }
  }

  private static void corpus(Job job, Job.Corpus corpus, List<String> problems) {
    if (corpus.inputs().isEmpty()) {
      problems.add("corpus.inputs: [] must name at least one file, folder or glob");
    }
    List<CorpusInput> validation = corpus.validationInputs();
    for (int i = 0; i < validation.size(); i++) {
      if (validation.get(i).weight() != 1) {
        problems.add(
            String.format(
                Locale.ROOT,
                "corpus.validationInputs[%d].weight: %d has no effect, since nothing is learned"
                    + " from it",
                i,
                validation.get(i).weight()));
      }
    }
    Long whole = corpus.maxWholeDocumentBytes();
    if (whole != null && whole < corpus.maxDocumentBytes()) {
      problems.add(
          "corpus.maxWholeDocumentBytes: %s must be at least corpus.maxDocumentBytes, which is %s"
              .formatted(whole, corpus.maxDocumentBytes()));
    }
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
    separators(job, corpus, problems);
    if (corpus.splitField() != null) {
      recordsWithFields(job, corpus, problems);
    }
    if (corpus.segmentsField() != null) {
      segments(corpus, job.shards(), problems);
    }
  }

  private static void recordsWithFields(Job job, Job.Corpus corpus, List<String> problems) {
    recordsWithFields("corpus.format", corpus.format(), problems);
    List<CorpusInput> inputs = corpus.inputs();
    for (int i = 0; i < inputs.size(); i++) {
      recordsWithFields("corpus.inputs[%s].format".formatted(i), inputs.get(i).format(), problems);
    }
    TrainSection train = job.tokenizer() == null ? null : job.tokenizer().train();
    List<CorpusInput> own = train == null ? List.of() : train.inputs();
    for (int i = 0; i < own.size(); i++) {
      recordsWithFields(
          "tokenizer.train.inputs[%s].format".formatted(i), own.get(i).format(), problems);
    }
  }

  private static void recordsWithFields(
      String key, @Nullable InputFormat format, List<String> problems) {
    if (format != null && !format.hasTextField()) {
      problems.add(
          "%s: %s has no fields, and corpus.splitField names one; name auto, jsonl, json, csv, tsv"
                  .formatted(key, format.spelled())
              + " or parquet");
    }
  }

  /** Each separator must be one, and some file that it is for may be a text. */
  private static void separators(Job job, Job.Corpus corpus, List<String> problems) {
    Map<String, List<CorpusInput>> inputs = new LinkedHashMap<>();
    inputs.put("corpus.inputs", corpus.inputs());
    inputs.put("corpus.validationInputs", corpus.validationInputs());
    TrainSection train = job.tokenizer() == null ? null : job.tokenizer().train();
    if (train != null) {
      inputs.put("tokenizer.train.inputs", train.inputs());
      inputs.put(
          "tokenizer.train.parity.dev", train.parity() == null ? List.of() : train.parity().dev());
    }
    InputFormat some = corpus.format();
    for (Map.Entry<String, List<CorpusInput>> list : inputs.entrySet()) {
      for (int i = 0; i < list.getValue().size(); i++) {
        CorpusInput input = list.getValue().get(i);
        InputFormat format = input.format() == null ? corpus.format() : input.format();
        if (format.maySeparate()) {
          some = format;
        }
        String key = list.getKey() + "[" + i + "].separator";
        separator(key, input.separator(), format, problems);
      }
    }
    separator("corpus.separator", corpus.separator(), some, problems);
  }

  private static void separator(
      String key, @Nullable String separator, InputFormat format, List<String> problems) {
    String problem = separator == null ? null : new DocumentSeparator(separator).problem(format);
    if (problem != null) {
      problems.add(key + ": " + problem);
    }
  }

  /** The job must use the segments of the corpus and keep their mask. */
  private static void segments(Job.Corpus corpus, ShardsSection shards, List<String> problems) {
    String ofCorpus = corpus.textField().equals("text") ? null : corpus.textField();
    source("corpus.", corpus.format(), ofCorpus, problems);
    sources("corpus.inputs", corpus.inputs(), problems);
    sources("corpus.validationInputs", corpus.validationInputs(), problems);
    problems.addAll(ShardRules.withoutPlaceForMasks(shards));
    if (shards.leavesOut(ShardColumn.LOSS_MASK)) {
      problems.add("shards.columns.lossMask: null, and corpus.segmentsField is read for it");
    }
  }

  private static void sources(String key, List<CorpusInput> inputs, List<String> problems) {
    for (int i = 0; i < inputs.size(); i++) {
      String textField = inputs.get(i).textField();
      source(
          String.format(Locale.ROOT, "%s[%d].", key, i),
          inputs.get(i).format(),
          textField,
          problems);
    }
  }

  private static void source(
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
