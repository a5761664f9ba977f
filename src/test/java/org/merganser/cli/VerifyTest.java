package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.store.FileStore;

/** What {@code verify} says of outputs that are whole, damaged and unfinished. */
@Tag("run")
class VerifyTest {
  @TempDir static Path folder;
  private static Path finished;
  private static Path corpus;
  private Path out;

  @BeforeAll
  static void runAJob() throws IOException {
    finished = folder.resolve("finished");
    corpus = folder.resolve("corpus");
    OutputTree.copy(Path.of("sample-data/corpus"), corpus);
    CommandLineRun.line(
            "run pipelines/sample.yaml --set corpus.inputs=['%s'] --set"
                + " tokenizer.train.vocabSize=400 --set %s --set output=%s",
            corpus, "shards.formats=[parquet, megatron, npy]", finished)
        .succeeded();
  }

  @BeforeEach
  void copyTheOutput(TestInfo test) throws IOException {
    out = folder.resolve(test.getTestMethod().orElseThrow().getName());
    OutputTree.copy(finished, out);
  }

  private static CommandLineRun verify(Path output, String... flags) {
    return CommandLineRun.line("verify %s %s", output, flags);
  }

  @Test
  void findsAFinishedRunWholeAndComparesItWithItsSource() {
    assertThat(verify(out).endedWith(0).out()).startsWith(out + " is whole\n");
    assertThat(verify(out, "--full").endedWith(0).out())
        .contains("16 rows read, 16 documents compared with their source")
        .doesNotContain("note:");
  }

