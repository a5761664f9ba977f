package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.cli.CommandLineRun.words;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.ChildProcess;
import org.merganser.JavaProcess;
import org.merganser.Seeds;
import org.merganser.cli.CommandLineRun;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.OutputTree;
import org.merganser.pipeline.RenderedChats;
import org.merganser.pipeline.verify.FolderVerification;
import org.merganser.pipeline.verify.VerificationReport.State;
import org.merganser.shard.Duck;

/**
 * The commands that make more of a finished run, cut short after each file that they publish, and
 * killed: the same command continues and writes the same bytes.
 */
@Tag("run")
final class InterruptedCommandsTest {
  @TempDir static Path folder;
  private static final String CORPUS = "sample-data/corpus/europe.jsonl";
  private static Path base;
  private static Path table;

  @BeforeAll
  static void runAJobWithDeadLetters() throws IOException {
    Path corpus = Files.createDirectory(folder.resolve("corpus"));
    for (int i = 0; i < 40; i++) {
      byte[] text = ("Some words of text " + i + ", again and again. ").repeat(30).getBytes();
      if (i % 5 == 0) {
        text[7] = (byte) 0xFF;
      }
      Files.write(corpus.resolve(String.format("%02d.txt", i)), text);
    }
    base = folder.resolve("base");
    table = init("table", 1);
    Path job = folder.resolve("job.yaml");
    Files.writeString(
        job,
        """
        corpus: {inputs: ['%s'], format: text, validation: 0.3, failOnDeadLetters: false,
          maxDeadLetterRate: 1}
        tokenizer: {train: {vocabSize: 300, pattern: gpt2}}
        embeddings: {table: '%s'}
        output: '%s'
        """
            .formatted(corpus, table, base));
    CommandLineRun.of("run", job.toString()).succeeded();
    RenderedChats.write(folder.resolve("chats.jsonl"), new Random(7), 100);
    Files.writeString(
        folder.resolve("groups.yaml"),
        """
        corpus: {inputs: [chats.jsonl], format: jsonl, segmentsField: messages, validation: 0.3}
        tokenizer: {load: '%s', specialText: text}
        shards: {formats: [parquet, npy, bin], partitionBy: lang, shuffle: {seed: 1},
          mergedTokens: 100000}
        report: {enabled: false}
        output: unused
        """
            .formatted(base));
  }

  private static Path init(String name, int seed) {
    Path made = folder.resolve(name + ".parquet");
    CommandLineRun.line("embeddings init --rows 300 --dim 8 --seed %s --output %s", seed, made)
        .succeeded();
    return made;
  }

  private static String[] command(String name, Path out) {
    Path groups = folder.resolve("groups.yaml");
    Path other = folder.resolve("other.parquet");
    return switch (name) {
      case "convert" -> converted("--to megatron,npy,litdata --shuffle-seed 3", out);
      case "merge" ->
          words("merge %s --to megatron,litdata --max-tokens 4000 --output %s", base, out);
      case "groups" -> words("run %s --set output=%s", groups, out);
      case "pack" ->
          converted(
              "--to megatron --pack-length 50 --pack-strategy bestFitCrop --shuffle-seed 3", out);
      case "train" ->
          words("train --input %s --vocab-size 400 --pattern gpt2 --output %s", CORPUS, out);
      case "encode" -> words("encode --tokenizer %s --input %s --output %s", base, CORPUS, out);
      case "count" -> words("count --tokenizer %s --input %s --output %s", base, CORPUS, out);
      case "trim" -> words("trim %s --keep-vocab 280 --run %s --output %s/made", base, base, out);
      case "report" -> words("report %s", out);
      case "init" -> words("init %s --output %s/made.yaml", CORPUS, out);
      case "compare" ->
          words("compare %s %s --input %s --html %s/made.html", base, base, CORPUS, out);
      case "table" -> words("embeddings init --rows 9000 --dim 64 --output %s/made.parquet", out);
      case "export" -> words("embeddings export %s --to npy --output %s/made.npy", table, out);
      case "import" -> words("embeddings import %s --output %s/made.parquet", table, out);
      default -> words("embed %s --table %s --output %s", base, other, out);
    };
  }

  private static String[] converted(String options, Path out) {
    return words("convert %s " + options + " --output %s", base, out);
  }

