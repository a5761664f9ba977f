package org.merganser.pipeline.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.checksum.Sha256;
import org.merganser.cli.CommandLineRun;
import org.merganser.job.JobReader;
import org.merganser.job.Setting;
import org.merganser.json.Json;
import org.merganser.layout.LayoutRows;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.OutputTree;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.prepare.PreparationOptions;
import org.merganser.pipeline.spec.Stage;
import org.merganser.shard.Duck;
import org.merganser.shard.NumPy;
import org.merganser.store.UnusableFileException;

/** Few, large files: within a run, and of several runs with one tokenizer. */
@Tag("run")
final class MergeRunTest {
  private static final String ALL = "megatron,bin,npy,datatrove";

  @TempDir static Path folder;
  private static Path first;
  private static Path second;
  private static Path merged;

  @BeforeAll
  static void runTwiceAndMerge() throws IOException {
    first = run("first", 600, "corpus.validation=0.1", "tokenizer.train.vocabSize=400");
    second = run("second", 90, "tokenizer={load: '" + first + "'}");
    merged = folder.resolve("merged");
    merge(merged).succeeded();
  }

  /** Opening a file counts like 8 KiB, of which a unit takes 4 MiB: 600 files are two units. */
  private static Path run(String name, int files, String... settings) throws IOException {
    return run(name, corpus(name, files), settings);
  }

