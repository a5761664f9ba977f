package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.checksum.Sha256;
import org.merganser.embedding.FloatType;
import org.merganser.embedding.exchange.EmbeddingExport;
import org.merganser.pipeline.OutputTree;

/** Each command that writes a path of the user's choice, at each kind of file of an output. */
@Tag("run")
final class PathsInOutputsTest {
  private static final String PATH = "PATH";

  @TempDir static Path folder;
  private static Path run;
  private static Path corpus;
  private static Path table;
  private static Path tokenizer;

  @BeforeAll
  static void makeAnOutput() throws IOException {
    folder = folder.toRealPath();
    corpus = Files.createDirectories(folder.resolve("corpus"));
    Files.writeString(corpus.resolve("a.jsonl"), "{\"text\": \"The sun rises in the east.\"}\n");
    table = folder.resolve("table.parquet");
    CommandLineRun.line("embeddings init --rows 300 --dim 4 --output %s", table).succeeded();
    run = folder.resolve("run");
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            corpus: { inputs: [ corpus ] }
            tokenizer: { train: { vocabSize: 260, pattern: gpt2 } }
            shards: { formats: [ parquet, npy ], pack: { length: 8, remainder: drop } }
            embeddings: { table: table.parquet }
            learn: { ngrams: 2 }
            output: run
            """);
    CommandLineRun.line("run %s", job).succeeded();
    tokenizer = Files.copy(run.resolve("tokenizer/tokenizer.json"), folder.resolve("t.json"));
  }

  private static SortedMap<String, String> sums(Path below) throws IOException {
    SortedMap<String, String> sums = new TreeMap<>();
    for (String path : OutputTree.files(below)) {
      sums.put(path, Sha256.of(below.resolve(path)));
    }
    return sums;
  }

  private static List<List<String>> commands() {
    String encode = "encode --tokenizer %s --input %s --output ".formatted(tokenizer, corpus);
    return List.of(
            "trim %s --keep-vocab 258 --output PATH".formatted(tokenizer),
            "embeddings init --rows 3 --dim 2 --output PATH",
            "embeddings import %s --output PATH".formatted(table),
            "embeddings export %s --to npy --output PATH".formatted(table),
            "embeddings extend --table %s --from %s --to %s --output PATH"
                .formatted(table, tokenizer, tokenizer),
            "embeddings export %s --to safetensors --output PATH".formatted(table),
            "compare %s %s --input %s --html PATH".formatted(tokenizer, tokenizer, corpus),
            "init %s --output PATH".formatted(corpus),
            encode + folder.resolve("new") + " --events PATH",
            "run %s --events PATH".formatted(folder.resolve("job.yaml")),
            encode + "PATH",
            "count --tokenizer %s --input %s --output PATH".formatted(tokenizer, corpus),
            "train --vocab-size 260 --pattern gpt2 --input %s --output PATH".formatted(corpus),
            "convert %s --to bin --output PATH".formatted(run),
            "merge %s --to bin --output PATH".formatted(run),
            "embed %s --table %s --output PATH".formatted(run, table))
        .stream()
        .map(line -> List.of(line.split(" ")))
        .toList();
  }

  @Test
  void noCommandWritesToAFileOfAnOutput() throws IOException {
    SortedMap<String, String> before = sums(folder);
    for (List<String> command : commands()) {
      for (String file : OutputTree.files(run)) {
        refused(command, run.resolve(file));
      }
    }
    assertThat(sums(folder)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "new",
        "tokenizer",
        "tokenizer/new",
        "shards/new",
        "shards/parquet/new",
        "embedded/new",
        "run/new",
        "run/units/a/b",
        "../link/new",
        "../corpus/../run/shards/new"
      })
  void noCommandWritesAPathInAnOutput(String path) throws IOException {
    Path link = folder.resolve("link");
    if (!Files.exists(link)) {
      Files.createSymbolicLink(link, run);
    }
    SortedMap<String, String> before = sums(folder);
    for (List<String> command : commands()) {
      refused(command, Path.of(run + "/" + path));
    }
    assertThat(sums(folder)).isEqualTo(before);
  }

  private static void refused(List<String> command, Path path) {
    String[] line =
        command.stream()
            .map(word -> word.equals(PATH) ? path.toString() : word)
            .toArray(String[]::new);
    CommandLineRun ran = CommandLineRun.of(line);
    assertThat(ran.exitCode()).as("%s: %s", List.of(line), ran).isEqualTo(2);
    assertThat(ran.err())
        .as("" + List.of(line))
        .containsPattern("lies in .*, the output of a run|lie one in the other|lies in the output");
  }

  @Test
  void replacesOnlyFilesOfItsOwnKind() throws IOException {
    Path npy = folder.resolve("kinds.npy");
    Path safe = folder.resolve("kinds.safetensors");
    EmbeddingExport.writeNpy(table, FloatType.F32, npy);
    EmbeddingExport.writeSafetensors(table, "e", FloatType.F32, safe);
    Path html = folder.resolve("kinds.html");
    String compare = "compare %s %s --input %s --html %s";
    CommandLineRun.line(compare, tokenizer, tokenizer, corpus, html).succeeded();
    Path parquet = folder.resolve("kinds.parquet");
    Files.copy(table, parquet);
    Path text = Files.writeString(folder.resolve("kinds.txt"), "mine\n");
    Path shard = folder.resolve("kinds-shard.parquet");
    Files.copy(run.resolve("shards/parquet/part-0000000-000.parquet"), shard);
    Path events = folder.resolve("kinds.events");
    String encode = "encode --tokenizer %s --input %s --output %s --events %s";
    Path out = folder.resolve("kinds-out");
    CommandLineRun.line(encode, tokenizer, corpus, out, events).succeeded();
    List<Path> all = List.of(npy, safe, html, parquet, text, shard, events, tokenizer);
    for (Path file : all) {
      for (List<String> command : commands().subList(1, 9)) {
        String name = String.join(" ", command);
        boolean own =
            file.equals(npy) && name.contains("--to npy")
                || file.equals(safe) && name.matches(".*--to safetensors.*|embeddings extend.*")
                || file.equals(html) && name.startsWith("compare")
                || file.equals(parquet) && name.matches("embeddings (init|import|extend).*")
                || file.equals(events) && name.contains("--events");
        String before = Sha256.of(file);
        CommandLineRun ran =
            CommandLineRun.of(
                command.stream()
                    .map(word -> word.equals(PATH) ? file.toString() : word)
                    .toArray(String[]::new));
        assertThat(ran.exitCode() == 0).as("%s at %s: %s", name, file, ran).isEqualTo(own);
        if (!own) {
          assertThat(Sha256.of(file)).as("%s at %s", name, file).isEqualTo(before);
        }
      }
    }
  }

  @Test
  void eventsGoOnInALogOfEventsAlone() throws IOException {
    Path log = folder.resolve("log");
    Path out = folder.resolve("log-out");
    String encode = "encode --tokenizer %s --input %s --output %s --events %s";
    Files.createFile(log);
    CommandLineRun.line(encode, tokenizer, corpus, out, log).succeeded();
    long size = Files.size(log);
    CommandLineRun.line(encode, tokenizer, corpus, out, log).succeeded();
    assertThat(Files.size(log)).isGreaterThan(size);
    Path text = corpus.resolve("a.jsonl");
    CommandLineRun ran = CommandLineRun.line(encode, tokenizer, corpus, out, text).endedWith(2);
    assertThat(ran.err()).contains("--events " + text + ": is part of an input");
    ran = CommandLineRun.line(encode, tokenizer, corpus, out, corpus.resolve("b")).endedWith(2);
    assertThat(ran.err()).contains("is part of an input");
    ran = CommandLineRun.line(encode, tokenizer, corpus, out, tokenizer).endedWith(2);
    assertThat(ran.err()).contains("exists and is not a log of events");
  }

  @Test
  void trimGoesOnWithAFolderOfTrimAlone() throws IOException {
    Path out = folder.resolve("trimmed");
    String trim = "trim %s --keep-vocab 258 --output %s";
    CommandLineRun.line(trim, tokenizer, out).succeeded();
    CommandLineRun.line(trim, tokenizer, out).succeeded();
    Files.delete(out.resolve("ids.json"));
    assertThat(CommandLineRun.line(trim, tokenizer, out).endedWith(2).err())
        .contains("is not empty and was not written by trim (its ids.json is missing or empty)");
    Path mine = Files.createDirectory(folder.resolve("mine"));
    Files.createFile(mine.resolve("ids.json"));
    Files.writeString(mine.resolve("tokenizer.json"), "mine");
    assertThat(CommandLineRun.line(trim, tokenizer, mine).endedWith(2).err())
        .contains("is not empty and was not written by trim (its ids.json is missing or empty)");
    assertThat(mine.resolve("tokenizer.json")).hasContent("mine");
    Files.writeString(out.resolve("ids.json"), "{\"mine\": 1}");
    assertThat(CommandLineRun.line(trim, tokenizer, out).endedWith(2).err())
        .contains("ids.json: exists and is not ids of trim");
    assertThat(CommandLineRun.line(trim, tokenizer, run).endedWith(2).err())
        .contains("is the output of a run");
    assertThat(CommandLineRun.line(trim, tokenizer, folder).endedWith(2).err())
        .contains("lie one in the other");
    assertThat(CommandLineRun.line(trim, tokenizer, table).endedWith(2).err())
        .contains("is a file; name a folder");
  }
}
