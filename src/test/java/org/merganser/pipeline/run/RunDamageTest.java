package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.cli.CommandLineRun;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.store.ChecksummedFile;

/**
 * Whatever happens to files below {@code run}, the same command ends with 0 and gives the same
 * bytes: what is damaged there is made again.
 */
@Tag("run")
final class RunDamageTest {
  private static final int FILES = 600;

  @TempDir static Path folder;
  private static Path corpus;
  private static Path finished;
  private static SortedMap<String, String> expected;

  private final Random random = new Random(Seeds.next());

  @BeforeAll
  static void runAJobWithEveryStage() throws IOException {
    corpus = Files.createDirectory(folder.resolve("corpus"));
    for (int i = 0; i < FILES; i++) {
      Files.writeString(
          corpus.resolve(String.format("%04d.txt", i)),
          "line " + i + " of many\nline " + i / 2 + " once more\nthe same in each\n");
    }
    finished = folder.resolve("finished");
    run(finished);
    expected = OutputTree.sums(finished);
    assertThat(OutputTree.sums(finished, "shards/parquet")).hasSizeGreaterThan(1);
  }

  private static CommandLineRun run(Path out) {
    return Jobs.sample(
            out,
            "corpus={inputs: ['"
                + corpus
                + "'], format: lines, deduplicate: exact, validation: 0.2}",
            "shards={formats: [parquet, npy], shuffle: {seed: 7}, endOfDocument: '<|endoftext|>'}",
            "learn={ngrams: 2}",
            "tokenizer.train.vocabSize=300")
        .succeeded();
  }

  /** Files that are not alike in where they lie and how they are named, one of each kind. */
  private static List<String> kinds(Path out) throws IOException {
    Map<String, String> kinds = new TreeMap<>();
    for (String path : OutputTree.files(out)) {
      if (path.startsWith("run/") && Files.size(out.resolve(path)) > 0) {
        kinds.putIfAbsent(path.replaceAll("[0-9a-f]{16,}", "#").replaceAll("\\d+", "0"), path);
      }
    }
    return List.copyOf(kinds.values());
  }

  /** What a first run leaves that is killed while it encodes, and before its commit. */
  private static void interrupt(Path out) throws IOException {
    byte[] record = ChecksummedFile.find(out.resolve("run/finished.json").toString());
    String stage =
        ".merganser-staged/" + new JsonMapper().readTree(record).path("fingerprint").asText() + "/";
    for (String path : OutputTree.files(out)) {
      boolean isLater =
          path.startsWith("shards/parquet/part-0000001")
              || path.startsWith("embedded/")
              || path.startsWith("learned/")
              || !path.contains("/")
              || path.equals("run/finished.json");
      if (isLater) {
        Files.delete(out.resolve(path));
      } else if (!path.startsWith("run/") || path.equals("run/run.json")) {
        Files.createDirectories(out.resolve(stage + path).getParent());
        Files.move(out.resolve(path), out.resolve(stage + path));
      }
    }
  }

  private static Path copy(String name) throws IOException {
    Path out = folder.resolve(name);
    OutputTree.copy(finished, out);
    return out;
  }

  private static void isAsExpected(Path out, String what) throws IOException {
    assertThat(OutputTree.sums(out)).as(what).isEqualTo(expected);
  }

  @Test
  @Tag("long")
  void aFlippedBitInAnyKindOfFileOfAnInterruptedRunChangesNothing() throws IOException {
    for (String path : kinds(finished)) {
      Path out = copy("kind-" + path.replace('/', '_'));
      interrupt(out);
      if (Files.exists(out.resolve(path))) {
        OutputTree.flipABit(out.resolve(path), random);
        run(out);
        isAsExpected(out, path);
      }
    }
  }

  /** A run alone compares sizes, so that it does nothing; verify tells it to compare sums. */
  @Test
  void aRunAfterAFailedVerifyMakesDamagedFilesAgain() throws IOException {
    Path out = copy("failed-verify");
    Map<String, String> kinds = new TreeMap<>();
    for (String path : expected.keySet()) {
      if (path.contains("/")) {
        kinds.putIfAbsent(path.replaceAll("\\d+", "0"), path);
      }
    }
    for (String path : kinds.values()) {
      OutputTree.flipABit(out.resolve(path), random);
    }
    assertThat(run(out).out()).contains("Nothing to do");
    String[] verify = {"verify", out.toString(), "--full"};
    assertThat(CommandLineRun.of(verify).endedWith(1).out())
        .contains("shards/parquet/part-0000000-000.parquet: ", "it writes the file again");
    assertThat(run(out).out()).doesNotContain("Nothing to do");
    isAsExpected(out, kinds.values().toString());
    assertThat(CommandLineRun.of(verify).succeeded().out()).contains("is whole");
    assertThat(run(out).out()).contains("Nothing to do");
  }

