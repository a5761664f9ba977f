package org.merganser.job;

import java.util.List;
import org.merganser.corpus.InputFormat;
import org.merganser.shard.ShardColumn;

/** What the inputs of a job must satisfy, so that nothing is said of them that has no effect. */
final class InputRules {
  private InputRules() {}

  /** Whether an input that is learned from names the group of its documents. */
  static boolean nameGroups(Job job, TrainSection train) {
    List<Job.Input> inputs =
        train.sample().inputs().isEmpty() && job.corpus() != null
            ? job.corpus().inputs()
            : train.sample().inputs();
    return inputs.stream().anyMatch(input -> input.group() != null);
  }

  static void check(Job job, List<String> problems) {
    TrainSection train = job.tokenizer() == null ? null : job.tokenizer().train();
    boolean learns = train != null && train.tables().counts().isEmpty();
    if (job.corpus() != null) {
      List<Job.Input> inputs = job.corpus().inputs();
      fields("corpus.inputs", inputs, job.corpus().records().format(), problems);
      if (job.corpus().records().segmentsField() != null) {
        segments(job.corpus(), problems);
        masks(job.shards(), problems);
      }
      if (train != null && learns && train.sample().inputs().isEmpty()) {
        someWeight("corpus.inputs", inputs, problems);
      } else if (train != null || !isOfAnotherJob(job)) {
        String why =
            learns
                ? "the vocabulary is learned from tokenizer.train.inputs"
                : "no vocabulary is learned from the corpus";
        withoutWeight("corpus.inputs", inputs, why, problems);
      }
    }
    if (train != null) {
      InputFormat format =
          job.corpus() == null ? InputFormat.AUTO : job.corpus().records().format();
      fields("tokenizer.train.inputs", train.sample().inputs(), format, problems);
      someWeight("tokenizer.train.inputs", train.sample().inputs(), problems);
      if (train.parity() != null) {
        String key = "tokenizer.train.parity.dev";
        fields(key, train.parity().dev(), format, problems);
        withoutWeight(key, train.parity().dev(), "nothing is learned from it", problems);
      }
      for (int i = 0; i < train.sample().inputs().size(); i++) {
        if (train.sample().inputs().get(i).group() != null && !train.countsByGroup()) {
          problems.add(
              "tokenizer.train.inputs[%d].group: has no effect without tokenizer.train.mix or parity"
                  .formatted(i));
        }
      }
    }
  }

  /**
   * Whether the job is made of one that learned, to count tokens. Its weights have had their effect
   * then.
   */
  private static boolean isOfAnotherJob(Job job) {
    return job.shards().formats().isEmpty();
  }

  private static void fields(
      String key, List<Job.Input> inputs, InputFormat inherited, List<String> problems) {
    for (int i = 0; i < inputs.size(); i++) {
      Job.Input input = inputs.get(i);
      InputFormat format = input.format() == null ? inherited : input.format();
      if (input.textField() != null && !format.hasTextField()) {
        withoutFields(key, i, "textField", format, problems);
      }
      if (input.idField() != null && !format.hasIdField()) {
        withoutFields(key, i, "idField", format, problems);
      }
    }
  }

  /** What reads segments. */
  private static void segments(Job.Corpus corpus, List<String> problems) {
    String key = "corpus.segmentsField: ";
    if (!corpus.records().textField().equals("text")) {
      problems.add(key + "cannot stand beside corpus.textField; a record has segments or a text");
    }
    if (!corpus.records().format().hasSegments()) {
      problems.add(
          key
              + "needs corpus.format: jsonl or parquet, which segments are read from; it is "
              + corpus.records().format().spelled());
    }
    for (int i = 0; i < corpus.inputs().size(); i++) {
      Job.Input input = corpus.inputs().get(i);
      String at = "corpus.inputs[%d].".formatted(i);
      if (input.format() != null && !input.format().hasSegments()) {
        problems.add(
            at
                + "format: "
                + input.format().spelled()
                + " has no segments (corpus.segmentsField); they are read from jsonl and parquet");
      }
      if (input.textField() != null) {
        problems.add(at + "textField: cannot stand beside corpus.segmentsField");
      }
    }
  }

  /** What has no place for the loss mask that segments give. */
  private static void masks(ShardsSection shards, List<String> problems) {
    problems.addAll(shards.withoutPlaceForMasks());
    if (shards.leavesOut(ShardColumn.LOSS_MASK)) {
      problems.add("shards.columns.lossMask: null, and corpus.segmentsField is read for it");
    }
  }

  private static void withoutFields(
      String key, int input, String field, InputFormat format, List<String> problems) {
    problems.add(
        "%s[%d].%s: has no effect: the format %s has no such fields"
            .formatted(key, input, field, format.spelled()));
  }

  private static void withoutWeight(
      String key, List<Job.Input> inputs, String why, List<String> problems) {
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).weight() != 1) {
        problems.add("%s[%d].weight: has no effect: %s".formatted(key, i, why));
      }
    }
  }

  private static void someWeight(String key, List<Job.Input> inputs, List<String> problems) {
    if (!inputs.isEmpty() && inputs.stream().allMatch(input -> input.weight() == 0)) {
      problems.add(key + ": all have the weight 0, so there is nothing to learn from");
    }
  }
}
