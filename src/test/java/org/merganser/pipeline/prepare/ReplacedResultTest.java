package org.merganser.pipeline.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merganser.job.Job;
import org.merganser.job.JobChange;
import org.merganser.job.JobReader;
import org.merganser.job.JobWriter;

class ReplacedResultTest {
  private static final String FILES = "its 7 files (2 documents, 9 tokens)";

  private static Job job(String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of("corpus={inputs: [corpus]}", "tokenizer={load: t.json}", "output=out"));
    settings.addAll(List.of(more));
    return JobReader.of(settings, "the job");
  }

  private static ReplacedResult run(boolean appends, String files, String... settings) {
    List<JobChange> changes = JobChange.between(JobWriter.portable(job()), "", job(settings));
    return new ReplacedResult("out", appends, changes, files);
  }

  @Test
  void namesEachKeyWhatItDecidesAndBothWaysOn() {
    assertThat(run(false, FILES, "shards.maxTokens=9", "embeddings={table: t}").refusal(false))
        .isEqualTo(
            "out holds the result of another job, which differs in shards.maxTokens: null (now 9),"
                + " which decides shards\n"
                + "  this run would replace or delete those of its 7 files (2 documents, 9 tokens)"
                + " that would differ\n"
                + "  add --replace to do so, or name another output");
  }

  @Test
  void listsSixKeysAndCountsTheOthers() {
    String refusal =
        run(
                false,
                FILES,
                "corpus.validation=0.1",
                "corpus.textField=a",
                "corpus.idField=b",
                "corpus.exclude=[c]",
                "corpus.invalidUtf8=bytes",
                "shards.maxTokens=1",
                "shards.maxBytes=9",
                "shards.keep=[url]")
            .refusal(false);
    assertThat(refusal)
        .contains("shards.maxTokens", "; and 2 more\n")
        .doesNotContain("shards.keep");
  }

  @Test
  void refusesNothingThatReplacesNothingOrWhereReplaceIsSaid() {
    assertThat(run(false, FILES).refusal(false)).isNull();
    assertThat(run(false, FILES, "report.enabled=false").refusal(false)).isNull();
    assertThat(run(false, FILES, "shards.maxTokens=9").refusal(true)).isNull();
    assertThat(run(false, null, "shards.maxTokens=9").refusal(false)).as("no document").isNull();
  }

  @Test
  void aRunThatAddsToAStateMayHaveOtherInputsAndReplacesNoFileOfTheState() {
    assertThat(run(true, FILES, "corpus.inputs=[corpus, more]").refusal(false)).isNull();
    assertThat(run(false, FILES, "corpus.inputs=[corpus, more]").refusal(false))
        .contains("corpus.inputs: ", "which decides documents");
    assertThat(run(true, FILES, "shards.formats=[npy]").refusal(true)).as("added").isNull();
    assertThat(run(true, FILES, "shards.shuffle={seed: 2}").refusal(true))
        .isEqualTo(
            "out has versions of corpus.append, which list files that this run would replace or"
                + " delete: shards.shuffle: null (now {\"seed\":2,\"of\":null}); --replace does not"
                + " replace them: put the key back, or name another output");
    for (String change : List.of("shards.endOfDocument=end", "tokenizer.specialText=parse")) {
      assertThat(run(true, FILES, change).refusal(true))
          .contains(change.substring(0, change.indexOf('=')), "--replace does not replace them");
    }
  }
}