  @Test
  void aListOfOutputsThatCannotBeReadIsWrittenAnew() throws IOException {
    Path out = copy("list");
    for (String list : List.of("{", "{\"path\":\"../elsewhere\"}\n")) {
      Files.writeString(out.resolve("outputs.jsonl"), list);
      run(out);
      isAsExpected(out, list);
    }
  }

  @Test
  @Tag("long")
  void aFlippedBitInEveryFileAtOnceChangesNothing() throws IOException {
    for (int round = 0; round < 2; round++) {
      Path whole = copy("whole-" + round);
      Path cut = copy("cut-" + round);
      interrupt(cut);
      for (Path out : List.of(whole, cut)) {
        for (String path : OutputTree.files(out)) {
          if (path.startsWith("run/") && Files.size(out.resolve(path)) > 0) {
            OutputTree.flipABit(out.resolve(path), random);
          }
        }
        run(out);
        isAsExpected(out, out.toString());
        assertThat(ManifestVerification.check("" + out, true).findings()).isEmpty();
        assertThat(run(out).out()).contains("Nothing to do");
      }
    }
  }

  @Test
  void verifyAndRunAgreeAboutAFinishedRunWhoseRecordsAreDamaged() throws IOException {
    Path out = copy("records");
    for (String path : OutputTree.files(out)) {
      if (path.startsWith("run/units/")) {
        OutputTree.flipABit(out.resolve(path), random);
      }
    }
    assertThat(CommandLineRun.of("verify", "--full", out.toString()).succeeded().out())
        .contains("nothing was compared with its source");
    assertThat(run(out).out()).contains("Nothing to do");
    Files.writeString(corpus.resolve("0500.txt"), "another text\n");
    run(out);
    Path fresh = folder.resolve("fresh");
    run(fresh);
    assertThat(OutputTree.sums(out)).isEqualTo(OutputTree.sums(fresh));
    Files.writeString(
        corpus.resolve("0500.txt"), "line 500 of many\nline 250 once more\nthe same in each\n");
  }

  @Test
  void filesThatAreCutOrEmptyChangeNothing() throws IOException {
    Path out = copy("cut-files");
    interrupt(out);
    for (String path : OutputTree.files(out)) {
      if (path.startsWith("run/") && Files.size(out.resolve(path)) > 0) {
        byte[] bytes = Files.readAllBytes(out.resolve(path));
        int length = path.hashCode() % 2 == 0 ? 0 : random.nextInt(bytes.length);
        Files.write(out.resolve(path), java.util.Arrays.copyOf(bytes, length));
      }
    }
    run(out);
    isAsExpected(out, "cut");
  }

  @Test
  void statisticsThatAreDamagedAreFoundAndMadeAgain() throws IOException {
    Path out = copy("statistics");
    byte[] json = Files.readAllBytes(out.resolve("statistics.json"));
    json[0] ^= 1;
    Files.write(out.resolve("statistics.json"), json);
    assertThat(CommandLineRun.of("report", out.toString()).endedWith(1).err())
        .contains(out + "/statistics.json: schema: ", "; run the job again, which writes the file")
        .hasLineCount(1);
    assertThat(run(out).out()).doesNotContain("Nothing to do");
    isAsExpected(out, "statistics");
    OutputTree.flipABit(out.resolve("statistics.json"), random);
    CommandLineRun.of("verify", out.toString()).endedWith(1);
    run(out);
    isAsExpected(out, "statistics");
  }

  @Test
  void figuresOfPackingThatAreDamagedAreFoundAndMadeAgain() throws IOException {
    Path out = folder.resolve("packed");
    List<String> job =
        List.of(
            "corpus={inputs: ['" + corpus + "/000*.txt'], format: lines}",
            "tokenizer.train.vocabSize=300",
            "shards={formats: [parquet], pack: {length: 16}, endOfDocument: '<|endoftext|>'}");
    Jobs.lean(out, job).succeeded();
    SortedMap<String, String> whole = OutputTree.sums(out);
    Path packing = out.resolve("shards/packed/packing.json");
    for (int place : new int[] {0, (int) Files.size(packing) / 2}) {
      byte[] json = Files.readAllBytes(packing);
      json[place] ^= 2;
      Files.write(packing, json);
      assertThat(CommandLineRun.of("verify", out.toString()).endedWith(1).out())
          .contains("shards/packed/packing.json");
      Files.delete(out.resolve("run/damaged"));
      assertThat(Jobs.lean(out, job).succeeded().out()).contains("packing   ");
      assertThat(OutputTree.sums(out)).isEqualTo(whole);
    }
  }

