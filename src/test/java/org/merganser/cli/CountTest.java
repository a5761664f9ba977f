package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.json.Json;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.shard.Duck;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;
import org.merganser.store.Scratch;
import org.merganser.tokenizer.Tokenizer;

/** The figures of {@code count} are those of the shards that {@code encode} writes. */
@Tag("run")
final class CountTest {
  @TempDir static Path shared;
  private static Path trained;
  private static Path corpus;

  @TempDir Path folder;

  @BeforeAll
  static void makeATokenizerAndACorpusOfManyFormats() throws IOException, SQLException {
    trained = shared.resolve("trained");
    Jobs.train(
        trained,
        "--input sample-data/corpus --vocab-size 600 --pattern qwen2 --special-token <|end|>");
    corpus = Files.createDirectory(shared.resolve("corpus"));
    Path sample = Path.of("sample-data/corpus/europe.jsonl");
    Files.copy(sample, corpus.resolve("europe.jsonl"));
    Files.writeString(
        corpus.resolve("some-groups.jsonl"),
        "{\"text\": \"no group <|end|>\"}\n{\"text\": \"\", \"lang\": \"en\"}\n"
            + "{\"text\": \"with one\", \"lang\": \"en\"}\n");
    Files.writeString(corpus.resolve("whole.txt"), "A text\n\nof three lines ".repeat(300));
    try (OutputStream gzip =
        new GZIPOutputStream(Files.newOutputStream(corpus.resolve("zipped.txt.gz")))) {
      gzip.write("a few words, again \u4F60\u597D\n".repeat(100).getBytes(StandardCharsets.UTF_8));
    }
    Duck.query(
        "copy (select 'row ' || range as text, 'p' || range %% 3 as lang from range(50)) to '%s'"
            + " (format parquet)",
        corpus.resolve("rows.parquet"));
  }

  private static CommandLineRun count(String... args) {
    return CommandLineRun.line("count --tokenizer %s %s", trained, args);
  }

  @Test
  void saysWhereNoDocumentHasAGroup() {
    Path one = corpus.resolve("some-groups.jsonl");
    String said = "no document has a group: no record has a value in the field of groups, lng";
    assertThat(count("--input", "" + one, "--group-by", "lng").succeeded().out())
        .contains("look: " + said + "\n");
    assertThat(count("--input", "" + one, "--group-by", "lang").succeeded().out())
        .doesNotContain("look:");
    String encode = "encode --tokenizer %s --input %s --group-by lng --output %s";
    for (boolean again : new boolean[] {false, true}) {
      CommandLineRun ran =
          CommandLineRun.line(encode + " --verbose", trained, one, folder.resolve("ungrouped"));
      assertThat(ran.succeeded().out()).as("again: %s", again).contains("  look: " + said + "\n");
    }
  }

  private static JsonNode json(CommandLineRun run) throws IOException {
    return Json.MAPPER.readTree(run.out());
  }

  /** What a run wrote into its shards, by what {@code key} says of a row. */
  private static SortedMap<String, GroupCounts> shards(Path out, Function<ShardRow, String> key)
      throws IOException {
    SortedMap<String, GroupCounts> sums = new TreeMap<>();
    for (ShardRow row : ShardRows.of(out.resolve("shards/parquet"))) {
      GroupCounts counts = new GroupCounts(row.part == 0 ? 1 : 0, 0, row.count);
      sums.merge(key.apply(row), counts, GroupCounts::plus);
    }
    return sums;
  }

  private static SortedMap<String, GroupCounts> counted(JsonNode rows, String key) {
    SortedMap<String, GroupCounts> sums = new TreeMap<>();
    for (JsonNode row : rows) {
      if (row.path("documents").longValue() > 0) {
        sums.put(
            row.path(key).textValue(),
            new GroupCounts(row.path("documents").longValue(), 0, row.path("tokens").longValue()));
      }
    }
    return sums;
  }

