package org.merganser.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which vocabularies a section {@code study} asks for, and what it refuses. */
final class StudyJobTest {
  @TempDir Path folder;

  private StudyJob study(String section, String... overrides) throws IOException {
    Path file = folder.resolve("job.yaml");
    Files.writeString(
        file,
        """
        corpus: {inputs: [ corpus ], validation: 0.1}
        tokenizer: {train: {vocabSize: 5000, pattern: gpt2}}
        shards: {groupBy: lang}
        study: %s
        output: out
        """
            .formatted(section));
    return JobReader.study(file, List.of(overrides));
  }

  private void refused(String problem, String section, String... overrides) {
    assertThatThrownBy(() -> study(section, overrides))
        .isInstanceOf(JobException.class)
        .hasMessageContaining(problem);
  }

  private static List<String> names(StudyJob study) {
    return study.arms().stream().map(StudyJob.Arm::name).toList();
  }

  @Test
  void sizesAscendWithinEachPatternAndWayOfLearning() throws IOException {
    StudyJob study =
        study(
            "{vocabSize: [900, 700], pattern: [qwen2, '\\w+'], superwords: [{}], mix: [{en: 1},"
                + " {en: 1, de: 2}]}");
    assertThat(names(study).subList(0, 8))
        .containsExactly(
            "qwen2-700",
            "qwen2-900",
            "qwen2-mix1-700",
            "qwen2-mix1-900",
            "qwen2-mix2-700",
            "qwen2-mix2-900",
            "qwen2-superwords-700",
            "qwen2-superwords-900");
    assertThat(names(study).subList(8, 10)).containsExactly("pattern2-700", "pattern2-900");
    assertThat(study.arms()).hasSize(16);
    assertThat(study.arms().get(5).train().mix()).containsOnlyKeys("de", "en");
    assertThat(study.arms().get(5).learning()).isEqualTo("qwen2-mix2");
    assertThat(study.arms().get(7).train().superwords()).isNotNull();
    assertThat(study.arms().get(7).train().mix()).isNull();
    assertThat(study.output()).isEqualTo(folder + "/out");
  }

  @Test
  void whatTheSectionLeavesOutIsWhatTheJobSays() throws IOException {
    StudyJob study = study("{parity: [{window: 7}], dim: 12}");
    assertThat(names(study)).containsExactly("gpt2", "gpt2-parity");
    assertThat(study.arms().get(1).train().vocabSize()).isEqualTo(5000);
    assertThat(study.arms().get(1).train().parity().window()).isEqualTo(7);
    assertThat(study.dim()).isEqualTo(12);
  }

  @Test
  void sizeAndPatternNeedNotStandInTheJobToo() throws IOException {
    StudyJob study =
        study("{vocabSize: [600], pattern: [qwen2]}", "tokenizer.train={minFrequency: 3}");
    assertThat(names(study)).containsExactly("qwen2-600");
    assertThat(study.arms().get(0).train().minFrequency()).isEqualTo(3);
  }

  @Test
  void aRegularExpressionNamesNoFolder() throws IOException {
    assertThat(names(study("{pattern: [gpt2, run, '../a']}")))
        .containsExactly("gpt2", "pattern2", "pattern3");
  }

  @Test
  void overridesReachTheSection() throws IOException {
    assertThat(names(study("{vocabSize: [600]}", "study.vocabSize=[800, 900]")))
        .containsExactly("gpt2-800", "gpt2-900");
  }

  @Test
  void textsOfParityAreSeenFromTheFolderOfTheJobFile() throws IOException {
    StudyJob study = study("{parity: [{dev: [ {path: texts, group: en} ]}]}");
    assertThat(study.arms().get(1).train().parity().dev())
        .extracting(Job.Input::path)
        .containsExactly(folder + "/texts");
  }

  @Test
  void nothingAndTheSameTwiceAreRefused() {
    refused("study.vocabSize: [] names nothing", "{vocabSize: []}");
    refused("study.mix: [] names nothing", "{mix: []}");
    refused("study.vocabSize: 900 is listed twice", "{vocabSize: [900, 900]}");
    refused("study.pattern: \"qwen2\" is listed twice", "{pattern: [qwen2, gpt2, qwen2]}");
    refused("study.mix: {\"en\":1} is listed twice", "{mix: [{en: 1}, {en: 1}]}");
  }

  @Test
  void whatIsNoListOrNoNumberIsRefused() {
    refused("study.vocabSize: 900 must be a list, such as [ 1000 ]", "{vocabSize: 900}");
    refused("study.vocabSize[0]: \"16k\" must be a whole number", "{vocabSize: [16k]}");
    refused("study.mix[0]: 5 must have at least one name", "{mix: [5]}");
    refused("study.mix[0].en: \"some\" must be a weight", "{mix: [{en: some}]}");
    refused("study.patern: unknown key; did you mean \"pattern\"?", "{patern: [qwen2]}");
  }

  @Test
  void moreVocabulariesThanAPageShowsAreRefused() throws IOException {
    String sizes =
        "[300, 301, 302, 303, 304, 305, 306, 307, 308, 309, 310, 311, 312, 313, 314, 315";
    assertThat(
            study("{vocabSize: %s], pattern: [gpt2, qwen2, o200k, tekken]}".formatted(sizes))
                .arms())
        .hasSize(64);
    refused(
        "study: asks for 68 vocabularies (17 sizes, 4 patterns, 1 ways of learning); at most 64",
        "{vocabSize: %s, 316], pattern: [gpt2, qwen2, o200k, tekken]}".formatted(sizes));
  }

  @Test
  void aJobThatCannotBeStudiedIsRefused() {
    String study = "{vocabSize: [900]}";
    refused("corpus.validation: is required with study", study, "corpus.validation=0");
    refused("tokenizer.train: is required with study", study, "tokenizer={load: a.json}");
    refused("tokenizer.train.counts: cannot stand", study, "tokenizer.train.counts=[a.parquet]");
    refused("tokenizer.train.inputs: cannot stand", study, "tokenizer.train.inputs=[a]");
    refused("learn: cannot stand beside study", study, "learn={}");
    refused(
        "tokenizer.train.mustHave: cannot stand", study, "tokenizer.train.mustHave=[' Merganser']");
    refused(
        "study.pattern: cannot stand beside tokenizer.train.family",
        "{pattern: [gpt2]}",
        "tokenizer.train={vocabSize: 900, family: qwen2}");
    refused(
        "vocabulary gpt2-100: tokenizer.train.vocabSize: 100 is below 256", "{vocabSize: [100]}");
    refused("study: is required: which vocabularies", "null");
  }

  @Test
  void aRunOfAJobWithAStudyIsRefused() {
    assertThatThrownBy(
            () -> {
              study("{vocabSize: [900]}");
              JobReader.source(folder.resolve("job.yaml"), List.of());
            })
        .isInstanceOf(JobException.class)
        .hasMessageContaining("study: is for merganser study");
  }

  @Test
  void withoutItsStudyTheJobIsAsAnyOther() throws IOException {
    study("{vocabSize: [900]}");
    Job job = JobReader.source(folder.resolve("job.yaml"), List.of("study=null")).job();
    assertThat(job.tokenizer().train().vocabSize()).isEqualTo(5000);
  }
}
