package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.layout.DolmaDocuments;
import org.merganser.layout.LayoutRows;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.OutputTree;
import org.merganser.shard.Duck;
import org.merganser.shard.NumPy;

/** The layout dolma in runs: groups, validation, merging, masks, and documents with EOS as text. */
@Tag("run")
final class DolmaRunTest {
  private static final String END = "<|endoftext|>";

  @TempDir static Path folder;
  private static Path base;

  @BeforeAll
  static void runOnce() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      String text = "The sun rises over hill " + i + (i % 3 == 0 ? "." + END + "Again." : ".");
      lines.append(
          "{\"id\": \"d,%d\", \"lang\": \"%s\", \"text\": \"%s\"}\n"
              .formatted(i, i % 2 == 0 ? "en" : "de", i % 50 == 7 ? "" : text));
    }
    Files.writeString(folder.resolve("corpus.jsonl"), lines);
    base = folder.resolve("base");
    CommandLineRun.of("run", job("base", "")).succeeded();
  }

  private static String job(String output, String more) throws IOException {
    return Files.writeString(
            folder.resolve(output + ".yaml"),
            """
            corpus: { inputs: [ corpus.jsonl ], format: jsonl, validation: 0.1 }
            tokenizer: { specialText: parse, train: { vocabSize: 300, pattern: gpt2,
              specialTokens: [ "<|endoftext|>" ] } }
            shards: { formats: [ dolma ], endOfDocument: "%s", partitionBy: lang, maxTokens: 300 %s }
            output: %s
            """
                .formatted(END, more, output))
        .toString();
  }

  private static List<Path> files(Path out, String suffix) throws IOException {
    try (Stream<Path> all = Files.walk(out)) {
      return all.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  @Test
  void eachGroupOfEachSideHasTheIdsOfItsShardsAndALineForEachDocument() throws Exception {
    assertThat(ManifestVerification.check("" + base, true).findings()).isEmpty();
    for (String side : List.of("shards", "validation")) {
      for (String group : List.of("lang=en", "lang=de")) {
        Path dolma = base.resolve(side + "/dolma/" + group);
        assertThat(LayoutRows.show(LayoutRows.ofFolder(dolma)))
            .isNotEmpty()
            .isEqualTo(
                LayoutRows.show(LayoutRows.ofFolder(base.resolve(side + "/parquet/" + group))));
        assertThat(
                Duck.query(
                    "SELECT column2, column3, column4, column1 - column0 FROM"
                        + " read_csv('%s/*.csv.gz', header = false) ORDER BY ALL",
                    dolma))
            .isEqualTo(
                Duck.query(
                    "SELECT doc_id, file, \"offset\" + 1, num_tokens FROM"
                        + " '%s/%s/parquet/%s/*.parquet' ORDER BY ALL",
                    base, side, group));
      }
    }
  }

  @Test
  void endsInTheTextDivideDocumentsForAReaderOfIdsAndNotForOneOfTheList() throws Exception {
    List<Object> arguments = new ArrayList<>(List.of("uint16", 0, -1));
    arguments.addAll(files(base.resolve("shards"), ".npy"));
    arguments.addAll(files(base.resolve("validation"), ".npy"));
    List<String> read = NumPy.run("dolma.py", arguments.toArray());
    int documents = count(read, "csv ");
    assertThat(documents).isEqualTo(300);
    assertThat(count(read, "rows ")).isEqualTo(documents);
    // A third of the documents has an end in its text.
    assertThat(count(read, "eos ")).isEqualTo(documents + 98);
  }

  /** The number of lists in the lists of some lines. */
  private static int count(List<String> lines, String prefix) {
    return lines.stream()
        .filter(line -> line.startsWith(prefix))
        .mapToInt(line -> line.split("\\], \\[", -1).length)
        .sum();
  }

  @Test
  void shardsOfTheRunGiveTheSameFilesLaterAndMergedOnesTheSameIds() throws IOException {
    Path later = folder.resolve("later");
    CommandLineRun.line("convert %s --to dolma --max-tokens 300 --output %s", base, later)
        .succeeded();
    SortedMap<String, String> expected = OutputTree.sums(base, "shards/dolma/");
    assertThat(expected).hasSizeGreaterThan(6);
    assertThat(OutputTree.sums(later, "shards/dolma/")).isEqualTo(expected);
    assertThat(OutputTree.sums(later, "validation/dolma/"))
        .isEqualTo(OutputTree.sums(base, "validation/dolma/"));
    Path merged = folder.resolve("merged");
    CommandLineRun.line("merge %s --to dolma --output %s", base, merged).succeeded();
    assertThat(files(merged.resolve("shards"), ".npy"))
        .containsExactly(
            merged.resolve("shards/dolma/lang=de/part-0000000-000.npy"),
            merged.resolve("shards/dolma/lang=en/part-0000000-000.npy"));
    for (String group : List.of("lang=en", "lang=de")) {
      List<String> rows = new ArrayList<>();
      for (Path npy : files(base.resolve("shards/dolma/" + group), ".npy")) {
        rows.addAll(LayoutRows.show(LayoutRows.of(npy)));
      }
      assertThat(LayoutRows.show(LayoutRows.ofFolder(merged.resolve("shards/dolma/" + group))))
          .isEqualTo(rows);
    }
    assertThat(ManifestVerification.check("" + merged, true).findings()).isEmpty();
  }

  @Test
  void aLostListIsWrittenAgainAndADamagedOneIsFound() throws IOException {
    Path out = folder.resolve("lost");
    CommandLineRun.of("run", job("lost", "")).succeeded();
    SortedMap<String, String> expected = OutputTree.sums(out);
    Path list = files(out.resolve("shards/dolma"), ".csv.gz").get(0);
    byte[] bytes = Files.readAllBytes(list);
    bytes[30] ^= 1;
    Files.write(list, bytes);
    assertThat(ManifestVerification.check("" + out, true).findings().toString())
        .contains(list.getFileName().toString());
    Files.delete(list);
    CommandLineRun.of("run", job("lost", "")).succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(expected);
  }

  @Test
  void packedSequencesAreRefusedByTheJobAndByConvert() throws IOException {
    assertThat(CommandLineRun.of("run", job("packed", ", pack: { length: 64 }")).endedWith(2).err())
        .contains("shards.formats: dolma has documents and no packed sequences")
        .contains("leave out shards.pack");
    assertThat(
            CommandLineRun.line("convert %s --to dolma --pack-length 64", base).endedWith(2).err())
        .contains("dolma has documents and no packed sequences");
  }

  @Test
  void theMaskOfOlmoCoreIsAByteForEachId() throws Exception {
    Files.writeString(
        folder.resolve("chats.jsonl"),
        "{\"id\": \"1\", \"turns\": [{\"text\": \"ab \", \"loss\": false}, {\"text\": \"cd\","
            + " \"loss\": true}]}\n");
    Path job =
        Files.writeString(
            folder.resolve("masked.yaml"),
            """
            corpus: { inputs: [ chats.jsonl ], format: jsonl, segmentsField: turns }
            tokenizer: { load: base }
            shards: { formats: [ dolma ], endOfDocument: "%s" }
            output: masked
            """
                .formatted(END));
    CommandLineRun.of("run", job.toString()).succeeded();
    Path shards = folder.resolve("masked/shards");
    assertThat(LayoutRows.show(LayoutRows.ofFolder(shards.resolve("dolma"))))
        .isEqualTo(LayoutRows.show(LayoutRows.ofFolder(shards.resolve("parquet"))));
    assertThat(files(shards, ".npy.loss")).hasSize(1);
    long ids = Files.size(files(shards, ".npy").get(0)) / 2;
    assertThat(Files.size(files(shards, ".npy.loss").get(0))).isEqualTo(ids);
  }

  @Test
  void theRecordOfAParquetFileIsItsNumberFromOne() throws Exception {
    Duck.query(
        "COPY (SELECT 'd' || i AS id, 'text ' || i AS text FROM range(30) t(i)) TO '%s/p.parquet'",
        folder);
    Path job =
        Files.writeString(
            folder.resolve("rows.yaml"),
            """
            corpus: { inputs: [ p.parquet ] }
            tokenizer: { load: base }
            shards: { formats: [ dolma ], endOfDocument: "%s" }
            output: rows
            """
                .formatted(END));
    CommandLineRun.of("run", job.toString()).succeeded();
    assertThat(DolmaDocuments.read(files(folder.resolve("rows"), ".csv.gz").get(0)))
        .hasSize(30)
        .allSatisfy(
            fields ->
                assertThat("d" + (Integer.parseInt(fields.get(4)) - 1)).isEqualTo(fields.get(2)));
  }

  @Test
  void theSummaryNamesAPatternOfFiles() throws IOException {
    String summary = CommandLineRun.of("run", job("base", ""), "--verbose").succeeded().out();
    assertThat(summary)
        .contains("\ntrain on         '" + base + "/shards/dolma/*/*.npy'\n")
        .contains("numpy.memmap(f, \"uint16\", \"r\", 0)");
  }
}