  private void countsWhatEncodeWrites(String... args) throws IOException {
    Path out = folder.resolve("encoded" + String.join("", args).hashCode());
    CommandLineRun.line("encode --tokenizer %s --output %s %s", trained, out, args).succeeded();
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--json");
    JsonNode counts = json(count(all.toArray(String[]::new)).succeeded());
    SortedMap<String, GroupCounts> files = shards(out, row -> row.file);
    assertThat(counted(counts.path("files"), "path")).isEqualTo(files);
    GroupCounts sum = files.values().stream().reduce(GroupCounts.ZERO, GroupCounts::plus);
    assertThat(counts.at("/totals/documents").longValue()).isEqualTo(sum.documents()).isPositive();
    assertThat(counts.at("/totals/tokens").longValue()).isEqualTo(sum.tokens());
    JsonNode totals = Json.MAPPER.readTree(out.resolve("manifest.json").toFile()).path("totals");
    assertThat(counts.at("/totals/textBytes").longValue())
        .isEqualTo(totals.path("textBytes").longValue());
    if (List.of(args).contains("--group-by")) {
      assertThat(counted(counts.path("groups"), "group"))
          .isEqualTo(shards(out, row -> row.group == null ? GroupCounts.NONE : row.group));
    } else {
      assertThat(counts.has("groups")).isFalse();
    }
  }

  @Test
  void countsWhatEncodeWritesFromEveryFormat() throws IOException {
    String all = corpus.toString();
    countsWhatEncodeWrites("--input", all, "--group-by", "lang", "--end-of-document", "<|end|>");
    countsWhatEncodeWrites("--input", all, "--special-text", "parse");
    String lines = corpus.resolve("zipped.txt.gz").toString();
    countsWhatEncodeWrites("--input", lines, "--format", "lines", "--end-of-document", "<|end|>");
    String whole = corpus.resolve("whole.txt").toString();
    countsWhatEncodeWrites("--input", whole, "--format", "paragraphs", "--targetParallelism", "2");
  }

  private String job(Path out, String more) throws IOException {
    return Files.writeString(
            folder.resolve("job.yaml"),
            """
            corpus: { inputs: [ '%s' ], maxDocumentBytes: 1024, validation: 0.2,
                      deduplicate: exact, invalidUtf8: bytes, format: lines }
            tokenizer: { load: '%s' }
            shards: { endOfDocument: '<|end|>' %s }
            output: '%s'
            """
                .formatted(folder.resolve("lines.txt"), trained, more, out))
        .toString();
  }

  @Test
  void countsTheCorpusOfAJobWithItsPartsSplitAndDuplicates() throws IOException {
    Random random = new Random(Seeds.next());
    StringBuilder lines = new StringBuilder("twice\ntwice\n");
    for (int i = 0; i < 60; i++) {
      lines.append("a line ").append(i).append(" and again".repeat(random.nextInt(400)));
      lines.append("\n\u00E9 alone ").append(i).append('\n'); // not UTF-8
    }
    Files.write(
        folder.resolve("lines.txt"), lines.toString().getBytes(StandardCharsets.ISO_8859_1));
    Path out = folder.resolve("out");
    CommandLineRun.of("run", job(out, "")).succeeded();
    JsonNode totals = Json.MAPPER.readTree(out.resolve("manifest.json").toFile()).path("totals");
    JsonNode counts = json(CommandLineRun.of("count", job(out, ""), "--json").succeeded());
    for (String figure : List.of("documents", "textBytes", "tokens", "duplicates")) {
      assertThat(counts.path("totals").path(figure)).as(figure).isEqualTo(totals.path(figure));
      assertThat(counts.path("totals").path(figure).longValue()).as(figure).isPositive();
    }
    assertThat(counts.at("/totals/validation").path("tokens"))
        .isEqualTo(totals.path("validation").path("tokens"));
    assertThat(counts.at("/totals/validation").path("documents").longValue()).isPositive();
    assertThat(out.resolve("shards/parquet")).isNotEmptyDirectory();
    // The same as a job of its own, without the command.
    Path own = folder.resolve("own");
    assertThat(CommandLineRun.of("run", job(own, ", formats: []")).succeeded().out())
        .contains(String.format("tokens           %,15d", counts.at("/totals/tokens").longValue()));
    assertThat(own.resolve("shards")).doesNotExist();
    CommandLineRun.of("verify", own.toString(), "--full").succeeded();
  }

