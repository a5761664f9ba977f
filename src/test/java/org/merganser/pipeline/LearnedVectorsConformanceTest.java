package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.SharedData;
import org.merganser.cli.CommandLineRun;
import org.merganser.learn.ngram.NgramFigures;
import org.merganser.learn.vector.VectorFigures;

/** Evidence that something is learned, on half of the English novels of the conformance corpus. */
@Tag("conformance")
final class LearnedVectorsConformanceTest {
  @TempDir static Path folder;
  private static Path out;

  @BeforeAll
  static void learnFromNovels() throws IOException {
    out = folder.resolve("novels");
    Path job =
        Files.writeString(
            folder.resolve("novels.yaml"),
            """
            corpus:
              inputs: [ %s/corpus/en-novels-eltec.jsonl.zst ]
              format: jsonl
              validation: 0.05
            tokenizer: {train: {vocabSize: 8192, pattern: qwen2, specialTokens: [ "<|end|>" ]}}
            shards: {endOfDocument: "<|end|>"}
            learn: {ngrams: 3}
            embeddings: {learn: {dim: 64}, output: [ rows ]}
            output: %s
            """
                .formatted(SharedData.dir().toAbsolutePath(), out));
    CommandLineRun.of("run", job.toString()).succeeded();
  }

  @Test
  void tellsRealCompanyFromDrawnWhereRandomVectorsCannot() throws IOException {
    Path json = out.resolve("learned/vectors.json");
    VectorFigures.Validation validation =
        Objects.requireNonNull(
            VectorFigures.read(Files.readAllBytes(json), "vectors.json").validation());
    System.out.printf(
        "which of two tokens was in the window: learned %.4f, random %.4f, ratio %.3f%n",
        validation.score(),
        validation.randomScore(),
        validation.score() / validation.randomScore());
    assertThat(validation.pairs()).isEqualTo(100_000);
    assertThat(validation.randomScore()).isBetween(0.49, 0.51);
    assertThat(validation.score()).isGreaterThan(0.56);
  }

  @Test
  void putsWordsOfAKindNearEachOther() {
    assertThat(near("mother")).contains("\" father\"", "\" brother\"", "\" sister\"");
    assertThat(near("three")).contains("\" two\"", "\" four\"", "\" five\"");
    assertThat(near("green")).contains("\" grass\"", "\" leaves\"");
  }

  private static String near(String word) {
    List<String> command = List.of("embeddings", "near", "--run", out.toString(), word);
    return CommandLineRun.of(command.toArray(String[]::new)).succeeded().out();
  }

  @Test
  void needsFewerBitsThanTheUniformDistribution() throws IOException {
    Path json = out.resolve("learned/ngrams.json");
    NgramFigures.Validation validation =
        Objects.requireNonNull(
            NgramFigures.read(Files.readAllBytes(json), "ngrams.json").validation());
    System.out.printf("bits per byte of a trigram model: %.4f%n", validation.bitsPerByte());
    // The uniform distribution needs 13 bits a token, about 3 a byte; gzip -9 about 3.
    assertThat(validation.bitsPerByte()).isBetween(1.4, 2.0);
    assertThat(validation.perplexity()).isBetween(50.0, 250.0);
  }
}
