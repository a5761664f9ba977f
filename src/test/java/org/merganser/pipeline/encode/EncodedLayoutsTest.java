package org.merganser.pipeline.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.job.JobReader;
import org.merganser.pipeline.OutputTree;
import org.merganser.pipeline.PreparedRun;
import org.merganser.pipeline.RunPreparation;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.SplitSide;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.TokenizerSource;
import org.merganser.shard.ShardColumns;
import org.merganser.shard.ShardRow;

/** What cannot be made while encoding leaves nothing, and the others are made. */
final class EncodedLayoutsTest {
  @TempDir Path folder;
  private Path out;
  private RunSpec spec;
  private EncodedLayouts.Sides layouts;

  @BeforeEach
  void beginAUnit() throws IOException {
    Path corpus = Files.writeString(folder.resolve("corpus.txt"), "low lower lowest");
    String tokenizer = folder + "/tokenizer";
    CommandLineRun.of(
            "train",
            "--input=" + corpus,
            "--vocab-size=257",
            "--pattern=gpt2",
            "--output=" + tokenizer)
        .succeeded();
    out = folder.resolve("out");
    PreparedRun run =
        RunPreparation.prepare(
            JobReader.of(
                List.of(
                    JobReader.texts("corpus.inputs", List.of(corpus.toString())),
                    JobReader.text("tokenizer.load", tokenizer + "/tokenizer.json"),
                    "shards.formats=[npy,litdata]",
                    "shards.maxTokens=3",
                    JobReader.text("output", out.toString())),
                "test"));
    run.publish();
    spec = run.spec();
    FileRef ref = ((TokenizerSource.Ready) spec.tokenizer()).file();
    layouts =
        new EncodedLayouts.Sides(
            new EncodedLayouts(
                UnitLayout.of(spec, SplitSide.TRAINING, ref), Map.of(), ShardColumns.DOCUMENTS),
            EncodedLayouts.NONE);
  }

  private void write(int... ids) throws IOException {
    ShardRow row = new ShardRow();
    row.docId = "d";
    row.ids = ids;
    row.count = ids.length;
    layouts.training().write(row);
  }

  private Set<String> publish() throws IOException {
    String shard = out + "/shards/parquet/part-0000000-000.parquet";
    ShardSet shards =
        new ShardSet(0, List.of(new ShardSet.Shard(shard, "0".repeat(64), false)), "");
    return layouts.publish(shards, StageMeter.of(spec.layout(), Stage.CONVERT));
  }

  private List<String> files() throws IOException {
    return OutputTree.files(out).stream().filter(path -> path.startsWith("shards/")).toList();
  }

  @Test
  void areVisibleWhenTheShardsAre() throws IOException {
    layouts.training().begin("shards/parquet/part-0000000-000.parquet");
    write(1, 256);
    write(3);
    layouts.training().finish();
    assertThat(files()).hasSize(4).allMatch(path -> path.contains("/.tmp-merganser-"));
    assertThat(publish()).hasSize(2).allMatch(receipt -> Files.exists(Path.of(receipt)));
    layouts.close();
    assertThat(files())
        .containsExactly(
            "shards/litdata/part-0000000-000.chunk.bin",
            "shards/litdata/part-0000000-000.index.parquet",
            "shards/npy/part-0000000-000.index.parquet",
            "shards/npy/part-0000000-000.npy");
  }

  @Test
  void areGivenUpAtAnIdThatTheyRefuse() throws IOException {
    layouts.training().begin("shards/parquet/part-0000000-000.parquet");
    write(1);
    write(257);
    assertThat(files()).isEmpty();
    write(2);
    layouts.training().finish();
    assertThat(publish()).isEmpty();
    layouts.close();
    assertThat(files()).isEmpty();
  }

  @Test
  void areGivenUpWhereALimitCutsAShard() throws IOException {
    layouts.training().begin("shards/parquet/part-0000000-000.parquet");
    write(1, 2);
    write(3, 4);
    layouts.training().finish();
    layouts.training().begin("shards/parquet/part-0000000-001.parquet");
    write(5);
    layouts.training().finish();
    assertThat(publish()).isEmpty();
    assertThat(files()).isEmpty();
  }

  @Test
  void leaveNothingWhenTheUnitIsGivenUp() throws IOException {
    layouts.training().begin("shards/parquet/part-0000000-000.parquet");
    write(1, 2);
    layouts.close();
    assertThat(files()).isEmpty();
  }
}