  @Test
  void accountsForDeadLettersAndKeepsThemToBeRead() throws IOException {
    Path input =
        Files.writeString(
            folder.resolve("a.jsonl"),
            "{\"text\": \"fine\"}\n{broken\n{\"text\": \"a <|end|>\"}\n");
    String[] args = {"--input", input.toString(), "--special-text", "reject"};
    CommandLineRun ran = count(args).endedWith(3);
    assertThat(ran.out())
        .contains("dead letters                   2\n")
        .contains("invalid-json                 1\n")
        .contains("special-token                1\n")
        .contains("NOT WHOLE: 2 of 3 records are dead letters");
    Path letters =
        Path.of(
            ran.err()
                .replaceAll(
                    "(?s).*all of them: merganser cat (.*) --dead-letters\n", "$1/dead-letters"));
    assertThat(letters.resolve("part-0000000.jsonl.zst")).isNotEmptyFile();
    OutputTree.delete(letters.getParent());
    JsonNode counts =
        json(count("--input", "" + input, "--json", "--output", "" + folder.resolve("o")));
    assertThat(counts.at("/totals/deadLetters/invalid-json").longValue()).isEqualTo(1);
    assertThat(counts.at("/files/0/deadLetters/invalid-json").longValue()).isEqualTo(1);
    assertThat(counts.path("tooManyDeadLetters").booleanValue()).isTrue();
    assertThat(folder.resolve("o/dead-letters")).isNotEmptyDirectory();
  }

  @Test
  void leavesNoTemporaryFolder() throws IOException {
    CommandLineRun ran = count("--input", corpus.toString()).succeeded();
    assertThat(ran.err()).doesNotContain("dead letters");
    CommandLineRun failed = count("--input", folder.resolve("absent").toString()).endedWith(2);
    assertThat(failed.out()).isEmpty();
    try (Stream<Path> left = Files.list(Scratch.processFolder())) {
      assertThat(left.map(path -> "" + path.getFileName()))
          .noneMatch(name -> name.startsWith("count-"));
    }
  }

  @Test
  void goesOnWhereItStoppedAndDoesNothingTwice() throws IOException {
    Path input = Files.createDirectory(folder.resolve("input"));
    for (int i = 0; i < 3000; i++) {
      Files.writeString(input.resolve(String.format("%05d.txt", i)), "document " + i);
    }
    Path out = folder.resolve("out");
    String[] args = {"--input", input.toString(), "--output", out.toString(), "--json"};
    CommandLineRun first = count(args).succeeded();
    CommandLineRun second = count(args).succeeded();
    assertThat(second.err()).contains("Nothing to do: " + out);
    assertThat(second.out()).isEqualTo(first.out());
    CommandLineRun.of("verify", out.toString(), "--full").succeeded();

    List<Path> receipts = new ArrayList<>();
    for (Path receipt : OutputTree.paths(out.resolve("run/units"))) {
      if (Receipts.read(receipt.toString()).stage().equals(UnitReceipt.COUNT_TOKENS)) {
        receipts.add(receipt);
      }
    }
    assertThat(receipts).hasSizeGreaterThan(5);
    // As a run that was killed leaves the folder.
    Files.delete(receipts.get(2));
    Files.delete(out.resolve("manifest.json"));
    assertThat(CommandLineRun.of("verify", out.toString()).endedWith(4).out())
        .contains("count tokens: " + (receipts.size() - 1) + " of " + receipts.size());
    assertThat(count(args).succeeded().out()).isEqualTo(first.out());
    assertUnits(out, 1, receipts.size() - 1);

    // A new file before all others moves the units after it, which are kept.
    Files.writeString(input.resolve("00000-a.txt"), "new");
    JsonNode grown = json(count(args).succeeded());
    assertThat(grown.at("/totals/documents").longValue()).isEqualTo(3001);
    JsonNode finished = Json.MAPPER.readTree(out.resolve("run/finished.json").toFile());
    assertThat(finished.path("unitsKept").longValue()).isGreaterThan(receipts.size() / 2);
  }

