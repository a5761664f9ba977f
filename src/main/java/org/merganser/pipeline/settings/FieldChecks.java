package org.merganser.pipeline.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.KeptField;
import org.merganser.corpus.field.FieldPath;
import org.merganser.corpus.field.FieldTemplate;
import org.merganser.job.Job;
import org.merganser.job.JobException;
import org.merganser.job.TrainSection;

/** Checks the fields of documents that a job names, before any text is read. */
public final class FieldChecks {
  private FieldChecks() {}

  /**
   * Checks the fields of a job.
   *
   * @throws JobException naming every field that is neither a path nor a template
   */
  public static void require(Job job) {
    List<String> problems = new ArrayList<>();
    if (job.corpus() != null) {
      checkField("corpus.textField", job.corpus().textField(), problems);
      checkPath("corpus.segmentsField", job.corpus().segmentsField(), problems);
      checkField("corpus.idField", job.corpus().idField(), problems);
      checkField("corpus.splitField", job.corpus().splitField(), problems);
      checkInputs("corpus.inputs", job.corpus().inputs(), problems);
      checkInputs("corpus.validationInputs", job.corpus().validationInputs(), problems);
    }
    if (job.tokenizer() != null && job.tokenizer().train() != null) {
      TrainSection train = job.tokenizer().train();
      checkInputs("tokenizer.train.inputs", train.inputs(), problems);
      if (train.parity() != null) {
        checkInputs("tokenizer.train.parity.dev", train.parity().dev(), problems);
      }
    }
    checkField("shards.groupBy", job.shards().groupBy(), problems);
    checkField("shards.partitionBy", job.shards().partitionBy(), problems);
    for (String kept : job.shards().keep()) {
      checkPath("shards.keep", KeptField.of(kept).path(), problems);
    }
    if (!problems.isEmpty()) {
      throw new JobException("the job", problems);
    }
  }

  /** Checks the fields of each input of a key. */
  private static void checkInputs(String key, List<CorpusInput> inputs, List<String> problems) {
    for (int i = 0; i < inputs.size(); i++) {
      String at = key + "[" + i + "].";
      checkField(at + "textField", inputs.get(i).textField(), problems);
      checkField(at + "idField", inputs.get(i).idField(), problems);
    }
  }

  private static void checkPath(String key, @Nullable String path, List<String> problems) {
    check(key, path, FieldPath::parse, problems);
  }

  /** Checks a field that is a path or a template. */
  private static void checkField(String key, @Nullable String field, List<String> problems) {
    check(key, field, FieldTemplate::parse, problems);
  }

  /** Adds a problem unless the key is absent, or its value can be parsed. */
  private static void check(
      String key, @Nullable String named, Consumer<String> parse, List<String> problems) {
    try {
      if (named != null) {
        parse.accept(named);
      }
    } catch (CorpusException e) {
      problems.add(key + ": " + e.getMessage());
    }
  }
}
