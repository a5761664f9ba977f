package org.merganser.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;

/** What may lie in and around an output folder, and what a run does with it. */
@Tag("run")
final class OutputFolderTest {
  @TempDir Path folder;
  private Path corpus;
  private Path out;

  @BeforeEach
  void writeACorpus() throws IOException {
    corpus = Files.createDirectories(folder.resolve("corpus"));
    Files.createDirectories(corpus.resolve("sub"));
    out = folder.resolve("out");
    Files.writeString(corpus.resolve("a.txt"), "one line\nanother line\n".repeat(20));
    Files.writeString(corpus.resolve("sub/b.txt"), "a third line\n");
  }

  private CommandLineRun run(Object inputs, Object output, String... more) {
    return Jobs.lean(
        output,
        List.of(
            "corpus={inputs: ['" + inputs + "'], format: lines}",
            "shards.groupBy=null",
            "embeddings=null",
            "tokenizer.train.vocabSize=300"),
        more);
  }

  private void isRefused(Object inputs, Path output, String... more) throws IOException {
    List<String> before = OutputTree.files(folder);
    CommandLineRun ran = run(inputs, output, more);
    assertThat(ran.exitCode()).as("%s", ran.out()).isEqualTo(2);
    assertThat(ran.err()).contains(output.toString()).contains("name a").doesNotContain("\tat ");
    assertThat(OutputTree.files(folder)).isEqualTo(before);
  }

  @Test
  void anOutputThatAnInputWouldReadIsRefused() throws IOException {
    isRefused(corpus, corpus.resolve("out"));
    isRefused(corpus, corpus.resolve("new/deep/out"));
    isRefused(corpus + "/**", corpus.resolve("sub/out"));
    isRefused(corpus + "/*/*.txt", corpus.resolve("out"));
    isRefused(corpus, corpus);
    isRefused(corpus, corpus.resolve("../corpus/out"));
  }

  @Test
  void anOutputThatHoldsAnInputIsRefused() throws IOException {
    Files.createDirectories(folder.resolve("run"));
    Files.writeString(folder.resolve("run/merganser.json"), "{}"); // as if it were a run's
    isRefused(corpus, folder);
    isRefused(corpus + "/*.txt", folder);
    isRefused(corpus.resolve("a.txt"), corpus.getParent());
    isRefused(corpus, folder, "tokenizer.train.inputs=['/']".replace("/", corpus + "/a.txt"));
  }