  /** All files of an output, in the order in which they were published. */
  private static List<String> published(Path out) throws IOException {
    List<String> files = new ArrayList<>(OutputTree.files(out));
    List<Path> order = new ArrayList<>();
    files.forEach(path -> order.add(out.resolve(path)));
    order.sort(
        Comparator.comparing(
            (Path file) -> {
              try {
                return Files.getLastModifiedTime(file);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            }));
    return order.stream().map(file -> out.relativize(file).toString()).toList();
  }

  /**
   * After none of the files, after the first of each folder and of each layout, in the middle, and
   * before the last.
   */
  private static SortedSet<Integer> stops(List<String> files) {
    int last = files.size() - 1;
    SortedSet<Integer> stops = new TreeSet<>(Set.of(0, files.size() / 2, last));
    Set<String> folders = new HashSet<>();
    for (int i = 0; i < last; i++) {
      String[] path = files.get(i).split("/");
      if (path.length > 1 && folders.add(path[0].equals("shards") ? path[1] : path[0])) {
        stops.add(i + 1);
      }
    }
    return stops;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"convert", "merge", "pack", "groups", "embed", "train", "encode", "count"})
  void goesOnAfterEachFile(String name) throws IOException {
    init("other", 2);
    Path whole = folder.resolve(name + "-whole");
    CommandLineRun.of(command(name, whole)).succeeded();
    SortedMap<String, String> expected = OutputTree.sums(whole);
    List<String> files = published(whole);
    assertThat(files).hasSizeGreaterThan(10).contains("manifest.json");
    for (int count : stops(files)) {
      Path out = folder.resolve(name + "-" + count);
      for (String path : files.subList(0, count)) {
        Files.createDirectories(out.resolve(path).getParent());
        Files.copy(whole.resolve(path), out.resolve(path));
      }
      // Half of the next file, under its temporary name.
      Path next = out.resolve(files.get(count)).resolveSibling(".tmp-merganser-0123456789");
      Files.createDirectories(next.getParent());
      byte[] bytes = Files.readAllBytes(whole.resolve(files.get(count)));
      Files.write(next, Arrays.copyOf(bytes, bytes.length / 2));
      CommandLineRun.of(command(name, out)).succeeded();
      assertThat(OutputTree.sums(out)).as("%s after %d files", name, count).isEqualTo(expected);
      assertThat(ManifestVerification.check("" + out, true).findings()).isEmpty();
    }
  }

  @Test
  void convertNamesTheTokenThatItNeedsToFillSequences() {
    CommandLineRun ran =
        CommandLineRun.line(
            "convert %s --to npy --pack-length 64 --output %s", base, folder.resolve("packed"));
    assertThat(ran.endedWith(2).err()).contains("shards.endOfDocument: is required");
  }

