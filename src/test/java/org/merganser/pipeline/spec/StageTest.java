package org.merganser.pipeline.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.pipeline.spec.Stage.CHOOSE;
import static org.merganser.pipeline.spec.Stage.CONVERT;
import static org.merganser.pipeline.spec.Stage.COUNT;
import static org.merganser.pipeline.spec.Stage.COUNT_NGRAMS;
import static org.merganser.pipeline.spec.Stage.COUNT_PAIRS;
import static org.merganser.pipeline.spec.Stage.COUNT_WORD_PAIRS;
import static org.merganser.pipeline.spec.Stage.COUNT_WORD_RUNS;
import static org.merganser.pipeline.spec.Stage.DEDUPLICATE;
import static org.merganser.pipeline.spec.Stage.ENCODE;
import static org.merganser.pipeline.spec.Stage.JOIN;
import static org.merganser.pipeline.spec.Stage.LEARN;
import static org.merganser.pipeline.spec.Stage.LEARN_NGRAMS;
import static org.merganser.pipeline.spec.Stage.LEARN_VECTORS;
import static org.merganser.pipeline.spec.Stage.LEARN_WORDS;
import static org.merganser.pipeline.spec.Stage.MANIFEST;
import static org.merganser.pipeline.spec.Stage.MEASURE;
import static org.merganser.pipeline.spec.Stage.PACK;
import static org.merganser.pipeline.spec.Stage.SHUFFLE;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.job.Job;
import org.merganser.job.JobKeys;
import org.merganser.job.JobReader;
import org.merganser.job.JobWriter;
import org.merganser.job.key.KeyRole;

