package org.merganser.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DocumentSeparator;
import org.merganser.corpus.InputFormat;
import org.merganser.shard.ShardColumn;

/** The rules among the keys of {@code corpus}, and between them and the rest of the job. */
final class CorpusRules {
  private CorpusRules() {}

  /** Adds the problems of the section {@code corpus}, each as {@code key: problem}. */
  static void check(Job job, CorpusSection corpus, List<String> problems) {
    if (corpus.inputs().isEmpty()) {
      problems.add("corpus.inputs: [] must name at least one file, folder or glob");
    }
    checkValidationInputs(corpus.validationInputs(), problems);
    Long wholeLimit = corpus.maxWholeDocumentBytes();
    if (wholeLimit != null && wholeLimit < corpus.maxDocumentBytes()) {
      problems.add(
          "corpus.maxWholeDocumentBytes: %s must be at least corpus.maxDocumentBytes, which is %s"
              .formatted(wholeLimit, corpus.maxDocumentBytes()));
    }
    checkAppend(job, corpus, problems);
    checkSeparators(job, corpus, problems);
    if (corpus.splitField() != null) {
      checkSplitField(job, corpus, problems);
    }
    if (corpus.segmentsField() != null) {
      checkSegments(corpus, job.shards(), problems);
    }
  }

  /** The weight of a validation input must be 1, since weights are for learning. */
  private static void checkValidationInputs(List<CorpusInput> inputs, List<String> problems) {
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).weight() != 1) {
        problems.add(
            "corpus.validationInputs[%s].weight: %s has no effect, since nothing is learned from it"
                .formatted(i, inputs.get(i).weight()));
      }
    }
  }

  /**
   * The keys of an output that grows need {@code corpus.append}, which needs shards. The age of new
   * files must be a number with a unit.
   */
  private static void checkAppend(Job job, CorpusSection corpus, List<String> problems) {
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
    if (!corpus.append() && corpus.changedFiles() != CorpusSection.ChangedFiles.FAIL) {
      problems.add("corpus.changedFiles: has no effect without corpus.append: true");
    }
  }

  /**
   * With {@code corpus.splitField}, each format that the job names for its corpus and for the text
   * to learn from must have fields.
   */
  private static void checkSplitField(Job job, CorpusSection corpus, List<String> problems) {
    requireFields("corpus.format", corpus.format(), problems);
    requireFieldsOfInputs("corpus.inputs", corpus.inputs(), problems);
    TrainSection train = job.training();
    if (train != null) {
      requireFieldsOfInputs("tokenizer.train.inputs", train.inputs(), problems);
    }
  }

  private static void requireFieldsOfInputs(
      String key, List<CorpusInput> inputs, List<String> problems) {
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

  /**
   * Each separator must be one that {@link DocumentSeparator} allows in the format of its files.
   * {@code corpus.separator} is for the files of all inputs, so one of their formats must allow it.
   */
  private static void checkSeparators(Job job, CorpusSection corpus, List<String> problems) {
    InputFormat formatOfCorpus = corpus.format(); // or of an input, if that allows a separator
    for (Map.Entry<String, List<CorpusInput>> list : inputLists(job, corpus).entrySet()) {
      for (int i = 0; i < list.getValue().size(); i++) {
        CorpusInput input = list.getValue().get(i);
        InputFormat format = input.format() == null ? corpus.format() : input.format();
        if (format.maySeparate()) {
          formatOfCorpus = format;
        }
        String key = list.getKey() + "[" + i + "].separator";
        checkSeparator(key, input.separator(), format, problems);
      }
    }
    checkSeparator("corpus.separator", corpus.separator(), formatOfCorpus, problems);
  }

  /** All inputs of a job, by the key of their list. */
  private static Map<String, List<CorpusInput>> inputLists(Job job, CorpusSection corpus) {
    Map<String, List<CorpusInput>> inputs = new LinkedHashMap<>();
    inputs.put("corpus.inputs", corpus.inputs());
    inputs.put("corpus.validationInputs", corpus.validationInputs());
    TrainSection train = job.training();
    if (train != null) {
      inputs.put("tokenizer.train.inputs", train.inputs());
      inputs.put(
          "tokenizer.train.parity.dev", train.parity() == null ? List.of() : train.parity().dev());
    }
    return inputs;
  }

  private static void checkSeparator(
      String key, @Nullable String separator, InputFormat format, List<String> problems) {
    String problem = separator == null ? null : new DocumentSeparator(separator).problem(format);
    if (problem != null) {
      problems.add(key + ": " + problem);
    }
  }

  /** A corpus of segments has no key for a text, and shards must have the mask of segments. */
  private static void checkSegments(
      CorpusSection corpus, ShardsSection shards, List<String> problems) {
    boolean hasDefault = corpus.textField().equals(CorpusSettings.DEFAULT_TEXT_FIELD);
    String textField = hasDefault ? null : corpus.textField();
    requireSegments("corpus.", corpus.format(), textField, problems);
    requireSegmentsOfInputs("corpus.inputs", corpus.inputs(), problems);
    requireSegmentsOfInputs("corpus.validationInputs", corpus.validationInputs(), problems);
    problems.addAll(ShardRules.maskProblems(shards));
    if (shards.leavesOut(ShardColumn.LOSS_MASK)) {
      problems.add("shards.columns.lossMask: null, and corpus.segmentsField is read for it");
    }
  }

  private static void requireSegmentsOfInputs(
      String key, List<CorpusInput> inputs, List<String> problems) {
    for (int i = 0; i < inputs.size(); i++) {
      CorpusInput input = inputs.get(i);
      String prefix = key + "[" + i + "].";
      requireSegments(prefix, input.format(), input.textField(), problems);
    }
  }

  /**
   * Requires that an input, or the corpus for the inputs that name nothing else, has segments in
   * place of a text.
   *
   * @param prefix the text before the keys in messages
   * @param format null if none is named
   * @param textField null if none is named
   */
  private static void requireSegments(
      String prefix,
      @Nullable InputFormat format,
      @Nullable String textField,
      List<String> problems) {
    if (textField != null) {
      problems.add(
          prefix
              + "textField: cannot be combined with corpus.segmentsField; a record has segments or"
              + " a text");
    }
    if (format != null && !format.hasSegments()) {
      problems.add(
          "%sformat: %s has no segments (corpus.segmentsField); name auto, jsonl or parquet"
              .formatted(prefix, format.spelled()));
    }
  }
}
