package org.merganser.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobChangeTest {
  private static Job job(String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "corpus={inputs: [corpus]}",
                "tokenizer={train: {vocabSize: 300, pattern: gpt2}}",
                "output=out"));
    settings.addAll(List.of(more));
    return JobReader.of(settings, "the job");
  }

  private static List<JobChange> changes(JsonNode before, Job now) {
    return JobChange.between(before, "", now);
  }

  private static List<String> replacing(Job before, Job now) {
    return changes(JobWriter.portable(before), now).stream()
        .filter(JobChange::replaces)
        .map(JobChange::path)
        .toList();
  }

  @Test
  void theSameJobHasNoChangeWhereverItsOutputLies() {
    assertThat(changes(JobWriter.portable(job()), job("output=elsewhere", "name=A title")))
        .isEmpty();
  }

  @Test
  void anAddedKeyIsAChangeFromItsDefault() {
    List<JobChange> changes =
        changes(JobWriter.portable(job()), job("shards.columns={tokenIds: tokens}"));
    assertThat(changes).singleElement().satisfies(change -> assertThat(change.replaces()).isTrue());
    assertThat(changes.get(0))
        .hasToString("shards.columns: {} (now {\"tokenIds\":\"tokens\"})")
        .extracting(JobChange::writtenAgain)
        .isEqualTo("shards");
  }

  @Test
  void aKeyThatTheEarlierProgramDidNotHaveHadItsDefault() {
    ObjectNode before = JobWriter.portable(job());
    ((ObjectNode) before.path("shards")).remove(List.of("keep", "bin", "shuffle"));
    before.remove("learn");
    assertThat(changes(before, job())).isEmpty();
    assertThat(changes(before, job("shards.keep=[url]", "shards.shuffle={seed: 1}")))
        .extracting(JobChange::path)
        .containsExactly("shards.shuffle", "shards.keep");
  }

  @Test
  void aNameInAMapIsAChangeOfItsKey() {
    String groups = "shards.groupBy=lang";
    assertThat(
            replacing(
                job(groups, "tokenizer.train.mix={en: 1}"),
                job(groups, "tokenizer.train.mix={en: 1, de: 5}")))
        .containsExactly("tokenizer.train.mix");
  }

  @Test
  void aListThatGrowsAddsFilesAndOneThatShrinksDeletesThem() {
    Job npy = job("shards.formats=[npy]");
    assertThat(replacing(npy, job("shards.formats=[npy, bin]"))).isEmpty();
    assertThat(replacing(npy, job("shards.formats=[bin, npy]"))).isEmpty();
    assertThat(replacing(npy, job("shards.formats=[bin]"))).containsExactly("shards.formats");
    assertThat(replacing(job("shards.formats=[parquet, npy]"), npy)).as("always there").isEmpty();
    assertThat(replacing(job("shards.formats=[]"), npy))
        .as("the vocabulary moves")
        .containsExactly("shards.formats");
    assertThat(replacing(npy, job("shards.formats=[]"))).containsExactly("shards.formats");
  }

  @Test
  void aSectionOrSwitchIsAddedButNotTakenAway() {
    assertThat(replacing(job(), job("learn={ngrams: 2}"))).isEmpty();
    assertThat(replacing(job("learn={ngrams: 2}"), job())).containsExactly("learn");
    assertThat(replacing(job("learn={ngrams: 2}"), job("learn={ngrams: 3}")))
        .containsExactly("learn.ngrams");
    Job keeps = job("tokenizer.train.keepCounts=true");
    assertThat(replacing(job(), keeps)).isEmpty();
    assertThat(replacing(keeps, job())).containsExactly("tokenizer.train.keepCounts");
    assertThat(replacing(job(), job("shards.pack={length: 8}"))).containsExactly("shards.pack");
  }

  @Test
  void keysWithoutDataReplaceNothing() {
    assertThat(
            replacing(
                job(),
                job(
                    "report.enabled=false",
                    "corpus.maxDeadLetterRate=1",
                    "corpus.failOnDeadLetters=true")))
        .isEmpty();
    assertThat(replacing(job(), job("corpus.exclude=[a]"))).containsExactly("corpus.exclude");
  }

  @Test
  void aLocationIsTheFileAndNotItsSpelling() {
    ObjectNode before = JobWriter.portable(job("corpus.inputs=[deep/corpus]"));
    assertThat(JobChange.between(before, "", job("corpus.inputs=[./deep/corpus]"))).isEmpty();
    assertThat(JobChange.between(before, "elsewhere", job("corpus.inputs=[deep/corpus]")))
        .extracting(JobChange::path)
        .containsExactly("corpus.inputs");
  }

  @Test
  void withoutAnEarlierJobEveryKeyThatIsSetIsAChange() {
    assertThat(changes(MissingNode.getInstance(), job()))
        .extracting(JobChange::path)
        .containsExactly("corpus", "tokenizer");
  }
}
