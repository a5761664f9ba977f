package org.merganser.pipeline.output.version;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.checksum.FileSum;
import org.merganser.job.JobException;
import org.merganser.json.Json;
import org.merganser.output.WrittenFile;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.output.GroupFolder;
import org.merganser.pipeline.output.OutputFolder;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.store.ChecksummedFile;
import org.merganser.store.FileStore;

/** Which files a run may delete, and where it may have its output. */
final class OutputCleaningTest {
  private static final String F = "0123456789abcdef".repeat(2);

  @TempDir Path folder;
  private Path out;
  private OutputPaths paths;

  @BeforeEach
  void makeAnOutput() throws IOException {
    out = Files.createDirectories(folder.resolve("out"));
    write("run/merganser.json");
    paths = OutputPaths.of(out.toString());
  }

  private void write(String path) throws IOException {
    Files.createDirectories(out.resolve(path).getParent());
    Files.writeString(out.resolve(path), "{}");
  }

  private boolean mayDelete(String path) throws IOException {
    return new OutputCleaning(paths).mayDelete(path);
  }

  /** A file of a version may go only if the list of a version names it. */
  private boolean mayDeleteListed(String path) throws IOException {
    list(path);
    return mayDelete(path);
  }

  private void list(String... paths) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String path : paths) {
      lines.append(Json.line(new WrittenFile(path, 2, F + F, 0, 0))).append('\n');
    }
    Files.writeString(out.resolve("outputs.jsonl"), lines);
  }

  @Test
  void aFileWithANameThatARunGivesMayGo() throws IOException {
    for (String path :
        List.of(
            paths.tokenizerFile("tokenizer.json"),
            paths.tokenizerFile("tokenizer.tiktoken"),
            paths.tokenizerFile("token_bytes.npy"),
            OutputPaths.shard(false, "", 0, 0),
            OutputPaths.shard(false, GroupFolder.of("lang", "En/us"), 12_345_678, 1000),
            OutputPaths.shard(false, GroupFolder.of("lang", null), 3, 0),
            OutputPaths.shard(true, "", 3, 2),
            "shards/packed/parquet/part-0000000-000.parquet",
            "shards/packed/packing.json",
            "validation/packed/npy/lang=en/part-0000000-000-001.npy.loss",
            "shards/shuffled/megatron/part-0000001.idx",
            "shards/datatrove/part-0000001-000.ds.index",
            "shards/bin/part-0000001-000.index.parquet",
            "shards/litdata/lang=de/index.json",
            "shards/blend/nemo.yaml",
            OutputPaths.deadLetters(7),
            OutputPaths.ROWS,
            OutputPaths.pooled(false, 1, 2),
            OutputPaths.sequence(true, 1, 2),
            OutputPaths.NGRAMS,
            OutputPaths.LEARNED_VECTORS,
            OutputPaths.plan(F),
            OutputPaths.textHashes(F),
            OutputPaths.duplicates(F),
            OutputPaths.frequentTexts(F),
            OutputPaths.duplicatesFound(F, 0, 15),
            OutputPaths.unitCounts(F, F, 3),
            OutputPaths.firstReading(F),
            OutputPaths.mergedCounts(F, "", 31),
            OutputPaths.mergedCounts(F, "pairs-", 31),
            OutputPaths.words(F),
            OutputPaths.wordPairs(F),
            OutputPaths.shuffleRows(F, F, "shards/", "lang=/", 4),
            OutputPaths.list(F),
            OutputPaths.learnedCounts(F, F, 1),
            OutputPaths.learnedTable(F, 1),
            OutputPaths.idCounts(F + F),
            "run/units/" + F + "/0000003.json",
            "run/units/" + F + "/0000003.begun",
            OutputPaths.sample("run/units/" + F + "/0000003.json", 4),
            OutputPaths.texts("run/units/" + F + "/0000003.json", 4),
            "run/workers/a-host.example-4711.json",
            ".tmp-merganser-1",
            "shards/mine/.tmp-merganser-1",
            "states/" + F + F + "/.tmp-merganser-1",
            ".merganser-staged/" + F + "/shards/parquet/.tmp-merganser-1",
            "run/.tmp-merganser-1")) {
      list();
      boolean needsProof = !path.startsWith("run/") && !path.contains(".tmp-");
      assertThat(mayDelete(path)).as(path).isEqualTo(!needsProof);
      assertThat(mayDeleteListed(path)).as(path).isTrue();
    }
  }

  @Test
  void aCardMayGoOnlyWithTheSumThatTheListNames() throws IOException {
    Path card = Files.writeString(out.resolve("README.md"), "of a run");
    list();
    assertThat(mayDelete("README.md")).isFalse();
    WrittenFile written = WrittenFile.of("README.md", FileSum.of(card), 0, 0);
    Files.writeString(out.resolve("outputs.jsonl"), Json.line(written) + "\n");
    assertThat(mayDelete("README.md")).isTrue();
    assertThat(new OutputCleaning(paths).leftovers(List.of())).containsExactly("README.md");
    Files.writeString(card, "my words");
    assertThat(mayDelete("README.md")).isFalse();
    assertThat(new OutputCleaning(paths).leftovers(List.of())).isEmpty();
  }

  @Test
  void everyOtherFileStays() throws IOException {
    for (String path :
        List.of(
            "notes.txt",
            "notes/.tmp-merganser-1",
            "tokenizer/README.md",
            "tokenizer/old/tokenizer.json",
            "shards/notes.txt",
            "shards/parquet/mine.parquet",
            "shards/parquet/part-0000000-000.parquet.bak",
            "shards/parquet/part-0000000-000.npy",
            "shards/parquet/backup/part-0000000-000.parquet",
            "shards/parquet/lang=en/x/part-0000000-000.parquet",
            "shards/mds/part-0000000-000.mds",
            "validation/held/manifest.json",
            "embedded/mine.parquet",
            "learned/mine.bin",
            "dead-letters/mine.jsonl.zst",
            "run/mine/a.txt",
            "run/plan/mine.jsonl",
            "run/plan/" + F + "/mine.jsonl",
            "run/units/" + F + "/notes.json",
            "run/counts/" + F + "-" + F + "/mine.counts",
            "run/workers/mine.txt",
            "states/" + F + F + "/manifest.json")) {
      assertThat(mayDelete(path)).as(path).isFalse();
    }
  }

  @Test
  void filesOfAnotherRunStayWhateverItsFolderIsCalled() throws IOException {
    write("tokenizer/run/merganser.json"); // a run that only learns has tokenizer.json in its root
    assertThat(mayDeleteListed("tokenizer/tokenizer.json")).isFalse();
    assertThat(mayDelete("tokenizer/.tmp-merganser-1")).isFalse();
    assertThat(mayDeleteListed("shards/parquet/part-0000000-000.parquet")).isTrue();
    write("shards/parquet/lang=en/manifest.json");
    assertThat(mayDeleteListed("shards/parquet/lang=en/part-0000000-000.parquet")).isTrue();
    write("shards/parquet/lang=en/outputs.jsonl");
    assertThat(mayDeleteListed("shards/parquet/lang=en/part-0000000-000.parquet")).isFalse();
    assertThat(mayDeleteListed("shards/parquet/lang=de/part-0000000-000.parquet")).isTrue();
  }

  @Test
  void deletesLeftoversAndListsWhatStays() throws IOException {
    List<String> listed = List.of("shards/parquet/part-0000000-000.parquet");
    for (String path :
        List.of(
            listed.get(0),
            "shards/parquet/part-0000001-000.parquet",
            "shards/notes.txt",
            "validation/held/manifest.json",
            "validation/held/outputs.jsonl",
            "validation/held/shards/parquet/part-0000000-000.parquet",
            "run/mine/a.txt",
            "run/plan/" + F + ".jsonl",
            "beside/x")) {
      write(path);
    }
    Files.createSymbolicLink(out.resolve("embedded"), folder);
    list(listed.get(0), "shards/parquet/part-0000001-000.parquet");
    List<WrittenFile> outputs = List.of(new WrittenFile(listed.get(0), 2, F + F, 1, 1));
    OutputCleaning cleaning = new OutputCleaning(paths);
    assertThat(cleaning.leftovers(outputs))
        .containsExactly("shards/parquet/part-0000001-000.parquet");
    assertThat(cleaning.foreign(outputs))
        .containsExactly("run/mine/a.txt", "shards/notes.txt", "validation/held/");
    list(listed.get(0));
    assertThat(new OutputCleaning(paths).leftovers(outputs)).isEmpty();
    assertThat(new OutputCleaning(paths).foreign(outputs))
        .contains("shards/parquet/part-0000001-000.parquet");
    cleaning.delete(
        List.of(
            "shards/notes.txt",
            "shards/parquet/part-0000001-000.parquet",
            "shards/parquet/part-0000002-000.parquet")); // gone since: a deletion was killed
    assertThat(out.resolve("shards/notes.txt")).exists();
    assertThat(out.resolve("shards/parquet/part-0000001-000.parquet")).doesNotExist();
  }

  @Test
  void refusesToReplaceAFileThatNoRunWrote() throws IOException {
    write("embedded/rows.parquet");
    write("report.html");
    OutputCleaning cleaning = new OutputCleaning(paths);
    cleaning.requireWritable(List.of("report.html", "shards/parquet/part-0000000-000.parquet"));
    assertThatThrownBy(() -> cleaning.requireWritable(List.of("embedded/rows.parquet")))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("embedded/rows.parquet is there, and no run of this output wrote it");
    list("embedded/rows.parquet");
    new OutputCleaning(paths).requireWritable(List.of("embedded/rows.parquet"));
  }

  /** A receipt of a stage lists files that were never in place. */
  @Test
  void aReceiptIsNoProofForAFileOfTheSameNameBesideItsStage() throws IOException {
    String shard = OutputPaths.shard(false, "", 3, 0);
    RunPaths run = RunPaths.of(paths, F);
    try (UnitFiles files = new UnitFiles(run)) {
      files.write(shard, new byte[] {1});
      files.publish(3, "encode", F);
    }
    assertThat(out.resolve(".merganser-staged/" + F + "/" + shard)).exists();
    assertThat(out.resolve(shard)).doesNotExist();
    write(shard);
    assertThat(mayDelete(shard)).isFalse();
    assertThat(new OutputCleaning(paths).foreign(List.of())).containsExactly(shard);
  }

  @Test
  void aRunGivesNoOtherNames() {
    WrittenFile shard = new WrittenFile(OutputPaths.shard(false, "", 0, 0), 1, F + F, 1, 1);
    WrittenFile root = new WrittenFile("tokenizer.json", 1, F + F, 0, 0);
    assertThatCode(() -> OutputCleaning.requireOwnNames(List.of(shard, root)))
        .doesNotThrowAnyException();
    WrittenFile other = new WrittenFile("shards/other/x", 1, F + F, 1, 1);
    assertThatThrownBy(() -> OutputCleaning.requireOwnNames(List.of(shard, other)))
        .hasMessage("shards/other/x: no later run knows this name as its own");
  }

  private static @Nullable String around(Path output) throws IOException {
    return OutputFolder.outputAround(output.toString());
  }

  @Test
  void noOutputLiesInThatOfAnotherRun() throws IOException {
    for (String inner :
        List.of(
            "validation/held",
            "shards",
            "shards/x",
            "shards/parquet/x/y",
            "tokenizer/x",
            "run",
            "run/x",
            "run/plan/x",
            "beside/../learned/x")) {
      assertThat(around(out.resolve(inner))).as(inner).isEqualTo(out.toRealPath().toString());
    }
    Path link = Files.createSymbolicLink(folder.resolve("link"), out);
    assertThat(around(link.resolve("dead-letters/x"))).isEqualTo(out.toRealPath().toString());
    Path deep = Files.createDirectories(out.resolve("shards/parquet"));
    Path into = Files.createSymbolicLink(folder.resolve("into"), deep);
    assertThat(around(into)).isEqualTo(out.toRealPath().toString());
    assertThat(around(out)).isNull();
    assertThat(around(folder.resolve("shards"))).isNull();
  }

  @Test
  void dataWithoutTheirRecordsAreARunToo() throws IOException {
    Files.delete(out.resolve("run/merganser.json"));
    write(Manifest.FILE);
    assertThat(around(out.resolve("shards/x"))).isNull();
    write(Manifest.OUTPUTS);
    assertThat(around(out.resolve("shards/x"))).isNotNull();
  }

  @Test
  void noOutputHasAnotherRunInTheFoldersThatItWrites() throws IOException {
    OutputFolder.requireNoRunWithin(paths);
    write("tokenizer/run/merganser.json");
    assertThatThrownBy(() -> OutputFolder.requireNoRunWithin(paths))
        .isInstanceOf(JobException.class)
        .hasMessageContaining(out + " has the output of another run in its folder tokenizer")
        .hasMessageContaining("name another output");
  }

  @Test
  void noFolderOfAnOutputIsALinkIntoAnotherOutput() throws IOException {
    Path other = Files.createDirectories(folder.resolve("linked/run")).getParent();
    Files.writeString(other.resolve(OutputPaths.MARKER), "{}");
    Path shards = Files.createDirectories(other.resolve("shards/parquet"));
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere/validation"));
    Files.createDirectories(out.resolve("shards"));
    Files.createSymbolicLink(out.resolve("validation"), elsewhere);
    OutputFolder.requireNoRunWithin(paths);
    Files.createSymbolicLink(out.resolve("shards/parquet"), shards);
    assertThatThrownBy(() -> OutputFolder.requireNoRunWithin(paths))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("a link to the output of another run in its folder shards/parquet")
        .hasMessageContaining("remove the link");
  }

  @Test
  void filesOfNoRunBesideTheStatesStayWhenTheStatesGo() throws IOException {
    String state = "states/" + "0a".repeat(32) + "/";
    List<String> others =
        List.of("states/mine.txt", state + "mine.txt", "states/inner/outputs.jsonl");
    for (String other : others) {
      write(other);
    }
    new OutputVersions(paths).requireNone();
    List<String> own =
        List.of(state + "inputs.jsonl", state + "manifest.json", state + "outputs.jsonl");
    for (String file : own) {
      write(file);
    }
    new OutputVersions(paths).requireNone(); // names alone
    ChecksummedFile.publish(
        paths.at(OutputPaths.RECORD), ("{\"addsTo\":\"" + "0a".repeat(32) + "\"}").getBytes(UTF_8));
    assertThatThrownBy(() -> new OutputVersions(paths).requireNone())
        .isInstanceOf(JobException.class);
    assertThat(new OutputVersions(paths).ownFiles()).containsExactlyElementsOf(own);
  }

  @Test
  void aRunThatBeginsMeanwhileIsNotTakenForFilesOfSomebodyElse() throws Exception {
    for (int i = 0; i < 300; i++) {
      Path other = Files.createDirectories(folder.resolve("other-" + i + "/run"));
      Thread beginning =
          new Thread(
              () -> {
                try {
                  for (String name : List.of("lock", "merganser.json", "run.json", "x", "y")) {
                    Files.writeString(other.resolve(name), "{}");
                  }
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      beginning.start();
      OutputPaths begun = OutputPaths.of(other.getParent().toString());
      while (beginning.isAlive()) {
        OutputFolder.requireOurs(begun);
      }
      beginning.join();
      OutputFolder.requireOurs(begun);
    }
  }

  /** A receipt counts with the bytes that it names, and beside no list that names other files. */
  @Test
  void aReceiptIsAProofWhereTheListIsMissing() throws IOException {
    String shard = OutputPaths.shard(false, "", 3, 0);
    RunPaths unstaged = RunPaths.unstaged(paths);
    try (UnitFiles files = new UnitFiles(unstaged)) {
      files.write(shard, new byte[] {1});
      files.publish(3, "encode", F);
    }
    write("run/units/" + F + "/notes.txt");
    assertThat(mayDelete(shard)).isTrue();
    assertThat(new OutputCleaning(paths).leftovers(List.of())).containsExactly(shard);
    list("shards/parquet/part-0000000-000.parquet");
    assertThat(mayDelete(shard)).isFalse();
    Files.delete(out.resolve("outputs.jsonl"));
    Files.write(out.resolve(shard), new byte[] {2});
    assertThat(mayDelete(shard)).isFalse();
    Files.write(out.resolve(shard), new byte[] {1});
    Path receipt = out.resolve("run/units/" + F + "/0000003.json");
    Files.move(receipt, out.resolve("run/units/" + F + "/0000003.begun"));
    assertThat(mayDelete(shard)).isTrue();
    Files.writeString(out.resolve("run/units/" + F + "/0000003.begun"), "{}");
    assertThat(mayDelete(shard)).isFalse();
  }

  @Test
  void onAnObjectStoreReceiptsAreProofsBesideAList() throws IOException {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    paths = OutputPaths.of("mem://" + folder.getFileName() + "/out");
    String shard = OutputPaths.shard(false, "", 3, 0);
    String other = OutputPaths.shard(false, "", 4, 0);
    FileStore.publish(
        paths.at("outputs.jsonl"),
        (Json.line(new WrittenFile(other, 2, F + F, 0, 0)) + "\n").getBytes(UTF_8));
    assertThat(mayDelete(shard)).isFalse();
    try (UnitFiles files = new UnitFiles(RunPaths.of(paths, F))) {
      files.write(shard, new byte[] {1});
      files.publish(3, "encode", F);
    }
    assertThat(mayDelete(shard)).isTrue();
    assertThat(mayDelete(other)).isTrue();
    new OutputCleaning(paths).delete(List.of(shard));
    assertThat(FileStore.of(paths.root()).exists(paths.at(shard))).isFalse();
  }

  @Test
  void deletesTheDraftsOfKilledWritersInItsOwnFoldersAlone() throws IOException {
    List<String> own = List.of(".tmp-merganser-1", "shards/parquet/.tmp-merganser-2");
    List<String> others = List.of("notes/.tmp-merganser-3", "shards/parquet/tmp-merganser-4");
    for (String path : own) {
      write(path);
    }
    for (String path : others) {
      write(path);
    }
    new OutputCleaning(paths).deleteDrafts();
    assertThat(own).noneMatch(path -> Files.exists(out.resolve(path)));
    assertThat(others).allMatch(path -> Files.exists(out.resolve(path)));
  }
}
