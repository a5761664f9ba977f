package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.Lineage;
import org.apache.beam.sdk.metrics.MetricResults;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.job.JobReader;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.prepare.RunPreparation;

/** What a run tells Beam that it reads and writes. */
final class LineageTest {
  private static final Path TABLE = Path.of("sample-data/embeddings.parquet").toAbsolutePath();

  @TempDir Path folder;

  @Test
  @Tag("run")
  void aRunThatLearnsNamesTheFilesOfItsInputsAndItsTableAndItsOutput() throws IOException {
    MetricResults metrics = metrics("learn=null", "output=" + folder.resolve("out"));
    List<String> expected = new ArrayList<>(List.of(name(TABLE)));
    for (String file : new String[] {"asia", "europe", "symbols-and-code"}) {
      expected.add(name(Path.of("sample-data/corpus/" + file + ".jsonl").toAbsolutePath()));
    }
    assertThat(Lineage.query(metrics, Lineage.Type.SOURCE))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(Lineage.query(metrics, Lineage.Type.SINK))
        .containsExactly(name(folder.resolve("out")) + "/");
  }

  @Test
  void manyFilesAreNamedByTheirFolders() throws IOException {
    for (int file = 0; file < 102; file++) {
      Path text = folder.resolve("corpus/" + file % 3 + "/" + file + ".txt");
      Files.createDirectories(text.getParent());
      Files.writeString(text, "The text of file " + file);
    }
    Path tokenizer = folder.resolve("tokenizer");
    Jobs.train(tokenizer, "--input=sample-data/corpus --vocab-size=300 --pattern=gpt2");
    MetricResults metrics =
        metrics(
            "corpus={inputs: ['" + folder.resolve("corpus") + "'], format: text}",
            "tokenizer={load: '" + tokenizer + "'}",
            "shards.endOfDocument=null",
            "embeddings=null",
            "learn=null",
            "output=" + folder.resolve("out"));
    String corpus = name(folder.resolve("corpus")) + "/";
    assertThat(Lineage.query(metrics, Lineage.Type.SOURCE))
        .containsExactlyInAnyOrder(corpus + "0/", corpus + "1/", corpus + "2/", name(tokenizer));
  }

  @Test
  void aGlobIsNamedByTheFolderInWhichItMatches() throws IOException {
    Path ids = Files.createDirectories(folder.resolve("ids"));
    Files.writeString(ids.resolve("a.txt"), "no-such-document\n");
    MetricResults metrics =
        metrics(
            "learn=null",
            "embeddings=null",
            "corpus.excludeIds=['" + ids + "/*.txt']",
            "output=" + folder.resolve("out"));
    assertThat(Lineage.query(metrics, Lineage.Type.SOURCE))
        .contains(name(ids) + "/")
        .noneMatch(source -> source.contains("*"));
  }

  private static String name(Path path) {
    return "file:" + Lineage.wrapSegment(path.toString());
  }

  private static MetricResults metrics(String... settings) throws IOException {
    PreparedRun prepared =
        RunPreparation.prepare(
            JobReader.read(Path.of("pipelines", "sample.yaml"), List.of(settings)));
    prepared.mark("test");
    prepared.publish(true);
    Pipeline pipeline = Pipeline.create(RunnerFlags.options(List.of("--targetParallelism=1")));
    MerganserPipeline.build(pipeline, prepared.spec());
    PipelineResult result = pipeline.run();
    assertThat(result.waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);
    return result.metrics();
  }
}