  @Test
  void findsOneFlippedBitInAnyFileOfTheDataset() throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (String path : OutputTree.sums(out).keySet()) {
      Path file = out.resolve(path);
      byte[] whole = Files.readAllBytes(file);
      boolean isUsers = path.equals("README.md"); // as soon as it is changed
      if (whole.length > 0 && !isUsers) {
        OutputTree.flipABit(file, random);
        assertThat(verify(out, "--full").endedWith(1).out())
            .contains("is damaged")
            .containsPattern("(sha256|unreadable)  " + path);
        Files.write(file, whole);
      }
    }
    verify(out, "--full").endedWith(0);
  }

  @Test
  void findsADeletedAnAlienAndATruncatedFile() throws IOException {
    Files.delete(out.resolve("embedded/rows.parquet"));
    Files.writeString(out.resolve("shards/parquet/mine.txt"), "x");
    Path list = out.resolve("inputs.jsonl");
    byte[] lines = Files.readAllBytes(list);
    Files.write(list, Arrays.copyOf(lines, lines.length / 2));
    assertThat(verify(out).endedWith(1).out())
        .contains("missing  embedded/rows.parquet: run the job again")
        .contains("unlisted  shards/parquet/mine.txt")
        .contains("size  inputs.jsonl: " + lines.length / 2 + " bytes, the manifest says ")
        .contains("continue with: merganser run pipelines/sample.yaml --set ");
  }

  @Test
  void listsWhatAnUnfinishedRunHasAndLacks() throws IOException {
    Files.delete(out.resolve("manifest.json"));
    Files.delete(out.resolve("shards/parquet/part-0000000-000.parquet"));
    Files.writeString(out.resolve("shards/parquet/.tmp-merganser-0123"), "half");
    assertThat(verify(out).endedWith(4).out())
        .startsWith(out + " is unfinished\n")
        .contains("tokenizer: there")
        .contains("encode: 0 of 1 unit done")
        .contains("missing:\n  encode unit 0: ")
        .contains("left over, swept by the next run:\n  shards/parquet/.tmp-merganser-0123\n")
        .contains("continue with: merganser run ");
    JsonNode report = new JsonMapper().readTree(verify(out, "--json").endedWith(4).out());
    assertThat(report.get("state").asText()).isEqualTo("UNFINISHED");
    assertThat(report.get("missing").get(0).get("stage").asText()).isEqualTo("encode");
    assertThat(report.get("missing").get(0).get("unit").asInt()).isZero();
  }

  @Test
  void saysOfEachStrangeFileWhetherARunWroteIt() throws IOException {
    Files.writeString(out.resolve("shards/parquet/part-0000009-000.parquet"), "mine");
    assertThat(verify(out).endedWith(1).out())
        .contains("unlisted  shards/parquet/part-0000009-000.parquet")
        .contains("no run wrote it: move it out of the folder");
  }

  @Test
  void aPublishedVersionIsWholeBesideTheFilesOfAnUnfinishedRun() throws IOException {
    Path waiting = out.resolve(".merganser-staged/" + "0a".repeat(16) + "/shards/parquet");
    Files.createDirectories(waiting);
    Files.writeString(waiting.resolve("part-0000000-000.parquet"), "of a run that was killed");
    assertThat(verify(out, "--full").endedWith(0).out())
        .contains("is whole", "a run is unfinished; its 1 file (24 bytes) wait in ");
    assertThat(verify(out, "--json").endedWith(0).out()).contains("\"unfinishedRun\" : {");
    assertThat(CommandLineRun.of("inspect", out.toString()).succeeded().out())
        .contains("a run that has not published its files has 1 file (24 bytes)");
  }

  @Test
  void anUnknownKeyOfTheJobInTheManifestIsDamage() throws IOException {
    OutputTree.delete(out.resolve("run"));
    Path manifest = out.resolve("manifest.json");
    Files.writeString(manifest, Files.readString(manifest).replace("specialText", "specialTmxt"));
    assertThat(verify(out, "--full").endedWith(1).out()).contains("specialTmxt");
  }

  @Test
  void aPublicationThatWasCutIsUnfinished() throws IOException {
    Files.writeString(out.resolve("run/commit.json"), "{}");
    assertThat(verify(out).endedWith(4).out()).contains("was cut", "completes it");
  }

  @Test
  void aFolderWithoutRunIsADatasetAllTheSame() throws IOException {
    OutputTree.delete(out.resolve("run"));
    verify(out, "--full").endedWith(0);
  }

  @Test
  void saysWhenTheSourceHasChanged() throws IOException {
    Path other = folder.resolve("other");
    Path texts = Files.createDirectory(folder.resolve("texts"));
    Path text = Files.writeString(texts.resolve("other.txt"), "one two three\n");
    String tokenizer = finished.resolve("tokenizer/tokenizer.json").toString();
    CommandLineRun.of(
            "encode", "--tokenizer", tokenizer, "--input", "" + text, "--output", "" + other)
        .succeeded();
    assertThat(verify(other, "--full").endedWith(0).out())
        .contains("1 document compared with its source");
    Files.writeString(text, "one two three four\n");
    String note = "note: unit 0 was not compared with its source: " + text;
    assertThat(verify(other, "--full").endedWith(0).out())
        .contains(note + " has changed since the last run");
    Files.delete(text);
    assertThat(verify(other, "--full").endedWith(0).out())
        .contains(note + " was deleted or moved since the last run");
    Files.delete(texts);
    Files.writeString(texts, "no folder");
    assertThat(verify(other, "--full").endedWith(0).out())
        .contains(note + " cannot be read now (", "Not a directory");
  }

  @Test
  void takesWhatTrainAndEmbedWrite() throws IOException {
    Path trained = folder.resolve("trained");
    Jobs.train(trained, "--input %s --vocab-size 300 --pattern gpt2", corpus);
    verify(trained, "--full").endedWith(0);
    Files.delete(trained.resolve("vocab.json"));
    assertThat(verify(trained).endedWith(1).out()).contains("missing  vocab.json");
    Path embedded = folder.resolve("embedded");
    CommandLineRun.line(
            "embed --run %s --table sample-data/embeddings.parquet --output %s", out, embedded)
        .succeeded();
    verify(embedded, "--full").endedWith(0);
  }

  @Test
  void refusesWhatIsNoOutput() {
    assertThat(verify(folder.resolve("nothing")).endedWith(1).err())
        .contains("there is no such folder");
    assertThat(verify(corpus).endedWith(1).err()).contains("was not written by a run");
  }

  /** Puts every file of the output into a store that is no local folder. */
  private String stored(String name) throws IOException {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    String folder = "mem://verify/" + name;
    for (String path : OutputTree.files(out)) {
      String location = folder + "/" + path;
      byte[] bytes = Files.readAllBytes(out.resolve(path));
      FileStore.of(location).publish(location, to -> to.write(bytes));
    }
    return folder;
  }

  private static CommandLineRun verify(String output) {
    return CommandLineRun.of("verify", output, "--full");
  }

  @Test
  void findsInAnyFileSystemWhatItFindsInALocalFolder() throws IOException {
    String folder = stored("whole");
    FileStore store = FileStore.of(folder);
    assertThat(CommandLineRun.of("verify", folder).endedWith(0).out())
        .startsWith(folder + " is whole\n")
        .contains("note: not a local folder");
    assertThat(verify(folder).endedWith(0).out())
        .contains("16 rows read, 16 documents compared with their source");

    String shard = folder + "/shards/parquet/part-0000000-000.parquet";
    byte[] bytes = store.readAll(shard);
    bytes[bytes.length / 2] ^= 4;
    store.publish(shard, to -> to.write(bytes));
    store.publish(folder + "/shards/parquet/other", to -> to.write(1));
    store.delete(folder + "/embedded/rows.parquet");
    assertThat(verify(folder).endedWith(1).out())
        .startsWith(folder + " is damaged\n")
        .contains("  sha256  shards/parquet/part-0000000-000.parquet: ")
        .contains("  unlisted  shards/parquet/other: ")
        .contains("  missing  embedded/rows.parquet: ");

    store.delete(folder + "/manifest.json");
    assertThat(verify(folder).endedWith(4).out()).startsWith(folder + " is unfinished\n");
    assertThat(CommandLineRun.of("verify", "mem://verify/nothing").endedWith(1).err())
        .contains("mem://verify/nothing: there is no such folder");
    assertThat(CommandLineRun.of("verify", folder, "--ful").endedWith(2).err()).contains("--ful");
  }
}