  @Test
  void aListThatIsDamagedIsNamedWhereAnotherCommandReadsIt() throws IOException {
    Path out = folder.resolve("damaged-list");
    run(out);
    Path list = out.resolve("outputs.jsonl");
    byte[] bytes = Files.readAllBytes(list);
    bytes[0] = (byte) 0xff;
    Files.write(list, bytes);
    String target = folder.resolve("converted").toString();
    assertThat(
            CommandLineRun.line("convert %s --to bin --output %s", out, target).endedWith(1).err())
        .contains("outputs.jsonl: line 1 is damaged; verify ")
        .doesNotContain("JsonParseException", "\tat ");
  }

  @Test
  void anOutputWhoseJobNobodyKnowsIsNotReplacedUnasked() throws IOException {
    Path out = copy("unknown");
    Files.write(out.resolve("manifest.json"), new byte[] {1});
    OutputTree.flipABit(out.resolve("run/run.json"), random);
    Files.delete(out.resolve("run/finished.json"));
    SortedMap<String, String> before = OutputTree.sums(out);
    String from = finished.toString();
    assertThat(
            CommandLineRun.of("convert", from, "--to", "npy", "--output", "" + out)
                .endedWith(2)
                .err())
        .contains("which lists them, is damaged", "--replace");
    assertThat(OutputTree.sums(out)).isEqualTo(before);
  }

  /** A FIFO that nobody writes to would stop whoever opens it. */
  private static void fifo(Path file) throws Exception {
    Files.deleteIfExists(file);
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
  }

  @Test
  void aFifoInPlaceOfAFileBelowRunDoesNotStopARun() throws Exception {
    Path out = copy("fifo");
    for (String path : kinds(finished)) {
      if (!path.equals("run/merganser.json")) {
        fifo(out.resolve(path));
      }
    }
    fifo(out.resolve("run/skipped.jsonl"));
    Files.delete(out.resolve("shards/parquet/part-0000001-000.parquet"));
    run(out);
    isAsExpected(out, "fifo");
  }

  @Test
  void aFifoInPlaceOfTheLockIsNamedAndNotOpened() throws Exception {
    Path out = folder.resolve("locked");
    Files.createDirectories(out.resolve("run"));
    fifo(out.resolve("run/lock"));
    String[] convert = {"convert", finished.toString(), "--to", "npy", "--output", "" + out};
    assertThat(CommandLineRun.of(convert).endedWith(1).err())
        .contains(out.resolve("run/lock") + ": neither a file nor a folder (a FIFO");
  }

  @Test
  void aFifoInPlaceOfAListIsNamedAndNotOpened() throws Exception {
    for (String list : List.of("manifest.json", "outputs.jsonl", "inputs.jsonl")) {
      Path out = copy("fifo-" + list);
      fifo(out.resolve(list));
      assertThat(CommandLineRun.of("verify", "" + out).endedWith(1).out())
          .contains("unreadable  " + list + ": neither a file nor a folder (a FIFO, a socket")
          .doesNotContain("Exception");
    }
  }

  @Test
  void aManifestThatIsNoJsonIsNamedWithThePlaceAndTheNextStep() throws IOException {
    Path out = copy("garbage");
    Files.writeString(out.resolve("manifest.json"), "{\n  \"schema\": garbage");
    for (String line : List.of("log %s", "report %s", "convert %s --to bin")) {
      assertThat(CommandLineRun.line(line, out).endedWith(1).err())
          .as(line)
          .contains(out + "/manifest.json: line 2, column 13")
          .contains("is damaged; verify " + out + " says what else is, and the job that wrote")
          .doesNotContain("garbage'");
    }
  }

  @Test
  void aDirectoryInPlaceOfAManifestIsNamed() throws Exception {
    Path out = copy("directory");
    Files.delete(out.resolve("manifest.json"));
    Files.createDirectory(out.resolve("manifest.json"));
    assertThat(CommandLineRun.of("verify", "" + out).endedWith(1).out())
        .contains("unreadable  manifest.json: a folder, not a file");
  }

  @Test
  void aTokenizerMayComeFromAPipe() throws Exception {
    Path out = folder.resolve("piped");
    Path pipe = folder.resolve("pipe");
    fifo(pipe);
    Process writer =
        new ProcessBuilder(
                "sh", "-c", "cat '" + finished.resolve("tokenizer/tokenizer.json") + "' >" + pipe)
            .start();
    CommandLineRun.of(
            "encode", "--tokenizer", "" + pipe, "--input", "" + corpus, "--output", "" + out)
        .succeeded();
    assertThat(writer.waitFor()).isZero();
    assertThat(OutputTree.sums(out, "tokenizer"))
        .containsEntry("tokenizer/tokenizer.json", expected.get("tokenizer/tokenizer.json"));
  }
}