  private static void assertUnits(Path out, long counted, long kept) throws IOException {
    JsonNode finished = Json.MAPPER.readTree(out.resolve("run/finished.json").toFile());
    assertThat(finished.path("unitsEncoded").longValue()).isEqualTo(counted);
    assertThat(finished.path("unitsKept").longValue()).isEqualTo(kept);
  }

  @Test
  void countsASmallCorpusAsBeamDoes() throws IOException {
    Files.writeString(
        folder.resolve("bad.jsonl"), "{\"text\": \"fine\", \"lang\": \"x\"}\n{broken\n");
    List<String> inputs =
        List.of("--input", corpus.toString(), folder.resolve("bad.jsonl").toString());
    List<String> args = new ArrayList<>(inputs);
    args.addAll(List.of("--group-by", "lang", "--end-of-document", "<|end|>", "--json"));
    Path here = folder.resolve("here");
    args.addAll(List.of("--output", here.toString()));
    CommandLineRun alone = count(args.toArray(String[]::new));
    Path graph = folder.resolve("graph");
    args.set(args.size() - 1, graph.toString());
    args.add("--targetParallelism=1"); // a flag of Beam's
    CommandLineRun byGraph = count(args.toArray(String[]::new));
    assertThat(alone.out()).isEqualTo(byGraph.out()).contains("invalid-json");
    assertThat(alone.exitCode()).isEqualTo(byGraph.exitCode());
    for (String path : OutputTree.files(graph)) {
      if (!path.startsWith("run/") || path.startsWith("run/units/")) {
        assertThat(here.resolve(path)).hasSameBinaryContentAs(graph.resolve(path));
      }
    }
    CommandLineRun.of("verify", here.toString(), "--full").succeeded();
  }

  @Test
  void leavesDeadLettersWhereOnlyThisUserReadsThem() throws IOException {
    Path input = Files.writeString(folder.resolve("broken.jsonl"), "{\"text\":\"a\"}\nbroken\n");
    String said = "all of them: merganser cat " + Scratch.folder() + "/count-";
    CommandLineRun run = count("--input", input.toString());
    assertThat(run.err()).contains(said);
    Path letters =
        Path.of(
            run.err()
                .replaceAll(
                    "(?s).*all of them: merganser cat (.*) --dead-letters\n", "$1/dead-letters"));
    assertThat(letters).isNotEmptyDirectory();
    OutputTree.delete(letters.getParent());
  }

  @Test
  void doesNotReplaceShardsUnasked() throws IOException {
    String out = folder.resolve("out").toString();
    CommandLineRun.line("encode --tokenizer %s --input %s --output %s", trained, corpus, out)
        .succeeded();
    CommandLineRun refused = count("--input", corpus.toString(), "--output", out).endedWith(2);
    assertThat(refused.err()).contains("shards.formats", "replace or delete", "--replace");
    count("--input", corpus.toString(), "--group-by", "lang", "--output", out, "--replace")
        .succeeded();
    assertThat(folder.resolve("out/shards/parquet")).isEmptyDirectory();
    assertThat(folder.resolve("out/groups.jsonl")).isNotEmptyFile();
    CommandLineRun.of("verify", out).succeeded();
    CommandLineRun.line(
            "encode --tokenizer %s --input %s --output %s --replace", trained, corpus, out)
        .succeeded();
    assertThat(folder.resolve("out/groups.jsonl")).doesNotExist();
    CommandLineRun.of("verify", out, "--full").succeeded();
  }

