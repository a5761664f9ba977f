package org.merganser.pipeline.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a run writes its files, and where it finds those of the published version. */
final class RunPathsTest {
  private static final String F = "0123456789abcdef".repeat(2);

  @TempDir Path folder;
  private Path out;
  private OutputPaths published;

  @BeforeEach
  void makeAnOutput() throws IOException {
    out = Files.createDirectories(folder.resolve("out"));
    published = OutputPaths.of(out.toString());
  }

  private String within(String location) {
    return out.relativize(Path.of(location)).toString();
  }

  @Test
  void whatBelongsToAVersionWaitsAndWorkIsInPlace() throws IOException {
    RunPaths run = RunPaths.of(published, F);
    for (String path :
        new String[] {
          "manifest.json", "report.html", "run/finished.json", OutputPaths.shard(false, "", 1, 0)
        }) {
      assertThat(within(run.at(path))).isEqualTo(".merganser-staged/" + F + "/" + path);
    }
    for (String path :
        new String[] {
          OutputPaths.plan(F), OutputPaths.MARKER, "run/units/" + F + "/0000001.json", "notes.txt"
        }) {
      assertThat(within(run.at(path))).isEqualTo(path);
    }
    assertThat(within(RunPaths.unstaged(published).at("manifest.json"))).isEqualTo("manifest.json");
  }

  @Test
  void aFolderThatIsALinkHasAStageOfItsOwn() throws IOException {
    Path disk = Files.createDirectories(folder.resolve("disk/lang=en"));
    Files.createDirectories(out.resolve("shards"));
    Files.createSymbolicLink(out.resolve("shards/parquet"), disk.getParent());
    Files.createSymbolicLink(disk.resolve("loop"), out); // is no folder of a run
    RunPaths run = RunPaths.of(published, F);
    assertThat(run.apart()).containsExactly("shards/parquet");
    assertThat(within(run.at(OutputPaths.shard(false, "lang=en/", 1, 0))))
        .isEqualTo("shards/parquet/.merganser-staged/" + F + "/lang=en/part-0000001-000.parquet");
    assertThat(run.stageFolders())
        .containsExactly(".merganser-staged", "shards/parquet/.merganser-staged");
  }

  @Test
  void onObjectStoresOnlyFilesOfFixedNamesWait() throws IOException {
    RunPaths run = RunPaths.of(OutputPaths.of("mem://bucket/out"), F);
    assertThat(run.at("manifest.json"))
        .isEqualTo("mem://bucket/out/.merganser-staged/" + F + "/manifest.json");
    assertThat(run.at(OutputPaths.shard(false, "", 1, 0)))
        .isEqualTo("mem://bucket/out/shards/parquet/part-0000001-000.parquet");
    assertThat(run.at(OutputPaths.deadLetters(1)))
        .isEqualTo("mem://bucket/out/dead-letters/part-0000001.jsonl.zst");
  }

  @Test
  void ofLinksWithinLinksTheInnerOneHasTheStage() throws IOException {
    Path inner = Files.createDirectories(folder.resolve("inner"));
    Path outer = Files.createDirectories(folder.resolve("outer"));
    Files.createSymbolicLink(out.resolve("shards"), outer);
    Files.createSymbolicLink(outer.resolve("parquet"), inner);
    RunPaths run = RunPaths.of(published, F);
    assertThat(run.apart()).containsExactly("shards/parquet", "shards");
    assertThat(within(run.at(OutputPaths.shard(false, "", 1, 0))))
        .isEqualTo("shards/parquet/.merganser-staged/" + F + "/part-0000001-000.parquet");
    assertThat(within(run.at("shards/packed/packing.json")))
        .isEqualTo("shards/.merganser-staged/" + F + "/packed/packing.json");
  }

  @Test
  void aRunThatOnlyLearnsHasItsTokenizerInTheRoot() throws IOException {
    RunPaths learns = RunPaths.of(OutputPaths.of(out.toString(), true), F);
    assertThat(learns.tokenizerAtRoot()).isTrue();
    assertThat(learns.tokenizerJson()).isEqualTo("tokenizer.json");
    assertThat(RunPaths.of(published, F).tokenizerAtRoot()).isFalse();
    assertThat(RunPaths.of(published, F).tokenizerJson()).isEqualTo("tokenizer/tokenizer.json");
  }
}
