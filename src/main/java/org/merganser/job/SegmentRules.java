package org.merganser.job;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.InputFormat;
import org.merganser.shard.ShardColumn;

final class SegmentRules {
  private SegmentRules() {}

  static void check(Job.Corpus corpus, ShardsSection shards, List<String> problems) {
    Job.Records records = corpus.records();
    String ofCorpus = records.textField().equals("text") ? null : records.textField();
    source("corpus.", records.format(), ofCorpus, problems);
    sources("corpus.inputs", corpus.inputs(), problems);
    sources("corpus.validationInputs", corpus.choice().validationInputs(), problems);
    problems.addAll(shards.withoutPlaceForMasks());
    if (shards.leavesOut(ShardColumn.LOSS_MASK)) {
      problems.add("shards.columns.lossMask: null, and corpus.segmentsField is read for it");
    }
  }

  private static void sources(String key, List<CorpusInput> inputs, List<String> problems) {
    for (int i = 0; i < inputs.size(); i++) {
      String textField = inputs.get(i).settings().textField();
      source("%s[%d].".formatted(key, i), inputs.get(i).format(), textField, problems);
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
