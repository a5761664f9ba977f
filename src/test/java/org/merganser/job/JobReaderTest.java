package org.merganser.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JobReaderTest {
  private static final String LEAST =
      """
      corpus:
        inputs: [ "corpus/**" ]
      tokenizer:
        train:
          vocabSize: 4096
          pattern: qwen2
      output: target/out
      """;

  @TempDir Path folder;

  @Test
  void fillsInEveryDefault() throws IOException {
    Job job = read(LEAST);
    assertThat(job.corpus().inputs()).containsExactly("corpus/**");
    assertThat(job.corpus().format()).isEqualTo(Job.Format.AUTO);
    assertThat(job.corpus().maxDocumentBytes()).isEqualTo(64L << 20);
    assertThat(job.tokenizer().train().minFrequency()).isEqualTo(2);
    assertThat(job.tokenizer().train().maxBytes()).isNull();
    assertThat(job.shards().formats()).containsExactly(Job.ShardFormat.PARQUET);
    assertThat(job.embeddings()).isNull();
  }

  @Test
  void readsBackWhatItsWriterWrites() throws IOException {
    Job job = read(LEAST);
    assertThat(read(JobWriter.yaml(job))).isEqualTo(job);
  }

  @Test
  void listsEveryProblemAtOnceWithPathValueAndWhatIsAllowed() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    corpus:
                      inputs: corpus
                      format: jsnl
                      txtField: body
                    tokenizer:
                      train:
                        vocabSize: many
                        pattern: qwen2
                        minFrequency: -1
                    """))
        .isInstanceOfSatisfying(
            JobException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "corpus.txtField: unknown key; did you mean \"textField\"? Known here:"
                            + " inputs, format, textField, idField, maxDocumentBytes, invalidUtf8,"
                            + " failOnDeadLetters, maxDeadLetterRate, validation, deduplicate",
                        "corpus.inputs: \"corpus\" must be a list, such as [ \"…\" ]",
                        "corpus.format: \"jsnl\" is not allowed; allowed: auto, text, lines,"
                            + " paragraphs, jsonl, parquet, warc; did you mean \"jsonl\"?",
                        "tokenizer.train.vocabSize: \"many\" must be a whole number of at least 1"
                            + " and at most 16777216",
                        "tokenizer.train.minFrequency: -1 must be a whole number of at least 0",
                        "output: is required: The folder that the run writes."));
  }

  @Test
  void overridesAKeyOfTheFile() throws IOException {
    Path file = Files.writeString(folder.resolve("job.yaml"), LEAST);
    Job job =
        JobReader.read(file, List.of("tokenizer.train.vocabSize=512", "shards.endOfDocument=null"));
    assertThat(job.tokenizer().train().vocabSize()).isEqualTo(512);
    assertThat(job.shards().endOfDocument()).isNull();
  }

  @Test
  void refusesAnOverrideOfAnUnknownKeyWithTheNearestKnownOne() {
    assertThatThrownBy(
            () ->
                JobReader.read(
                    Files.writeString(folder.resolve("job.yaml"), LEAST),
                    List.of("tokenizer.train.vocabsize=512")))
        .hasMessageContaining(
            "tokenizer.train.vocabsize: unknown key; did you mean \"vocabSize\"?");
  }

  @Test
  void refusesAVocabularyOneBelowBytesAndSpecialTokens() throws IOException {
    String job = LEAST.replace("4096", "%d\n    specialTokens: [ \"<a>\", \"<b>\" ]");
    assertThat(read(String.format(job, 258)).tokenizer().train().vocabSize()).isEqualTo(258);
    assertThatThrownBy(() -> read(String.format(job, 257)))
        .hasMessageContaining("tokenizer.train.vocabSize: 257 is below 258");
  }

  @Test
  void refusesBothAndNeitherOfTrainAndLoad() {
    assertThatThrownBy(() -> read(LEAST.replace("tokenizer:", "tokenizer:\n  load: a.json")))
        .hasMessageContaining("both are given");
    assertThatThrownBy(() -> read("corpus: { inputs: [ a ] }\ntokenizer: {}\noutput: o\n"))
        .hasMessageContaining("neither is given");
  }

  @Test
  void refusesAnEndOfDocumentThatIsNotASpecialToken() {
    assertThatThrownBy(() -> read(LEAST + "shards: { endOfDocument: \"<eod>\" }\n"))
        .hasMessageContaining(
            "shards.endOfDocument: \"<eod>\" is not among tokenizer.train.specialTokens []");
  }

  @Test
  void namesTheLineThatIsNotYaml() {
    assertThatThrownBy(() -> read("corpus:\n  inputs: [ a\n"))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("is not YAML");
  }

  @Test
  void refusesAKeyThatIsGivenTwice() {
    assertThatThrownBy(() -> read(LEAST + "output: other\n"))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("output");
  }

  @Test
  void makesNoObjectsOfYamlTags() {
    assertThatThrownBy(() -> read("output: !!javax.script.ScriptEngineManager [ a ]\n"))
        .isInstanceOf(JobException.class);
  }

  @Test
  void buildsTheSameJobFromSettingsAsFromAFile() throws IOException {
    assertThat(
            JobReader.of(
                List.of(
                    JobReader.texts("corpus.inputs", List.of("corpus/**")),
                    "tokenizer.train.vocabSize=4096",
                    JobReader.text("tokenizer.train.pattern", "qwen2"),
                    JobReader.text("output", "target/out")),
                "test"))
        .isEqualTo(read(LEAST));
  }

  @Test
  void keepsTheCommittedSchemaCurrent() throws IOException {
    assertThat(Files.readString(Path.of("pipelines/job.schema.json")))
        .as(
            "pipelines/job.schema.json; make it with: ./merganser schema > pipelines/job.schema.json")
        .isEqualTo(JobSchema.json());
  }

  private Job read(String yaml) throws IOException {
    return JobReader.read(Files.writeString(folder.resolve("job.yaml"), yaml), List.of());
  }

  @Test
  void takesAHashInAFlagForAPartOfTheValue() {
    Job job =
        JobReader.of(
            List.of("corpus.inputs=[\"a #1\"]", "tokenizer.load=t.json", "output=/data/run #2 [a]"),
            "flags");
    assertThat(job.output()).isEqualTo("/data/run #2 [a]");
    assertThat(job.corpus().inputs()).containsExactly("a #1");
  }
}