  @Test
  void linksHideNeitherAnInputNorAnOutput() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), corpus);
    isRefused(link, corpus.resolve("out"));
    isRefused(corpus, link.resolve("out"));
    isRefused(link + "/**", link.resolve("out"));
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere/deep"));
    Files.writeString(elsewhere.resolve("c.txt"), "x\n");
    Files.createSymbolicLink(corpus.resolve("linked"), elsewhere.getParent());
    isRefused(corpus, elsewhere.resolveSibling("out"));
    isRefused(corpus, elsewhere);
  }

  @Test
  void anOutputBesideWhatAGlobReadsIsAllowed() {
    run(corpus + "/*.txt", corpus.resolve("out")).succeeded();
    assertThat(run(corpus + "/*.txt", corpus.resolve("out")).succeeded().out())
        .contains("Nothing to do");
  }

  @Test
  void aTableOrTokenizerThatTheRunWouldDeleteIsRefused() throws IOException {
    run(corpus, out).succeeded();
    isRefused(corpus, out, "tokenizer={load: '" + out + "/tokenizer/tokenizer.json'}");
    isRefused(corpus, out, "embeddings={table: '" + out + "/embedded/t.parquet'}");
  }

  @Test
  void nothingBehindALinkInTheOutputIsDeleted() throws IOException {
    run(corpus, out).succeeded();
    Path mine = Files.createDirectories(folder.resolve("mine"));
    Files.writeString(mine.resolve("letter"), "x");
    Files.writeString(mine.resolve(".tmp-merganser-0123"), "x");
    Files.writeString(mine.resolve("0000000.json"), "{}");
    for (String place :
        List.of("shards/parquet/l", "run/units/l", "run/plan/l", "run/workers/l", "l")) {
      Files.createDirectories(out.resolve(place).getParent());
      Files.createSymbolicLink(out.resolve(place), mine);
    }
    Files.createSymbolicLink(out.resolve("shards/file"), mine.resolve("letter"));
    Files.createSymbolicLink(out.resolve("shards/nothing"), folder.resolve("nothing"));
    run(corpus, out, "tokenizer.train.vocabSize=310", "--replace").succeeded();
    assertThat(OutputTree.files(mine))
        .containsExactly(".tmp-merganser-0123", "0000000.json", "letter");
    for (String link : List.of("shards/parquet/l", "shards/file", "shards/nothing", "l")) {
      assertThat(Files.isSymbolicLink(out.resolve(link))).as(link).isTrue();
    }
  }

  @Test
  void whatARunWroteIsDeletedThroughALink() throws IOException {
    run(corpus, out, "shards.formats=[npy]").succeeded();
    Path disk = Files.move(out.resolve("shards/parquet"), folder.resolve("disk"));
    Files.createSymbolicLink(out.resolve("shards/parquet"), disk);
    Files.writeString(disk.resolve("notes.txt"), "mine");
    Files.writeString(disk.resolve(".tmp-merganser-1"), "of a writer that was killed");
    String stale = "part-0000000-000.parquet";
    assertThat(disk.resolve(stale)).exists();
    Files.delete(corpus.resolve("sub/b.txt"));
    run(corpus, out, "shards.partitionBy=lang", "shards.formats=[npy]", "--replace").succeeded();
    assertThat(OutputTree.files(disk))
        .contains("notes.txt")
        .doesNotContain(stale, ".tmp-merganser-1")
        .anyMatch(path -> path.endsWith("/" + stale));
    assertThat(CommandLineRun.of("verify", out.toString()).endedWith(1).out())
        .contains("unlisted  shards/parquet/notes.txt", "no run wrote it");
  }

  @Test
  void shardsOnAnotherDiskBehindALinkStayThere() throws IOException {
    run(corpus, out).succeeded();
    Path disk = Files.move(out.resolve("shards/parquet"), folder.resolve("disk"));
    Files.createSymbolicLink(out.resolve("shards/parquet"), disk);
    assertThat(run(corpus, out).succeeded().out()).contains("Nothing to do");
    CommandLineRun.of("verify", "--full", out.toString()).succeeded();
    run(corpus, out, "tokenizer.train.vocabSize=310", "--replace").succeeded();
    assertThat(Files.isSymbolicLink(out.resolve("shards/parquet"))).isTrue();
    CommandLineRun.of("verify", "--full", out.toString()).succeeded();
  }

  @Test
  void aFileOfSomebodyElseInTheFoldersStaysAndIsNamed() throws IOException {
    run(corpus, out).succeeded();
    List<String> stray = List.of("dead-letters/x", "learned/y/z", "shards/parquet/mine.parquet");
    List<String> inRun = List.of("run/mine/a.txt", "run/plan/mine.jsonl", "run/units/x.json");
    Files.writeString(out.resolve("notes.txt"), "mine");
    for (String path : stray) {
      Files.createDirectories(out.resolve(path).getParent());
      Files.writeString(out.resolve(path), "x");
    }
    for (String path : inRun) {
      Files.createDirectories(out.resolve(path).getParent());
      Files.writeString(out.resolve(path), "x");
    }
    assertThat(run(corpus, out).succeeded().out()).contains("Nothing to do");
    assertThat(CommandLineRun.of("verify", out.toString()).endedWith(1).out())
        .contains(stray.stream().map(path -> "unlisted  " + path).toList())
        .doesNotContain("mine/a.txt", "notes.txt");
    CommandLineRun ran = run(corpus, out, "tokenizer.train.vocabSize=310", "--replace").succeeded();
    assertThat(ran.out())
        .containsPattern("other files +6 left alone in its folders: dead-letters/x, learned/y/z, ");
    for (String path : List.of("notes.txt", "run/mine/a.txt", "run/plan/mine.jsonl")) {
      assertThat(out.resolve(path)).exists();
    }
    for (String path : stray) {
      assertThat(out.resolve(path)).exists();
      Files.delete(out.resolve(path));
    }
    assertThat(out.resolve("run/units/x.json")).exists();
    CommandLineRun.of("verify", out.toString()).succeeded();
  }

  @Test
  void aFileWithTheNameOfAShardThatNoUnitWroteStays() throws IOException {
    run(corpus, out).succeeded();
    List<String> mine =
        List.of(
            "shards/parquet/part-0000000-001.parquet",
            "shards/parquet/part-0000099-000.parquet",
            "dead-letters/part-0000099.jsonl.zst");
    for (String path : mine) {
      Files.createDirectories(out.resolve(path).getParent());
      Files.writeString(out.resolve(path), "mine");
    }
    assertThat(run(corpus, out).succeeded().out()).contains("Nothing to do");
    assertThat(run(corpus, out, "tokenizer.train.vocabSize=310", "--replace").succeeded().out())
        .contains("other files", "3 left alone in its folders: dead-letters/part-0000099.jsonl");
    assertThat(mine).allMatch(path -> Files.exists(out.resolve(path)));
    assertThat(CommandLineRun.of("verify", out.toString()).endedWith(1).out())
        .contains(mine.stream().map(path -> "unlisted  " + path).toList());
  }

  @Test
  void anOutputInTheFoldersOfAnotherRunIsRefusedAndNeverSwept() throws IOException {
    run(corpus, out).succeeded();
    for (String inner : List.of("validation/held", "shards/parquet/x", "run/plan/x", "tokenizer")) {
      isRefused(corpus, out.resolve(inner));
    }
    Path held = folder.resolve("held");
    run(corpus.resolve("a.txt"), held).succeeded();
    Path moved = out.resolve("validation/held");
    Files.createDirectories(moved.getParent());
    Files.move(held, moved);
    Path draft = moved.resolve("shards/.tmp-merganser-1");
    Files.writeString(draft, "of a writer that lives");
    List<String> before = OutputTree.files(moved);
    Files.writeString(corpus.resolve("c.txt"), "a new line\n");
    assertThat(run(corpus, out).succeeded().out())
        .containsPattern("other files +1 left alone in its folders: validation/held/");
    assertThat(OutputTree.files(moved)).isEqualTo(before);
    Files.delete(draft);
    CommandLineRun.of("verify", moved.toString()).succeeded();
    CommandLineRun.of("verify", out.toString()).endedWith(1);
  }

  @Test
  void anOuterRunDoesNotTakeOverTheFolderOfAnInnerOne() throws IOException {
    run(corpus, out.resolve("validation/held")).succeeded();
    isRefused(corpus, out);
  }

  @Test
  void anotherJobReplacesAResultOnlyWhenAskedTo() throws IOException {
    run(corpus, out).succeeded();
    var before = OutputTree.sums(out);
    CommandLineRun refused = run(corpus, out, "tokenizer.train.vocabSize=310").endedWith(2);
    assertThat(refused.err())
        .contains("tokenizer.train.vocabSize: 300 (now 310)")
        .contains("would replace or delete those of its")
        .contains("--replace");
    assertThat(run(corpus, out, "shards.endOfDocument=null").endedWith(2).err())
        .contains("shards.endOfDocument: \"<|endoftext|>\" (now null)");
    assertThat(OutputTree.sums(out)).isEqualTo(before);
    run(corpus, out, "tokenizer.train.vocabSize=310", "--replace").succeeded();
    assertThat(OutputTree.sums(out)).isNotEqualTo(before);
    run(corpus, out, "tokenizer.train.vocabSize=300", "--replace").succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(before);
  }

  @Test
  void moreFormatsAndEmbeddingsNeedNoFlagAndOtherInputsDo() throws IOException {
    run(corpus, out).succeeded();
    assertThat(run(corpus.resolve("a.txt"), out).endedWith(2).err())
        .contains("corpus.inputs: ", ", which decides documents", "add --replace");
    run(corpus.resolve("a.txt"), out, "--replace").succeeded();
    String npy = "shards.formats=[parquet, npy]";
    run(corpus.resolve("a.txt"), out, npy).succeeded();
    String table = "embeddings={table: 'sample-data/embeddings.parquet', output: [%s]}";
    run(corpus.resolve("a.txt"), out, npy, table.formatted("rows")).succeeded();
    String both = table.formatted("rows, pooled");
    run(corpus.resolve("a.txt"), out, npy, both, "corpus.maxDeadLetterRate=0.5").succeeded();
  }

  @Test
  void whatAJobLeavesOutIsNotDeletedWithoutAFlag() throws IOException {
    String table = "embeddings={table: 'sample-data/embeddings.parquet', output: [%s]}";
    String npy = "shards.formats=[npy]";
    run(corpus, out, npy, table.formatted("rows, pooled")).succeeded();
    var before = OutputTree.sums(out);
    assertThat(run(corpus, out, table.formatted("rows, pooled")).endedWith(2).err())
        .contains("shards.formats: [\"npy\"] (now [\"parquet\"])")
        .contains("would replace or delete those of its", "add --replace");
    assertThat(run(corpus, out, npy, table.formatted("rows")).endedWith(2).err())
        .contains("embeddings.output: [\"rows\",\"pooled\"] (now [\"rows\"])");
    assertThat(run(corpus, out, npy).endedWith(2).err()).contains("embeddings: {");
    assertThat(OutputTree.sums(out)).isEqualTo(before);
    run(corpus, out, npy, table.formatted("rows"), "--replace").succeeded();
    assertThat(OutputTree.sums(out, "embedded/")).containsOnlyKeys("embedded/rows.parquet");
  }

  @Test
  void aCommandDoesNotDeleteWhatAnotherMadeOfARun() throws IOException {
    run(corpus, out).succeeded();
    Path other = folder.resolve("other");
    run(corpus.resolve("a.txt"), other).succeeded();
    Path made = folder.resolve("made");
    String convert = "convert %s --to %s --output " + made;
    CommandLineRun.line(convert, out, "megatron").succeeded();
    var before = OutputTree.sums(made);
    List<CommandLineRun> refused =
        List.of(
            CommandLineRun.line(convert, out, "bin"),
            CommandLineRun.line(convert, other, "megatron"),
            CommandLineRun.line("merge %s --to megatron --output %s", out, made),
            CommandLineRun.line(
                "embed %s --table sample-data/embeddings.parquet --output %s", out, made),
            CommandLineRun.line(
                "train --input %s --pattern gpt2 --vocab-size 300 --output %s", corpus, made));
    for (CommandLineRun command : refused) {
      assertThat(command.endedWith(2).err()).contains("add --replace");
      assertThat(OutputTree.sums(made)).isEqualTo(before);
    }
    byte[] manifest = Files.readAllBytes(made.resolve("manifest.json"));
    Files.write(made.resolve("manifest.json"), Arrays.copyOf(manifest, manifest.length / 2));
    assertThat(CommandLineRun.line(convert, out, "bin").endedWith(2).err())
        .contains("those of its files (manifest.json, which lists them, is damaged or missing)")
        .contains("add --replace");
    CommandLineRun.line(convert, out, "megatron").succeeded();
    assertThat(OutputTree.sums(made)).as("made whole again").isEqualTo(before);
    CommandLineRun.line(convert, out + "/./", "bin,megatron").succeeded();
    assertThat(OutputTree.sums(made)).containsKeys("shards/megatron/part-0000000-000.idx");
    CommandLineRun.line(convert + " --replace", out, "bin").succeeded();
    assertThat(OutputTree.sums(made, "shards/megatron/")).isEmpty();
  }
}
