package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.checksum.Sha256;
import org.merganser.cli.CommandLineRun;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;

/** {@code corpus.append}: shards keep their names and bytes while the corpus grows. */
@Tag("run")
final class AppendTest {
  /** Opening a file counts like 8 KiB of text, of which a unit takes 4 MiB: several units. */
  private static final int FILES = 1200;

  @TempDir static Path folder;
  private Path own;
  private Path corpus;
  private String tokenizer = "";

  @BeforeEach
  void writeACorpus(TestInfo test) throws IOException {
    own = folder.resolve(test.getTestMethod().orElseThrow().getName());
    corpus = Files.createDirectories(own.resolve("corpus"));
    tokenizer = folder.resolve("tokenizer").toString();
    if (!Files.exists(Path.of(tokenizer))) {
      Jobs.train(tokenizer, "--input=sample-data/corpus --vocab-size=300 --pattern=gpt2");
    }
    for (int i = 0; i < FILES; i++) {
      add(i + "0", "document " + i);
    }
  }

  private void add(String name, String text) throws IOException {
    Files.writeString(
        corpus.resolve(String.format(Locale.ROOT, "%6s.txt", name).replace(' ', '0')), text);
  }

  private CommandLineRun run(Path out, String... settings) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                "pipelines/sample.yaml",
                "--set=corpus={inputs: ['" + corpus + "'], format: text, append: true}",
                "--set=tokenizer={load: '" + tokenizer + "'}",
                "--set=shards={formats: [bin]}",
                "--set=embeddings=null",
                "--set=learn=null",
                "--set=output=" + out));
    for (String setting : settings) {
      arguments.add(setting.startsWith("--") ? setting : "--set=" + setting);
    }
    return CommandLineRun.of(arguments.toArray(String[]::new));
  }

  private static JsonNode versions(Path out) throws IOException {
    return new ObjectMapper()
        .readTree(CommandLineRun.of("log", out.toString(), "--json").succeeded().out())
        .get("versions");
  }

  /** New files lie before, between and after the others in the order of paths. */
  private void grow() throws IOException {
    for (int i = 0; i < 900; i++) {
      add(i + "5", "a new document " + i);
    }
  }

  /** The commit tries a file in each folder that it changes, {@code states/…} among them. */
  @Test
  void aFirstRunThatWasKilledWhileItTriedTheFoldersIsNoVersion() throws IOException {
    Path out = own.resolve("out");
    Path version = Files.createDirectories(out.resolve("states").resolve("0".repeat(64)));
    Files.createFile(version.resolve(".tmp-merganser-probe-7"));
    Files.createDirectories(out.resolve("run"));
    Files.writeString(out.resolve("run/merganser.json"), "{}");
    run(out).succeeded();
    assertThat(versions(out)).hasSize(1);
    CommandLineRun.line("verify %s --full", out).succeeded();
  }

  @Test
  void newFilesGetNewShardsAndOldShardsStay() throws IOException {
    Path out = own.resolve("out");
    run(out).succeeded();
    SortedMap<String, String> before = new TreeMap<>(OutputTree.sums(out, "shards/"));
    String first = Sha256.of(Files.readAllBytes(out.resolve("manifest.json")));
    assertThat(versions(out)).hasSize(1);
    assertThat(OutputTree.files(out.resolve("states"))).contains(first + "/manifest.json");

    grow();
    run(out).succeeded();
    SortedMap<String, String> after = OutputTree.sums(out, "shards/");
    assertThat(after).containsAllEntriesOf(before).hasSizeGreaterThan(before.size());
    assertThat(versions(out).findValuesAsText("sha256")).hasSize(2).last().isEqualTo(first);
    assertThat(versions(out).get(0).get("parent").textValue()).isEqualTo(first);
    assertThat(versions(out).get(0).get("files").intValue()).isEqualTo(FILES + 900);
    assertThat(run(out).succeeded().out()).contains("Nothing to do");
    assertThat(CommandLineRun.of("verify", out.toString(), "--full").succeeded().out())
        .contains("is whole")
        .doesNotContain("states/");

    assertThat(
            CommandLineRun.of("verify", out.toString(), "--at", first.substring(0, 12))
                .succeeded()
                .out())
        .contains("is whole");
    String last = before.lastKey();
    Files.write(out.resolve(last), new byte[] {1});
    assertThat(CommandLineRun.of("verify", out.toString(), "--at", first).endedWith(1).out())
        .contains("size  " + last + ": 1 bytes, the manifest says ");
    assertThat(CommandLineRun.of("verify", out.toString(), "--at", "nil").endedWith(1).err())
        .contains("no version begins with nil");
    assertThat(CommandLineRun.of("verify", out.toString(), "--at", "").endedWith(1).err())
        .contains("no version begins with \"\"");
  }

  /** The same steps give the same bytes, in any folder. */
  @Test
  void theStepsDecideTheBytes() throws IOException {
    Path out = own.resolve("out");
    Path other = own.resolve("other");
    run(out).succeeded();
    run(other, "corpus.append=false").succeeded();
    grow();
    run(out).succeeded();
    run(other).succeeded();
    assertThat(OutputTree.sums(out, "shards/")).isEqualTo(OutputTree.sums(other, "shards/"));
    assertThat(Files.readAllBytes(out.resolve("inputs.jsonl")))
        .isEqualTo(Files.readAllBytes(other.resolve("inputs.jsonl")));
  }

  @Test
  void noLayoutOfAStateIsReplacedOrDeletedByAChangedKey() throws IOException {
    Path out = own.resolve("out");
    run(out).succeeded();
    SortedMap<String, String> before = OutputTree.sums(out);
    for (String change : List.of("shards.formats=[parquet]", "shards.bin.header=llmc")) {
      assertThat(run(out, change, "--replace").endedWith(2).err())
          .contains("has versions of corpus.append", change.substring(0, change.indexOf('=')));
      assertThat(OutputTree.sums(out)).isEqualTo(before);
    }
  }

  @Test
  void anInputThatIsGoneOrHasAnotherSizeIsRefused() throws IOException {
    Path out = own.resolve("out");
    run(out).succeeded();
    SortedMap<String, String> before = new TreeMap<>(OutputTree.sums(out, "shards/"));
    add("70", "longer than it was");
    assertThat(run(out).endedWith(8).err())
        .contains(
            "000070.txt (10 bytes when it was encoded, 18 since ", "corpus.changedFiles: keep");
    Files.delete(corpus.resolve("000070.txt"));
    assertThat(run(out).endedWith(8).err())
        .contains(
            "000070.txt (10 bytes when it was encoded, missing now)", "put it back as it was");
    assertThat(run(out, "corpus.exclude=['*70.txt']").endedWith(8).err())
        .contains("000070.txt (10 bytes when it was encoded, missing now)");
    add("70", "documenT 7");
    assertThat(run(out).endedWith(8).err())
        .contains("000070.txt (10 bytes when it was encoded, 10 since ", "put it back as it was");
    add("70", "document 7");
    run(out).succeeded();
    assertThat(OutputTree.sums(out, "shards/")).isEqualTo(before);
  }

  @Test
  void whatWouldChangeShardsIsRefused() {
    assertThat(
            run(own.resolve("out"), "tokenizer={train: {vocabSize: 300, pattern: gpt2}}")
                .endedWith(2)
                .err())
        .contains("corpus.append: cannot be combined with tokenizer.train");
    assertThat(run(own.resolve("out"), "corpus.deduplicate=exact").endedWith(2).err())
        .contains("corpus.append: cannot be combined with corpus.deduplicate");
  }
}
