package org.merganser.pipeline.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.json.Json;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;

/** Nights of corpus.append on which files are cut, damaged, young or changed. */
@Tag("run")
final class NightsTest {
  @TempDir static Path folder;
  private static Path tokenizer;
  private Path own;
  private Path corpus;
  private Path out;

  @BeforeAll
  static void trainATokenizer() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "low lower lowest ".repeat(20));
    tokenizer = folder.resolve("t");
    Jobs.train(tokenizer, "--input %s --vocab-size 300 --pattern qwen2", text);
  }

  @BeforeEach
  void theFirstNight(TestInfo test) throws IOException {
    own = folder.resolve(test.getTestMethod().orElseThrow().getName());
    corpus = Files.createDirectories(own.resolve("corpus"));
    out = own.resolve("out");
    write("day1.jsonl", records("one", 3));
    run().succeeded();
  }

  private static String records(String text, int count) {
    return ("{\"text\": \"low " + text + "\"}\n").repeat(count);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(corpus.resolve(name), text);
  }

  private CommandLineRun run(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "run",
                "pipelines/sample.yaml",
                "--set=corpus={inputs: ['" + corpus + "'], append: true}",
                "--set=tokenizer={load: '" + tokenizer + "'}",
                "--set=shards={formats: [parquet, npy]}",
                "--set=embeddings=null",
                "--set=learn=null",
                "--set=output=" + out));
    for (String setting : more) {
      words.add(setting.startsWith("--") ? setting : "--set=" + setting);
    }
    return CommandLineRun.of(words.toArray(String[]::new));
  }

  private String inputs() throws IOException {
    return Files.readString(out.resolve("inputs.jsonl"));
  }

  private String manifest() throws IOException {
    return Files.readString(out.resolve("manifest.json"));
  }

  private SortedMap<String, String> shards() throws IOException {
    return new TreeMap<>(OutputTree.sums(out, "shards/"));
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private void verify() {
    assertThat(CommandLineRun.of("verify", out.toString(), "--full").succeeded().out())
        .contains("is whole");
  }

  private static final String BAD = "{\"te\n{\"text\": 7}\n";

  @Test
  void theNightSaysFirstWhatItAdded() throws IOException {
    write("day2.jsonl", records("two", 2));
    write("day3.jsonl", records("three", 5) + BAD);
    assertThat(run().endedWith(3).out())
        .containsPattern(
            "(?m)^added 1 file, 2 documents, \\d+ tokens; 1 file waits; total 5 documents$");
    CommandLineRun nothing = run("--json").endedWith(3);
    JsonNode night = Json.MAPPER.readTree(nothing.out()).path("night");
    assertThat(night.toString())
        .isEqualTo("{\"files\":0,\"documents\":0,\"tokens\":0,\"waiting\":1,\"allDocuments\":5}");
    assertThat(run().endedWith(3).out())
        .contains("added nothing; 1 file waits; total 5 documents")
        .doesNotContain(" encoded, ");
  }

  /** A run that read waiting files again after it had found them would never end. */
  @Test
  void newAndChangedFilesWithTooManyDeadLettersWaitAlsoIfAllIsEncodedAgain() throws IOException {
    write("day2.jsonl", records("two", 2));
    run().succeeded();
    write("day1.jsonl", records("one", 4));
    write("day2.jsonl", records("two", 3) + BAD);
    write("day3.jsonl", records("three", 5) + BAD);
    CommandLineRun again = run("--replace").endedWith(3);
    assertThat(again.err()).contains("2 new files wait", "day2.jsonl", "day3.jsonl");
    assertThat(inputs()).contains("day1.jsonl").doesNotContain("day2.jsonl", "day3.jsonl");
    verify();
  }

  @Test
  void aDamagedListOfAcceptedFilesIsNamed() throws IOException {
    Files.writeString(out.resolve("run/accepted.jsonl"), "{\"path\": \n");
    write("day2.jsonl", records("two", 2));
    assertThat(run().endedWith(8).err())
        .contains("run/accepted.jsonl: is damaged", "delete it, run again");
  }

  @Test
  void theLastLinesAndTwoCommandsShowTheBadLineOfAWaitingFile() throws IOException {
    write("day2.jsonl", records("two", 3) + BAD);
    String place = "the first: day2.jsonl, line 4, byte " + records("two", 3).length();
    List<String> last = run().endedWith(3).err().lines().toList();
    assertThat(last.subList(last.size() - 5, last.size()))
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("merganser: 1 new file waits for the next run:"),
            line -> assertThat(line).startsWith("  day2.jsonl has too many dead letters (inv"),
            line -> assertThat(line).startsWith("  " + place + ": invalid-json: "),
            line -> assertThat(line).endsWith("cat " + out + " --dead-letters --waiting"),
            line -> assertThat(line).endsWith(" --accept day2.jsonl"));
    assertThat(CommandLineRun.of("inspect", out.toString(), "--skipped").succeeded().out())
        .contains("waits: has too many dead letters", place);
    assertThat(
            CommandLineRun.of("cat", out.toString(), "--dead-letters", "--waiting")
                .succeeded()
                .out())
        .contains("invalid-json", "{\"te", "text-not-string", "{\"text\": 7}");
  }

  @Test
  void aFileIsAcceptedOnceForGoodWithTheBytesThatItHas() throws IOException {
    run("--accept=day2.jsonl").endedWith(2);
    write("day2.jsonl", records("two", 3) + BAD);
    run().endedWith(3);
    assertThat(run("--accept=day9.jsonl").endedWith(2).err())
        .contains("--accept day9.jsonl: this is no file that waits", "there are day2.jsonl");
    run("--accept=day1.jsonl").endedWith(2);
    assertThat(run("--accept=day2.jsonl").succeeded().out())
        .contains("added 1 file, 3 documents", "of files that were accepted")
        .doesNotContain("NOT WHOLE");
    assertThat(inputs().lines().filter(line -> line.contains("\"accepted\":true")))
        .singleElement()
        .asString()
        .contains("day2.jsonl");
    assertThat(CommandLineRun.of("log", out.toString()).succeeded().out())
        .containsOnlyOnce("accepted: day2.jsonl, with 2 dead letters");
    assertThat(run().succeeded().out()).contains("Nothing to do", "added nothing");
    write("day3.jsonl", records("three", 1));
    assertThat(run().succeeded().out()).contains("added 1 file, 1 document");
    assertThat(inputs()).containsOnlyOnce("\"accepted\":true");
    assertThat(CommandLineRun.of("log", out.toString()).succeeded().out())
        .containsOnlyOnce("accepted: day2.jsonl");
    write("day4.jsonl", records("four", 1) + BAD);
    run().endedWith(3);
    verify();
  }

  @Test
  void anAcceptedFileThatChangesBeforeItIsEncodedWaitsAgain() throws IOException {
    write("day2.jsonl", records("two", 3) + BAD);
    run().endedWith(3);
    Files.writeString(
        out.resolve("run/accepted.jsonl"),
        "{\"path\":\"day2.jsonl\",\"sha256\":\"" + "0".repeat(64) + "\"}\n");
    run().endedWith(3);
    run("--accept=day2.jsonl").succeeded();
  }

  /** The limits hold for what a night adds, not for what the output has from earlier nights. */
  @Test
  void aNightAfterOneThatAcceptedEverythingSucceeds() throws IOException {
    write("day2.jsonl", records("two", 3) + BAD);
    run("corpus.maxDeadLetterRate=1").succeeded();
    write("day3.jsonl", records("three", 2));
    run().succeeded();
    run().succeeded();
  }

  @Test
  void aRenamedFileIsFoundByItsBytes() throws IOException {
    Files.move(corpus.resolve("day1.jsonl"), corpus.resolve("monday.jsonl"));
    assertThat(run().endedWith(8).err())
        .contains("day1.jsonl", "missing now; monday.jsonl has its bytes: only its old name keeps");
    Files.move(corpus.resolve("monday.jsonl"), corpus.resolve("day1.jsonl"));
    run().succeeded();
  }

  /** A mistake that was never right ends with 2; what an earlier run read and is gone, with 8. */
  @Test
  void whatAnEarlierRunReadAndIsGoneIsNoMistakeInTheJob() throws IOException {
    String never = "--set=output=" + own.resolve("never");
    Path there = own.resolve("kept");
    Files.move(corpus, there);
    assertThat(run().endedWith(8).err())
        .contains("does not exist", "The last run into " + out + " read it");
    run(never).endedWith(2);
    Files.createDirectories(corpus);
    run().endedWith(8);
    run(never).endedWith(2);
    Files.delete(corpus);
    Files.move(there, corpus);
    String copied = own.resolve("tokenizer").toString();
    String load = "tokenizer={load: '" + copied + "'}";
    OutputTree.copy(tokenizer, Path.of(copied));
    String other = "--set=output=" + own.resolve("other");
    run(load, other).succeeded();
    OutputTree.delete(Path.of(copied));
    assertThat(run(load, other).endedWith(8).err()).contains("tokenizer.load", "The last run into");
    run(load, never).endedWith(2);
  }

  @Test
  void aFileThatIsCutWaitsUntilItIsWhole() throws IOException {
    SortedMap<String, String> first = shards();
    byte[] day2 = gzip(records("two", 200));
    Files.write(corpus.resolve("day2.jsonl.gz"), Arrays.copyOf(day2, day2.length / 2));
    write("day3.jsonl", records("three", 2));
    for (int night = 2; night <= 3; night++) {
      CommandLineRun run = run().endedWith(3);
      assertThat(run.out())
          .contains("day2.jsonl.gz waits for the next run: it is cut or damaged (truncated 1)")
          .containsPattern("documents +5\n");
      assertThat(inputs()).contains("day1.jsonl", "day3.jsonl").doesNotContain("day2");
      assertThat(manifest()).doesNotContain("day2");
      assertThat(Files.readString(out.resolve("run/skipped.jsonl")))
          .contains("day2.jsonl.gz", "waits: is cut or damaged");
      assertThat(OutputTree.files(out)).noneMatch(file -> file.startsWith("dead-letters/"));
      assertThat(shards()).containsAllEntriesOf(first);
      verify();
    }
    String withoutIt = manifest();
    write("day4.jsonl", records("four", 1));
    run().endedWith(3);
    assertThat(inputs()).contains("day4.jsonl");
    SortedMap<String, String> before = shards();
    Files.write(corpus.resolve("day2.jsonl.gz"), day2);
    assertThat(run().succeeded().out()).containsPattern("documents +206\n");
    assertThat(inputs()).contains("day2.jsonl.gz");
    assertThat(shards()).containsAllEntriesOf(before);
    assertThat(run().succeeded().out()).contains("Nothing to do");
    verify();

    // The same corpus in another folder that never saw the file, up to the third night.
    Path other = own.resolve("other");
    Path kept = Files.move(corpus.resolve("day2.jsonl.gz"), own.resolve("kept"));
    Path day4 = Files.move(corpus.resolve("day4.jsonl"), own.resolve("day4"));
    Path day3 = Files.move(corpus.resolve("day3.jsonl"), own.resolve("day3"));
    out = other;
    run().succeeded();
    Files.move(day3, corpus.resolve("day3.jsonl"));
    run().succeeded();
    assertThat(manifest()).isEqualTo(withoutIt);
    Files.move(kept, corpus.resolve("day2.jsonl.gz"));
    Files.move(day4, corpus.resolve("day4.jsonl"));
  }

  @Test
  void aFileOfTooManyDeadRecordsWaitsAndOneIsTakenAsItIsAtOne() throws IOException {
    String before = manifest();
    write("day2.jsonl", "{\"x\": 1}\n" + records("two", 99));
    assertThat(run().endedWith(3).out())
        .contains(
            "day2.jsonl waits for the next run: it has too many dead letters (missing-text 1)");
    assertThat(manifest()).isEqualTo(before); // all new files wait
    verify();
    assertThat(run("corpus.maxDeadLetterRate=0.01").succeeded().out())
        .containsPattern("documents +102\n");
    write("day3.jsonl", "{\"x\": 1}\n".repeat(2));
    run("corpus.maxDeadLetterRate=1").succeeded();
    assertThat(inputs()).contains("day3.jsonl");
    run("corpus.maxDeadLetterRate=1").succeeded();
  }

  @Test
  void theFirstNightMayHaveNothingButFilesThatWait() throws IOException {
    Files.delete(corpus.resolve("day1.jsonl"));
    write("day2.jsonl", "{\"x\": 1}\n");
    out = own.resolve("fresh");
    for (int night = 1; night <= 2; night++) {
      assertThat(run().endedWith(3).err())
          .contains("no document was kept: every file of the inputs waits for a later run")
          .contains("day2.jsonl");
      assertThat(out.resolve("manifest.json")).doesNotExist();
    }
    write("day3.jsonl", records("three", 1));
    run().endedWith(3);
    Files.delete(corpus.resolve("day2.jsonl"));
    assertThat(run().succeeded().out()).contains("Nothing to do");
  }

  @Test
  void aYoungFileWaits() throws IOException {
    write("day2.jsonl", records("two", 1));
    run("corpus.minAge=10min").succeeded();
    assertThat(inputs()).doesNotContain("day2.jsonl");
    assertThat(run("corpus.minAge=10min").succeeded().out()).contains("Nothing to do");
    assertThat(CommandLineRun.of("inspect", out.toString(), "--skipped").succeeded().out())
        .contains("day2.jsonl  (waits: younger than corpus.minAge 10min)");
    write("day3.jsonl", records("three", 1));
    assertThat(run("corpus.minAge=1h").succeeded().out())
        .contains("look: day2.jsonl, day3.jsonl wait: younger than corpus.minAge 1h");
    Files.delete(corpus.resolve("day3.jsonl"));
    FileTime old = FileTime.from(Instant.now().minusSeconds(601));
    Files.setLastModifiedTime(corpus.resolve("day2.jsonl"), old);
    run("corpus.minAge=10min").succeeded();
    assertThat(inputs()).contains("day2.jsonl");
    assertThat(run("corpus.minAge=10 m").endedWith(2).err())
        .contains("corpus.minAge: \"10 m\" is no age such as 30s, 10min, 2h or 1d");
    assertThat(run("corpus.append=false", "corpus.changedFiles=keep").endedWith(2).err())
        .contains("corpus.changedFiles: has no effect without corpus.append: true");
  }

  @Test
  void aMissingFileEndsWithEightAndEachOfThreeWaysGoesOn() throws IOException {
    write("day2.jsonl", records("two", 2));
    write("day0.jsonl", records("zero", 2)); // before day1 in the listing, after it in the plan
    run().succeeded();
    SortedMap<String, String> before = shards();
    String oldInputs = inputs();
    Path day0 = Files.move(corpus.resolve("day0.jsonl"), own.resolve("day0"));
    Path day1 = Files.move(corpus.resolve("day1.jsonl"), own.resolve("day1"));
    write("day3.jsonl", records("three", 1));
    assertThat(run().endedWith(8).err())
        .contains("day1.jsonl (60 bytes when it was encoded, missing now)", "day0.jsonl (")
        .contains("put it back as it was", "corpus.changedFiles: keep", "--replace");
    assertThat(inputs()).isEqualTo(oldInputs);
    String keep = "corpus.changedFiles=keep";
    assertThat(run(keep).succeeded().err()).contains("kept as they were: day1.jsonl (");
    assertThat(inputs()).contains(oldInputs.strip()).contains("day3.jsonl");
    assertThat(shards()).containsAllEntriesOf(before);
    assertThat(CommandLineRun.of("inspect", out.toString(), "--skipped").succeeded().out())
        .contains("day1.jsonl  (changed after it was encoded, kept as it was)");
    assertThat(run(keep).succeeded().out()).contains("Nothing to do");
    assertThat(CommandLineRun.of("verify", out.toString(), "--full").succeeded().out())
        .contains("is whole", "day1.jsonl was deleted or moved since the last run");
    write("day4.jsonl", records("four", 1));
    run(keep).succeeded();
    Files.move(day1, corpus.resolve("day1.jsonl"));
    Files.move(day0, corpus.resolve("day0.jsonl"));
    assertThat(run().succeeded().out()).containsPattern("units +0 encoded, 4 kept");
    verify();

    Files.delete(corpus.resolve("day0.jsonl"));
    assertThat(run("--replace").succeeded().out()).containsPattern("documents +7\n");
    assertThat(inputs()).doesNotContain("day0.jsonl");
    assertThat(run().succeeded().out()).contains("Nothing to do");
    verify();
  }

  @Test
  void aChangedFileEndsWithEightAndEachOfThreeWaysGoesOn() throws IOException {
    byte[] day1 = Files.readAllBytes(corpus.resolve("day1.jsonl"));
    SortedMap<String, String> first = shards();
    String oldInputs = inputs();
    for (String text : List.of(records("ONE", 3), records("one", 4), "")) {
      write("day1.jsonl", text);
      write("day2.jsonl", records("two", 2));
      assertThat(run().endedWith(8).err())
          .contains("day1.jsonl (60 bytes when it was encoded, ")
          .contains(" since 20")
          .contains("put it back as it was", "corpus.changedFiles: keep", "--replace");
      assertThat(inputs()).isEqualTo(oldInputs);
    }
    // Its documents as they are: new files are encoded, the sum of the old bytes stays.
    String keep = "corpus.changedFiles=keep";
    assertThat(run(keep).succeeded().err()).contains("kept as they were: day1.jsonl");
    assertThat(CommandLineRun.of("inspect", out.toString(), "--skipped").succeeded().out())
        .contains("day1.jsonl  (changed after it was encoded, kept as it was)");
    assertThat(inputs()).contains(oldInputs.strip()).contains("day2.jsonl");
    assertThat(shards()).containsAllEntriesOf(first);
    assertThat(run(keep).succeeded().out()).contains("Nothing to do");
    assertThat(CommandLineRun.of("verify", out.toString(), "--full").succeeded().out())
        .contains(
            "is whole",
            "day1.jsonl has changed since the last run; its documents are kept as they were");
    write("day3.jsonl", records("three", 1));
    run(keep).succeeded();
    assertThat(inputs()).contains("day3.jsonl");
    run().endedWith(8);

    // Put back, with another time.
    Files.write(corpus.resolve("day1.jsonl"), day1);
    run().succeeded();
    verify();
    assertThat(CommandLineRun.of("inspect", out.toString(), "--skipped").succeeded().out())
        .isEqualTo("Every file of the inputs was read.\n");

    // All again.
    write("day1.jsonl", records("changed", 5));
    run().endedWith(8);
    SortedMap<String, String> whole = shards();
    run("--explain").endedWith(8);
    assertThat(run("--explain", "--replace").succeeded().out()).contains("unit 0: ", "day3.jsonl");
    assertThat(shards()).isEqualTo(whole);
    assertThat(run("--replace").succeeded().out()).containsPattern("documents +8\n");
    assertThat(CommandLineRun.of("log", out.toString(), "--json").succeeded().out())
        .containsOnlyOnce("\"files\"");
    verify();
    assertThat(run().succeeded().out()).contains("Nothing to do");
    write("day4.jsonl", records("four", 1));
    run("--replace").succeeded(); // nothing changed: the state stays
    assertThat(CommandLineRun.of("log", out.toString(), "--json").succeeded().out())
        .contains("\"parent\" : \"");
  }
}