  private static Path corpus(String name, int files) throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("corpus-" + name));
    for (int i = 0; i < files; i++) {
      Files.writeString(
          corpus.resolve(String.format(Locale.ROOT, "f%04d.txt", i)),
          ("Die Sonne geht auf. ".repeat(i % 40) + name + i + "\n").repeat(3));
    }
    return corpus;
  }

  private static Path run(String name, Path corpus, String... settings) {
    Path out = folder.resolve(name);
    List<String> all =
        new ArrayList<>(
            List.of(
                "corpus={inputs: ['" + corpus + "'], format: lines}",
                "shards.groupBy=null",
                "learn=null",
                "report.enabled=false",
                "embeddings=null"));
    if (!settings[0].startsWith("tokenizer=")) {
      all.add("shards.maxTokens=9000");
    }
    all.addAll(List.of(settings));
    List<String> args = new ArrayList<>(List.of("run", "pipelines/sample.yaml"));
    all.add("output=" + out);
    all.forEach(setting -> args.addAll(List.of("--set", setting)));
    CommandLineRun.of(args.toArray(String[]::new)).succeeded();
    return out;
  }

  private static CommandLineRun merge(Path out, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    if (!all.contains("--to")) {
      all.addAll(List.of("--to", ALL));
    }
    return merge(first, second, out, all.toArray(String[]::new));
  }

  private static CommandLineRun merge(Path one, Path other, Path out, String... options) {
    return CommandLineRun.line("merge %s %s --output %s %s", one, other, out, options);
  }

  private static long tokens(Path out) throws Exception {
    return Long.parseLong(
        Duck.query("SELECT sum(num_tokens) FROM '" + out + "/shards/parquet/*.parquet'").get(0));
  }

  @Test
  void oneFileOfALayoutHoldsTheRunsOneAfterTheOther() throws Exception {
    assertThat(ManifestVerification.check("" + merged, true).findings()).isEmpty();
    assertThat(OutputTree.files(merged.resolve("shards")).stream().filter(f -> f.endsWith(".bin")))
        .containsExactly("bin/part-0000000-000.bin", "megatron/part-0000000-000.bin");
    assertThat(Files.size(merged.resolve("shards/bin/part-0000000-000.bin")))
        .isEqualTo(2 * (tokens(first) + tokens(second)));
    String index = "'" + merged + "/shards/megatron/part-0000000-000.index.parquet'";
    String rows = "SELECT doc_id, file, \"offset\", part, num_tokens FROM ";
    String sources =
        "("
            + rows
            + "'"
            + first
            + "/shards/parquet/*.parquet' UNION ALL "
            + rows
            + "'"
            + second
            + "/shards/parquet/*.parquet')";
    assertThat(Duck.query("SELECT count(*) FROM " + index))
        .isEqualTo(Duck.query("SELECT count(*) FROM " + sources));
    assertThat(Duck.query(rows + index + " EXCEPT " + rows + sources)).isEmpty();
    assertThat(
            Duck.query(
                "SELECT count(*) FROM (SELECT start, lag(start + num_tokens, 1, 0) OVER (ORDER BY"
                    + " \"row\") AS expected FROM %s) WHERE start <> expected",
                index))
        .containsExactly("0");
  }

  @Test
  void theDocumentsFollowInTheOrderOfTheRunsAndTheirShards() throws IOException {
    List<String> expected = new ArrayList<>(rows(first, "shards/parquet"));
    expected.addAll(rows(second, "shards/parquet"));
    for (String paths : List.of("megatron", "npy", "bin", "datatrove")) {
      assertThat(rows(merged, "shards/" + paths)).as(paths).isEqualTo(expected);
    }
  }

  private static List<String> rows(Path out, String shards) throws IOException {
    return LayoutRows.show(LayoutRows.ofFolder(out.resolve(shards)));
  }

  private static JsonNode json(CommandLineRun run) throws IOException {
    return Json.MAPPER.readTree(run.succeeded().out());
  }

  private static long total(String key) throws IOException {
    return manifest(first).at("/totals/" + key).asLong()
        + manifest(second).at("/totals/" + key).asLong();
  }

  private static JsonNode manifest(Path out) throws IOException {
    return Json.MAPPER.readTree(out.resolve("manifest.json").toFile());
  }

  @Test
  void everyCommandSaysTheDocumentsAndTokensOfTheRuns() throws Exception {
    for (String key : List.of("documents", "textBytes", "tokens", "validation/tokens")) {
      assertThat(manifest(merged).at("/totals/" + key).asLong()).as(key).isEqualTo(total(key));
      assertThat(total(key)).isPositive();
    }
    assertThat(
            Files.readAllLines(merged.resolve("inputs.jsonl")).stream()
                .map(line -> Json.tree(line.getBytes(UTF_8), line, UnusableFileException::new))
                .map(
                    line ->
                        line.path("path").asText() + " " + line.at("/ranges/0/sha256").asText()))
        .containsExactly(
            first + "/manifest.json " + Sha256.of(first.resolve("manifest.json")),
            second + "/manifest.json " + Sha256.of(second.resolve("manifest.json")));
    String documents = String.format(Locale.ROOT, "%,d", total("documents"));
    String tokens = String.format(Locale.ROOT, "%,d", total("tokens"));
    assertThat(CommandLineRun.of("inspect", "" + merged).succeeded().out())
        .containsPattern("\ndocuments +" + documents + "\n")
        .containsPattern("\ntokens +" + tokens + "\n");
    assertThat(CommandLineRun.of("log", "" + merged).succeeded().out())
        .containsPattern(" 2 +" + documents + " +" + tokens + "\n");
    assertThat(merge(merged, "--verbose").succeeded().out())
        .containsPattern("\ndocuments +" + documents + "\n")
        .containsPattern("\ntokens +" + tokens + "\n")
        .containsPattern("\n  shards/megatron/ +3 files, [0-9,]+ bytes\n")
        .contains(
            "\ntrain on         --train-data-path "
                + merged
                + "/shards/megatron/part-0000000-000\n")
        .contains(
            "\nvalidate on      --valid-data-path "
                + merged
                + "/validation/megatron/part-0000000-000\n")
        .contains("\ntrain on         " + merged + "/shards/bin/part-0000000-000.bin\n")
        .contains("\ntrain on         " + merged + "/shards/datatrove/\n")
        .endsWith("\nnext             merganser verify " + merged + " --full\n");
  }

  @Test
  void theResultNamesWhatEachTrainerOpens() throws IOException {
    Path out = folder.resolve("named");
    String[] options = {"--to", "megatron,npy", "--max-tokens", "20000", "--json"};
    JsonNode result = json(merge(out, options));
    assertThat(result.path("documents").asLong()).isEqualTo(total("documents"));
    assertThat(result.path("tokens").asLong()).isEqualTo(total("tokens"));
    List<String> prefixes = new ArrayList<>();
    result.at("/opened/shards~1megatron~1/names").forEach(prefix -> prefixes.add(prefix.asText()));
    assertThat(prefixes)
        .hasSizeGreaterThan(1)
        .allMatch(prefix -> Files.exists(Path.of(prefix + ".bin")))
        .allMatch(prefix -> Files.exists(Path.of(prefix + ".idx")));
    assertThat(result.at("/opened/shards~1npy~1/names/0").asText())
        .isEqualTo(out + "/shards/npy/*.npy");
    assertThat(result.at("/parts/shards~1megatron~1/files").asLong())
        .isEqualTo(3L * prefixes.size());
    assertThat(result.at("/parts/shards~1npy~1/bytes").asLong())
        .isEqualTo(size(out.resolve("shards/npy")));
    assertThat(merge(out, Arrays.copyOf(options, 4)).succeeded().out())
        .contains("Nothing to do", "\ntrain on  ", "\nopen  ");
  }

  private static long size(Path files) throws IOException {
    long size = 0;
    for (String file : OutputTree.files(files)) {
      size += Files.size(files.resolve(file));
    }
    return size;
  }

  /** Each line that a summary says is run as it is printed. */
  @Test
  void theLinesOfPythonPrintTheFirstIds() throws Exception {
    String out = folder.resolve("it's \"read\" here").toString();
    String options = "%s --output %s --bin-header llmc --to bin,litdata";
    Path headed = folder.resolve("headed");
    String printed =
        merge(Path.of(out), "--to", ALL).succeeded().out()
            + CommandLineRun.line("convert " + options, first, headed).succeeded().out();
    String ids =
        "SELECT array_to_string(flatten(list(token_ids))[1:9], ' ') FROM (SELECT token_ids FROM '"
            + first
            + "/shards/parquet/part-0000000-000.parquet' LIMIT 9)";
    String expected = Duck.query(ids).get(0);
    List<String> opened = new ArrayList<>();
    for (String line : printed.split("\n", -1)) {
      if (line.startsWith("open  ")) {
        String code = line.substring(line.indexOf("python3 -c ") + "python3 -c ".length());
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", "printf %s " + code);
        opened.addAll(NumPy.runIn(folder, ChildProcess.output(shell)));
      }
    }
    assertThat(opened)
        .hasSize(6)
        .allSatisfy(
            line ->
                assertThat(line.replaceAll("[\\[\\]]", "").strip().split(" +"))
                    .containsExactly(expected.split(" ")));
  }

  /** A shell expands what is printed of many files to the names that the result lists. */
  @Test
  void manyPrefixesArePrintedAsOneFormThatAShellExpands() throws Exception {
    Path out = folder.resolve("many");
    String[] options = {"--to", "megatron", "--max-tokens", "3000"};
    String line =
        merge(out, options)
            .succeeded()
            .out()
            .lines()
            .filter(printed -> printed.contains("--train-data-path"))
            .findFirst()
            .orElseThrow();
    List<String> names = new ArrayList<>();
    json(merge(out, "--to", "megatron", "--max-tokens", "3000", "--json"))
        .at("/opened/shards~1megatron~1/names")
        .forEach(name -> names.add(name.asText()));
    assertThat(names).hasSizeGreaterThan(8);
    String expanded = line.substring(line.indexOf("path ") + "path ".length());
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", "printf '%s\\n' " + expanded);
    assertThat(ChildProcess.output(shell).lines().toList()).isEqualTo(names);
  }

  /** No stage waits for text that is not read, and a file of many shards is no single step. */
  @Test
  void progressCountsEachShardOfAMergedFile() throws IOException {
    Path events = folder.resolve("events.jsonl");
    Path out = folder.resolve("counted");
    merge(out, "--to", "bin", "--events", "" + events).succeeded();
    List<String> stages = new ArrayList<>();
    for (String line : Files.readAllLines(events)) {
      JsonNode event = Json.tree(line.getBytes(UTF_8), line, UnusableFileException::new);
      if (event.path("event").asText().equals("stage.finished")) {
        stages.add(event.path("stage").asText() + " " + event.path("unitsPlanned"));
        assertThat(event.path("unitsDone")).as(line).isEqualTo(event.path("unitsPlanned"));
      }
    }
    long shards = 0;
    int units = 0;
    for (Path run : List.of(first, second)) {
      units += FinishedOutput.at(OutputPaths.of(run.toString())).shards().size();
      shards +=
          OutputTree.files(run).stream()
              .filter(f -> f.matches("(shards|validation)/parquet/.*"))
              .count();
    }
    assertThat(shards).isGreaterThan(3);
    assertThat(stages)
        .containsExactlyInAnyOrder("measure " + units, "convert " + (shards + 1), "manifest 1");
    assertThat(
            MerganserRun.prepare(
                    JobReader.of(
                        List.of(
                            Setting.of("shards.from", "" + first),
                            "shards.formats=[npy]",
                            Setting.of("output", folder + "/never")),
                        "npy"),
                    List.of(),
                    PreparationOptions.NONE)
                .figures())
        .containsOnlyKeys(Stage.CONVERT, Stage.MEASURE, Stage.MANIFEST);
  }

  @Test
  void validationIsMergedApart() throws Exception {
    assertThat(Files.size(merged.resolve("validation/bin/part-0000000-000.bin")))
        .isEqualTo(
            2
                * Long.parseLong(
                    Duck.query(
                            "SELECT sum(num_tokens) FROM '%s/validation/parquet/*.parquet'", first)
                        .get(0)));
    assertThat(second.resolve("validation")).doesNotExist();
  }

  @Test
  void theBytesDoNotDependOnTheParallelism() throws IOException {
    Path again = folder.resolve("again");
    merge(again, "--max-tokens", "30000", "--targetParallelism=1").succeeded();
    Path parallel = folder.resolve("parallel");
    merge(parallel, "--max-tokens", "30000", "--targetParallelism=4").succeeded();
    assertThat(OutputTree.sums(parallel)).isEqualTo(OutputTree.sums(again));
    assertThat(OutputTree.sums(again, "shards/bin/").keySet())
        .filteredOn(file -> file.endsWith(".bin"))
        .hasSizeGreaterThan(2);
  }

  @Test
  void aRunThatMergesItsOwnShardsWritesWhatMergeWrites() throws IOException {
    Path own = folder.resolve("own");
    CommandLineRun.of("merge", first.toString(), "--to", "megatron,npy", "--output", own.toString())
        .succeeded();
    Path again =
        run(
            "merging",
            folder.resolve("corpus-first"),
            "corpus.validation=0.1",
            "tokenizer.train.vocabSize=400",
            "shards.formats=[megatron, npy]",
            "shards.mergedTokens=1000000000");
    assertThat(OutputTree.sums(again, "shards/megatron/"))
        .isEqualTo(OutputTree.sums(own, "shards/megatron/"))
        .isNotEmpty();
    assertThat(OutputTree.sums(again, "shards/npy/"))
        .isEqualTo(OutputTree.sums(own, "shards/npy/"));
    assertThat(ManifestVerification.check("" + again, true).findings()).isEmpty();
  }

  @Test
  void whatIsThereIsNotMergedAgainAndWhatIsLostIs() throws IOException {
    Path out = folder.resolve("resumed");
    merge(out, "--to", "megatron,bin", "--max-tokens", "30000").succeeded();
    Map<String, String> sums = OutputTree.sums(out);
    SortedMap<String, FileTime> before = OutputTree.times(out, "shards/");
    Files.delete(out.resolve("manifest.json"));
    OutputTree.flipABit(out.resolve("shards/bin/part-0000001-000.bin"), new Random(1));
    merge(out, "--to", "megatron,bin", "--max-tokens", "30000").succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(sums);
    SortedMap<String, FileTime> after = OutputTree.times(out, "shards/");
    assertThat(after.keySet())
        .filteredOn(file -> !after.get(file).equals(before.get(file)))
        .containsExactly(
            "shards/bin/part-0000001-000.bin", "shards/bin/part-0000001-000.index.parquet");
  }

  @Test
  void runsOfTwoTokenizersAreRefused() throws IOException {
    Path other = run("other", 20, "tokenizer.train.vocabSize=300");
    CommandLineRun refused = merge(first, other, folder.resolve("refused"), "--to", "megatron");
    assertThat(refused.endedWith(2).err())
        .contains(
            "shards.from: " + other + " was made with the tokenizer of sha256 ",
            ", and " + first + " with that of ",
            "the same id means another text in each",
            "encode one corpus again with the tokenizer of the other (tokenizer.load)");
  }

  @Test
  void aRunThatIsDamagedOrNamedTwiceIsRefused() throws IOException {
    Path damaged = folder.resolve("damaged");
    OutputTree.copy(second, damaged);
    Path shard = damaged.resolve("shards/parquet/part-0000000-000.parquet");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length / 3] ^= 1;
    Files.write(shard, bytes);
    CommandLineRun flipped = merge(first, damaged, folder.resolve("of-damaged"), "--to", "bin");
    assertThat(flipped.exitCode()).isNotZero();
    // Whichever step reads the shard first.
    assertThat(flipped.err())
        .contains(shard.toString())
        .containsPattern("its sha256 is |is damaged: ");
    Files.delete(shard);
    CommandLineRun lost = merge(first, damaged, folder.resolve("of-lost"), "--to", "bin");
    assertThat(lost.endedWith(8).err())
        .contains(
            damaged + " is damaged: shards/parquet/part-0000000-000.parquet: missing:",
            "merganser verify " + damaged + " lists all that is wrong");
    CommandLineRun twice = merge(first, first, folder.resolve("of-twice"), "--to", "bin");
    assertThat(twice.endedWith(2).err()).contains("shards.from: " + first + " is named twice");
  }

  @Test
  void severalRunsNeedALayoutThatMergesThem() {
    assertThat(merge(folder.resolve("nothing"), "--to", "parquet").endedWith(2).err())
        .contains(
            "--to: \"parquet\" is not allowed; allowed: megatron, bin, npy, datatrove, litdata,"
                + " dolma");
    CommandLineRun unmerged =
        CommandLineRun.line(
            "run pipelines/sample.yaml --set corpus=null --set tokenizer=null --set %s --set"
                + " learn=null --set %s",
            "embeddings={table: x, output: [rows]}",
            "shards={from: ['" + first + "', '" + second + "'], formats: [npy]}");
    assertThat(unmerged.endedWith(2).err())
        .contains(
            "shards.mergedTokens: is required with several runs in shards.from",
            "shards.from: embeddings and learn take one run");
  }
}