class StageTest {
  private static Job job(String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "corpus={inputs: [corpus], textField: body}",
                "tokenizer={train: {vocabSize: 300, pattern: gpt2, specialTokens: [<|end|>]}}",
                "shards={endOfDocument: <|end|>, pack: {length: 16}, shuffle: {seed: 1},"
                    + " formats: [parquet, bin], partitionBy: lang}",
                "embeddings={learn: {dim: 4}}",
                "learn={ngrams: 2}",
                "output=out"));
    settings.addAll(List.of(more));
    return JobReader.of(settings, "the job");
  }

  @Test
  void everyKeyIsDeclaredByAStageOrIsAnInputOrDecidesNothing() {
    // The files of a stage and the layout that it makes are among its inputs.
    Set<KeyRole> declared = EnumSet.of(KeyRole.FILES, KeyRole.FORMATS);
    for (Stage stage : Stage.values()) {
      declared.addAll(stage.decidedBy());
    }
    List<String> forgotten = new ArrayList<>();
    JobKeys.all()
        .forEach(
            (path, key) -> {
              boolean nothing =
                  List.of(KeyRole.Result.NOTHING).equals(key.rewritten()) || key.roles().isEmpty();
              if (!nothing && !key.namesFiles() && !key.hasRole(declared)) {
                forgotten.add(path);
              }
            });
    assertThat(forgotten).isEmpty();
  }

  static Stream<Arguments> changes() {
    EnumSet<Stage> counting =
        EnumSet.of(COUNT, LEARN_WORDS, COUNT_WORD_PAIRS, COUNT_WORD_RUNS, LEARN);
    EnumSet<Stage> text = EnumSet.of(DEDUPLICATE, CHOOSE, ENCODE);
    text.addAll(counting);
    return Stream.of(
        Arguments.of("corpus.textField=title", text),
        Arguments.of("corpus.separator='---'", text),
        Arguments.of("corpus.splitField=split", text),
        Arguments.of("corpus.maxDocumentBytes=1024", text),
        Arguments.of("corpus.deduplicate=exact", counting),
        Arguments.of("corpus.maxDeadLetterRate=1", EnumSet.noneOf(Stage.class)),
        Arguments.of("corpus.inputs=[other]", EnumSet.noneOf(Stage.class)),
        Arguments.of("output=elsewhere", EnumSet.noneOf(Stage.class)),
        Arguments.of("name=A title", EnumSet.noneOf(Stage.class)),
        Arguments.of("tokenizer.train.vocabSize=301", EnumSet.of(LEARN_WORDS, LEARN)),
        Arguments.of("tokenizer.train.keepCounts=true", EnumSet.of(LEARN_WORDS, LEARN)),
        Arguments.of("shards.groupBy=lang", EnumSet.of(ENCODE)),
        Arguments.of("shards.partition.maxGroups=3", EnumSet.noneOf(Stage.class)),
        Arguments.of("shards.maxTokens=100", EnumSet.of(ENCODE, PACK, SHUFFLE, CONVERT)),
        Arguments.of(
            "shards.columns={tokenIds: tokens}", EnumSet.of(ENCODE, PACK, SHUFFLE, CONVERT)),
        Arguments.of("shards.pack.length=17", EnumSet.of(PACK, SHUFFLE, CONVERT)),
        Arguments.of("shards.shuffle.seed=2", EnumSet.of(PACK, SHUFFLE, CONVERT)),
        Arguments.of("shards.formats=[parquet, npy]", EnumSet.noneOf(Stage.class)),
        Arguments.of("shards.bin.header=llmc", EnumSet.of(CONVERT)),
        Arguments.of("shards.blend.alpha=0.5", EnumSet.of(MANIFEST)),
        Arguments.of("embeddings.learn.dim=8", EnumSet.of(LEARN_VECTORS)),
        Arguments.of("embeddings.learn.window=3", EnumSet.of(COUNT_PAIRS, LEARN_VECTORS)),
        Arguments.of("embeddings.dtype=f16", EnumSet.of(JOIN)),
        Arguments.of("embeddings.maxSequenceBytes=5", EnumSet.noneOf(Stage.class)),
        Arguments.of("learn.ngrams=3", EnumSet.of(COUNT_NGRAMS, LEARN_NGRAMS)),
        Arguments.of("report.granularities=false", EnumSet.of(MEASURE)));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aChangedKeyChangesTheFingerprintsOfItsStages(String setting, Set<Stage> expected) {
    Job before = job();
    Job after = job(setting);
    Set<Stage> changed = EnumSet.noneOf(Stage.class);
    for (Stage stage : Stage.values()) {
      String fingerprint = stage.fingerprint(before, "input");
      assertThat(stage.fingerprint(job(), "input")).isEqualTo(fingerprint);
      assertThat(stage.fingerprint(stage.seenBy(before), "input")).isEqualTo(fingerprint);
      assertThat(stage.fingerprint(before, "other")).isNotEqualTo(fingerprint);
      if (!stage.fingerprint(after, "input").equals(fingerprint)) {
        changed.add(stage);
      }
    }
    assertThat(changed).isEqualTo(expected);
  }

  @Test
  void aStageGetsTheDefaultsOfKeysThatItDoesNotDeclare() {
    Job joined = JOIN.seenBy(job("corpus.validation=0.1", "embeddings.dtype=f16"));
    assertThat(joined.embeddings().dtype()).isEqualTo(Job.VectorType.F16);
    assertThat(joined.shards().endOfDocument()).isEqualTo("<|end|>");
    assertThat(joined.shards().pack()).isNull();
    assertThat(joined.learn()).isNull();
    assertThat(joined.corpus().validation()).isZero();
    Job counted = COUNT.seenBy(job());
    assertThat(counted.corpus().textField()).isEqualTo("body");
    assertThat(counted.tokenizer().train().pattern()).isEqualTo("gpt2");
    assertThat(counted.tokenizer().train().vocabSize()).as("the least number").isEqualTo(1);
    assertThat(counted.embeddings()).isNull();
    assertThat(counted.output()).isEqualTo("out");
  }

  @Test
  void otherInputsRunEachStageThatReadsTheCorpusAgain() {
    assertThat(Stage.ofKey(JobKeys.at("corpus.inputs")))
        .containsExactly(DEDUPLICATE, CHOOSE, COUNT, COUNT_WORD_PAIRS, COUNT_WORD_RUNS, ENCODE);
  }

  @Test
  void theManifestHasTheWholeJob() {
    assertThat(JobWriter.tree(MANIFEST.seenBy(job()))).isEqualTo(JobWriter.tree(job()));
  }
}
