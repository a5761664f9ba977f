package org.merganser.pipeline.request;

import java.util.List;
import java.util.SortedMap;
import org.merganser.job.Job;
import org.merganser.job.JobWriter;
import org.merganser.pipeline.step.JobComponents;

/** The keys of a job that are part of its request. */
public final class RequestedKeys {
  /** The key of the files that are encoded. */
  public static final String CORPUS = "corpus.inputs";

  /** Keys in whose place the request has the sha256 of what they name. */
  static final List<String> BY_CONTENT =
      List.of(
          CORPUS,
          "corpus.format",
          "corpus.excludeIds",
          "tokenizer.load",
          "tokenizer.train.inputs",
          "tokenizer.train.counts",
          "tokenizer.train.continueFrom",
          "tokenizer.train.parity.dev",
          "embeddings.table",
          "shards.from");

  /** Keys that decide no data, and those whose effect the list of sources shows. */
  public static final List<String> WITHOUT_DATA =
      List.of(
          "name",
          "corpus.exclude",
          "corpus.append",
          "corpus.failOnDeadLetters",
          "corpus.maxDeadLetterRate",
          "embeddings.maxSequenceBytes",
          "report",
          "output");

  private RequestedKeys() {}

  /** The keys that decide data and do not have their defaults, without those of locations. */
  public static SortedMap<String, String> of(Job job) {
    SortedMap<String, String> keys = JobWriter.changes(job);
    keys.keySet().removeIf(key -> isIn(BY_CONTENT, key) || isIn(WITHOUT_DATA, key));
    return keys;
  }

  static boolean isIn(List<String> table, String key) {
    return table.stream()
        .anyMatch(k -> key.equals(k) || key.startsWith(k + ".") || key.startsWith(k + "["));
  }

  /** The key of the files that a job learns from. */
  public static String learnedFrom(Job job) {
    boolean own = !JobComponents.train(job).sample().inputs().isEmpty();
    return own ? "tokenizer.train.inputs" : CORPUS;
  }
}
