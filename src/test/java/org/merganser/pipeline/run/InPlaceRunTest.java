package org.merganser.pipeline.run;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.checksum.Sha256;
import org.merganser.cli.CommandLineRun;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.store.FileStore;

/** Outputs on a store that has no rename: units are written in place, the rest is copied. */
@Tag("run")
final class InPlaceRunTest {
  @TempDir Path folder;
  private Path corpus;
  private String out;
  private FileStore store;

  @BeforeEach
  void writeACorpus() throws IOException {
    corpus = Files.createDirectories(folder.resolve("corpus"));
    Files.writeString(corpus.resolve("a.txt"), "one line\nanother line\n".repeat(20));
    out = "mem://" + folder.getFileName() + "/out";
    store = FileStore.of(out);
    Jobs.train(
        folder.resolve("trained"),
        "--input=%s --vocab-size=270 --pattern=gpt2 --special-token=<|endoftext|>",
        corpus.resolve("a.txt"));
  }

  private CommandLineRun run(Object output, String... more) {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("corpus.inputs=['" + corpus + "']", "corpus.format=lines"));
    all.addAll(List.of("tokenizer={load: '" + folder + "/trained'}"));
    all.addAll(List.of("shards.groupBy=null", "embeddings=null", "learn=null"));
    all.addAll(List.of(more));
    return Jobs.sample(output, all.toArray(String[]::new));
  }

  private SortedMap<String, String> sums(String root) throws IOException {
    SortedMap<String, String> sums = new TreeMap<>();
    FileStore files = FileStore.of(root);
    for (FileStore.Entry entry : files.listFolder(root)) {
      String path = files.pathWithin(root, entry.location());
      if (!path.startsWith("run/") && !path.equals("report.html")) {
        sums.put(path, Sha256.of(files.readAll(entry.location())));
      }
    }
    return sums;
  }

  private void equalsALocalRun(String... settings) throws IOException {
    Path local = folder.resolve("local-" + settings.length);
    run(local, settings).succeeded();
    assertThat(sums(out)).isEqualTo(sums(local.toString()));
  }

  @Test
  void aFirstRunAndAReplacementHaveTheBytesOfLocalOnes() throws IOException {
    run(out).succeeded();
    equalsALocalRun();
    CommandLineRun.of("verify", out, "--full").succeeded();
    assertThat(run(out).succeeded().out()).contains("Nothing to do");
    assertThat(run(out, "shards.endOfDocument=null").endedWith(2).err()).contains("--replace");
    run(out, "shards.endOfDocument=null", "--replace").succeeded();
    equalsALocalRun("shards.endOfDocument=null");
  }

  @Test
  void aRunThatFailsBeforeItsFirstUnitLeavesThePublishedVersion() throws IOException {
    run(out, "corpus.append=true").succeeded();
    SortedMap<String, String> before = sums(out);
    Files.writeString(
        corpus.resolve("b.txt"), new String(new byte[] {(byte) 0xFF, 10}, ISO_8859_1), ISO_8859_1);
    run(out, "corpus.append=true").endedWith(3); // the new file waits
    assertThat(sums(out)).containsAllEntriesOf(before);
    CommandLineRun.of("verify", out).succeeded();
  }

  @Test
  void aNightAddsUnitsAndKeepsTheVersionBefore() throws IOException {
    run(out, "corpus.append=true").succeeded();
    SortedMap<String, String> before = sums(out);
    Files.writeString(corpus.resolve("b.txt"), "a third line\n".repeat(30));
    run(out, "corpus.append=true").succeeded();
    assertThat(sums(out))
        .containsAllEntriesOf(new TreeMap<>(before.headMap("shards/z").tailMap("shards/")))
        .containsKey("shards/parquet/part-0000001-000.parquet");
    assertThat(CommandLineRun.of("log", out).succeeded().out()).contains(" 40 ", " 70 ");
    CommandLineRun.of("verify", out, "--full").succeeded();
  }

  @Test
  void aReadmeOfTheUserIsKept() throws IOException {
    run(out).succeeded();
    byte[] mine = {'#', ' ', 'M', 'i', 'n', 'e'};
    store.publish(out + "/README.md", stream -> stream.write(mine));
    assertThat(run(out, "shards.endOfDocument=null", "--replace").succeeded().out())
        .contains("README.md is not the one that the last run wrote, so it is kept");
    assertThat(store.readAll(out + "/README.md")).isEqualTo(mine);
    CommandLineRun.of("verify", out, "--full").succeeded();
  }

  /** What a unit was about to publish is known by its begun receipt, and deleted. */
  @Test
  void whatAKilledUnitHasPublishedIsDeleted() throws IOException {
    run(out).succeeded();
    String shard = out + "/shards/parquet/part-0000009-000.parquet";
    String f = "0123456789abcdef".repeat(2);
    store.publish(shard, stream -> stream.write(1));
    assertThat(run(out).succeeded().out()).contains("Nothing to do"); // no run wrote it
    try (UnitFiles files = new UnitFiles(RunPaths.of(OutputPaths.of(out), f))) {
      files.write(OutputPaths.shard(false, "", 9, 0), new byte[] {1});
      files.publish(9, "encode", f);
    }
    String receipt = out + "/run/units/" + f + "/0000009";
    FileStore.publish(receipt + ".begun", store.readAll(receipt + ".json"));
    store.delete(receipt + ".json");
    assertThat(run(out).succeeded().out()).doesNotContain("Nothing to do");
    assertThat(store.exists(shard)).isFalse();
    CommandLineRun.of("verify", out).succeeded();
  }
}
