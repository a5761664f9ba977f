package org.merganser.pipeline.output.finished;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.store.ChecksummedFile;

/** Runs that are looked at from another folder than they were started in. */
final class RecordedJobTest {
  @TempDir Path folder;

  @Test
  void relativePathsOfAJobAreThoseOfTheFolderOfItsFile() throws IOException {
    Path output = folder.resolve("out");
    CommandLineRun.line(
            "run pipelines/sample.yaml --set tokenizer.train.vocabSize=512 --set output=%s", output)
        .succeeded();
    OutputPaths paths = OutputPaths.of(output.toString());
    assertThat(FinishedOutput.at(paths).location("/embeddings/table"))
        .isEqualTo(Path.of("sample-data/embeddings.parquet").toAbsolutePath().toString());
    String table = folder.resolve("table.npy").toString();
    export(output, table).succeeded();

    Path elsewhere = folder.resolve("elsewhere");
    Path jobs = elsewhere.resolve("jobs");
    Path record = output.resolve("run/run.json");
    String started = Path.of("pipelines").toAbsolutePath().toString();
    String text =
        new String(
            Objects.requireNonNull(ChecksummedFile.find(record.toString())),
            StandardCharsets.UTF_8);
    assertThat(text).contains("\"folder\":\"" + started + "\"");
    String moved = text.replace("\"folder\":\"" + started, "\"folder\":\"" + jobs);
    ChecksummedFile.publish(record.toString(), moved.getBytes(StandardCharsets.UTF_8));
    assertThat(FinishedOutput.at(paths).location("/embeddings/table"))
        .isEqualTo(elsewhere + "/sample-data/embeddings.parquet");
    assertThat(FinishedOutput.at(paths).location("/corpus/inputs/0"))
        .isEqualTo(elsewhere + "/sample-data/corpus");
    assertThat(export(output, table).endedWith(2).err())
        .contains(elsewhere + "/sample-data/embeddings.parquet");
  }

  /** Reads the table that the run joined, where its recorded job says that it lies. */
  private static CommandLineRun export(Path output, String table) {
    return CommandLineRun.of(
        "embeddings", "export", output.toString(), "--to", "npy", "--output", table);
  }
}