  private static Process start(String... args) throws IOException {
    List<String> options =
        List.of(
            "-Xmx500m",
            "-Dmerganser.scratch=" + folder.resolve("scratch"),
            "-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")));
    return ChildProcess.start(
        new ProcessBuilder(JavaProcess.command(options, "org.merganser.cli.Main", List.of(args)))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile()));
  }

  /** One that publishes many files, and one that writes a single file for most of its time. */
  @ParameterizedTest
  @ValueSource(strings = {"convert", "table"})
  @Tag("kill")
  void aRunAndASingleFileSurviveKills(String name) throws Exception {
    survivesKills(name, 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "embed", "groups", "merge", "train", "encode", "count", "trim", "report", "init", "compare",
        "export", "import"
      })
  @Tag("soak")
  void eachCommandSurvivesKills(String name) throws Exception {
    survivesKills(name, 3);
  }

  private static void survivesKills(String name, int kills) throws Exception {
    Random random = new Random(Seeds.next());
    init("other", 2);
    Path whole = place(name, "undisturbed");
    long began = System.nanoTime();
    assertThat(start(command(name, whole)).waitFor()).isZero();
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    SortedMap<String, String> expected = OutputTree.sums(whole);
    Path out = place(name, "killed");
    for (int kill = 0; kill < Integer.getInteger("merganser.kills", kills); kill++) {
      Files.deleteIfExists(out.resolve("made.yaml")); // init replaces no job file
      Process process = start(command(name, out));
      process.waitFor(millis / 2 + random.nextLong(millis / 2), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      if (Files.exists(out.resolve("run/run.json"))) {
        assertThat(FolderVerification.verify(out.toString(), true, List.of()).state())
            .isNotEqualTo(State.DAMAGED);
      }
      SortedMap<String, String> left = OutputTree.sums(out);
      left.keySet().removeIf(path -> !path.matches("made[.].*"));
      assertThat(expected).as("a single file is whole or absent").containsAllEntriesOf(left);
    }
    Files.deleteIfExists(out.resolve("made.yaml"));
    assertThat(start(command(name, out)).waitFor()).isZero();
    SortedMap<String, String> made = OutputTree.sums(out);
    assertThat(made).as(name).isEqualTo(expected);
    assertThat(OutputTree.files(folder.resolve("tmp"))).as("what is left of %s", name).isEmpty();
  }

  /** Where a command writes: an empty folder, or a finished run for the one that adds to it. */
  private static Path place(String name, String suffix) throws IOException {
    Path place = Files.createDirectory(folder.resolve(name + "-" + suffix));
    if (name.equals("report")) {
      OutputTree.copy(base, place);
    }
    return place;
  }

  @Test
  void aTableThatChangesUnderTheSameSizeAndTimeIsNoticed() throws IOException {
    Path out = folder.resolve("changed");
    Path changing = folder.resolve("changing.parquet");
    Files.copy(init("first", 11), changing);
    String[] job =
        words(
            "run %s --set embeddings.table=%s --set output=%s",
            folder.resolve("job.yaml"), changing, out);
    CommandLineRun.of(job).succeeded();
    var before = OutputTree.sums(out, "embedded/");
    var time = Files.getLastModifiedTime(changing);
    byte[] first = Files.readAllBytes(changing);
    byte[] second = second(first.length);
    Files.write(changing, second);
    Files.setLastModifiedTime(changing, time);
    assertThat(CommandLineRun.of(job).succeeded().out()).doesNotContain("Nothing to do");
    assertThat(OutputTree.sums(out, "embedded/")).isNotEqualTo(before);
    Path fresh = folder.resolve("changed-fresh");
    job[job.length - 1] = "output=" + fresh;
    CommandLineRun.of(job).succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(OutputTree.sums(fresh));
  }

  /** Another table whose file has this size: seeds are tried until one has. */
  private static byte[] second(int size) throws IOException {
    for (int seed = 12; seed < 400; seed++) {
      byte[] bytes = Files.readAllBytes(init("seeded", seed));
      if (bytes.length == size) {
        return bytes;
      }
    }
    throw new AssertionError("no seed gives a table of " + size + " bytes");
  }

  @Test
  void oneDamagedRowGroupOfManyCostsItsRowsAlone() throws Exception {
    Path corpus = Files.createDirectories(folder.resolve("groups"));
    Path file = corpus.resolve("a.parquet");
    Duck.query(
        "COPY (SELECT 'id' || i AS id, 'the text of row ' || i AS text FROM range(20480) t(i)) TO"
            + " '%s' (FORMAT parquet, ROW_GROUP_SIZE 2048)",
        file);
    List<String> pages =
        Duck.query(
            "SELECT data_page_offset, row_group_num_rows FROM parquet_metadata('%s') WHERE"
                + " path_in_schema = 'text' ORDER BY row_group_id",
            file);
    assertThat(pages).hasSize(10);
    int page = Integer.parseInt(pages.get(4).split("\\|")[0]);
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, page, page + 40, (byte) 0xFF);
    Files.write(file, bytes);
    Path out = folder.resolve("groups-out");
    CommandLineRun ran =
        CommandLineRun.line(
            "run %s --set %s --set output=%s",
            folder.resolve("job.yaml"),
            "corpus={inputs: ['"
                + file
                + "'], failOnDeadLetters: false, maxDeadLetterRate: 1, idField: id}",
            out);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    RecordSums totals = totals(out);
    assertThat(totals.records()).isEqualTo(20_480);
    assertThat(totals.documents()).isEqualTo(20_480 - 2048);
    assertThat(totals.deadLetters().values()).containsExactly(2048L);
    assertThat(ManifestVerification.check("" + out, true).findings()).isEmpty();
    assertThat(
            Duck.query("SELECT count(DISTINCT doc_id) FROM '" + out + "/shards/parquet/*.parquet'"))
        .containsExactly(Integer.toString(20_480 - 2048));
  }

  private static RecordSums totals(Path out) throws IOException {
    return Manifest.read(Files.readAllBytes(out.resolve(Manifest.FILE)), Manifest.FILE)
        .totals()
        .sums();
  }
}