  @Test
  void printsTables() throws IOException {
    Path input =
        Files.writeString(
            folder.resolve("a.jsonl"),
            "{\"text\": \"aaaa\", \"lang\": \"x\"}\n{\"text\": \"b\", \"lang\": null}\n");
    Tokenizer tokenizer = Tokenizer.read(trained.resolve("tokenizer.json"));
    int tokens = tokenizer.count("aaaa");
    CommandLineRun ran =
        count("--input", input.toString(), "--group-by", "lang", "--end-of-document", "<|end|>")
            .succeeded();
    assertThat(ran.out())
        .isEqualTo(
            """
               documents         text bytes             tokens  bytes per token  dead letters  file
                       2                  5 %18d %16.3f             0  a.jsonl

               documents         text bytes             tokens  bytes per token  group
                       1                  1                  2            0.500  (none)
                       1                  4 %18d %16.3f  x

            share of                 tokens of a
            documents          document, at most
            1 %%                                2
            10 %%                               2
            25 %%                               2
            50 %%                               2
            75 %%              %18d
            90 %%              %18d
            99 %%              %18d

             longer than    documents    share             tokens    share
                   2,048            0    0.0 %%                  0    0.0 %%
                   4,096            0    0.0 %%                  0    0.0 %%
                   8,192            0    0.0 %%                  0    0.0 %%
                  32,768            0    0.0 %%                  0    0.0 %%
                 131,072            0    0.0 %%                  0    0.0 %%

               documents               50 %%               90 %%    > 2,048  group
                       1 %18d %18d      0.0 %%  x
                       1                  2                  2      0.0 %%  (none)

                  tokens  the longest documents
            %12d  a.jsonl#0
                       2  a.jsonl#30

            documents                      2
            text bytes                     5
            tokens           %15d
            bytes per token  %15.3f
            dead letters                   0
            one token of each document is its end, <|end|>
            corpus           whole: no record was lost
            """
                .formatted(
                    tokens + 3,
                    5.0 / (tokens + 3),
                    tokens + 1,
                    4.0 / (tokens + 1),
                    tokens + 1,
                    tokens + 1,
                    tokens + 1,
                    tokens + 1,
                    tokens + 1,
                    tokens + 1,
                    tokens + 3,
                    5.0 / (tokens + 3)));
  }

  @Test
  void refusesWhatMakesNoSense() throws IOException {
    assertThat(CommandLineRun.of("count", "--input", "x").endedWith(2).err())
        .contains("--tokenizer is missing");
    assertThat(count().endedWith(2).err()).contains("corpus: is required");
    assertThat(count("--input", "x", "--json", "--events", "-").endedWith(2).err())
        .contains("--json and --events -");
    String job = "pipelines/sample.yaml";
    assertThat(CommandLineRun.of("count", job).endedWith(2).err())
        .contains(job + " learns its tokenizer", "--tokenizer");
    assertThat(count(job, "--format", "lines").endedWith(2).err())
        .contains("--format has no effect beside pipelines/sample.yaml");
    assertThat(count("--input", "x", "--runner", "FlinkRunner").endedWith(2).err())
        .contains("--output is missing: on a cluster");
    assertThat(count("--input", "x", "--tokeniser=y").endedWith(2).err()).contains("--tokeniser");
  }

  @Test
  void putsEventsAndTheTableWhereTheyAreAskedFor() throws IOException {
    CommandLineRun ran = count("--input", corpus.toString(), "--events", "-").succeeded();
    assertThat(ran.out().lines()).allMatch(line -> line.startsWith("{"));
    assertThat(ran.out()).contains("\"event\":\"run.finished\"");
    assertThat(ran.err()).contains("bytes per token");
  }
}
