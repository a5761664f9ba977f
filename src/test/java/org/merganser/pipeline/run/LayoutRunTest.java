package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.shard.Duck;
import org.merganser.shard.NumPy;

/** Layouts, packing and shuffling as stages of a run over several units. */
@Tag("run")
final class LayoutRunTest {
  /** Opening a file counts like 8 KiB, of which a unit takes 4 MiB: two units. */
  private static final int FILES = 600;

  private static final String[] LAYOUTS = {
    "shards.formats=[parquet, megatron, bin, npy, datatrove]", "shards.maxTokens=9000"
  };
  private static final String[] PACKED = {
    "shards.formats=[megatron, npy]",
    "shards.pack={length: 100, strategy: bestFit}",
    "shards.shuffle={seed: 7}"
  };

  @TempDir static Path folder;
  private static Path corpus;
  private static Path base;
  private static Path packed;

  @BeforeAll
  static void runOnOneThread() throws IOException {
    corpus = Files.createDirectories(folder.resolve("corpus"));
    for (int i = 0; i < FILES; i++) {
      String name = String.format(Locale.ROOT, "f%04d.txt", i);
      // Some documents are empty, some longer than a packed sequence.
      Files.writeString(corpus.resolve(name), "Die Sonne geht auf. ".repeat(i % 90) + i + "\n\n\n");
    }
    base = folder.resolve("base");
    run(base, "--targetParallelism=1", LAYOUTS).succeeded();
    packed = folder.resolve("packed");
    run(packed, "--targetParallelism=1", PACKED).succeeded();
  }

  private static CommandLineRun run(Path out, String parallelism, String... settings) {
    return Jobs.lean(
        out,
        List.of(
            parallelism,
            "corpus={inputs: ['" + corpus + "'], format: lines}",
            "shards.groupBy=null",
            "embeddings=null",
            "tokenizer.train.vocabSize=400"),
        settings);
  }

  @Test
  void theBytesDoNotDependOnTheParallelism() throws IOException {
    Path again = folder.resolve("again");
    run(again, "--targetParallelism=4", LAYOUTS).succeeded();
    assertThat(OutputTree.sums(again)).isEqualTo(OutputTree.sums(base));
    Path packedAgain = folder.resolve("packed-again");
    run(packedAgain, "--targetParallelism=4", PACKED).succeeded();
    assertThat(OutputTree.sums(packedAgain)).isEqualTo(OutputTree.sums(packed));
    assertThat(ManifestVerification.check("" + base, true).findings()).isEmpty();
    assertThat(ManifestVerification.check("" + packed, true).findings()).isEmpty();
  }

  @Test
  void everyLayoutHoldsTheCanonicalIdsInTheirOrder() throws Exception {
    List<String> read = NumPy.run("layouts.py", base, dump(base));
    String expected = read.get(0);
    String documents =
        Duck.query("SELECT count(*) FROM '" + base + "/shards/parquet/*.parquet'").get(0);
    assertThat(read)
        .containsExactly(
            expected,
            "npy " + expected,
            "bin " + expected,
            "datatrove " + expected,
            "datatrove " + documents,
            "megatron " + expected,
            "megatron " + documents);
    assertThat(OutputTree.sums(base, "shards/parquet/")).hasSizeGreaterThan(8);
    assertThat(
            Duck.query(
                "SELECT max(t) FROM (SELECT sum(num_tokens) t FROM"
                    + " read_parquet('%s/shards/parquet/*.parquet', filename=true) GROUP BY"
                    + " filename)",
                base))
        .allMatch(tokens -> Long.parseLong(tokens) <= 9000);
  }

  /** The ids of the canonical shards, as DuckDB reads them, a line each. */
  private static Path dump(Path out) throws Exception {
    Path dump = folder.resolve("ids.txt");
    Duck.query(
        "COPY (SELECT unnest(token_ids) FROM (SELECT token_ids FROM read_parquet('"
            + out
            + "/shards/parquet/*.parquet', filename=true) ORDER BY filename, file_row_number))"
                .replace("filename=true", "filename=true, file_row_number=true")
            + " TO '"
            + dump
            + "' (HEADER false)");
    return dump;
  }

  @Test
  void theIndexBesideAPartLeadsBackToTheDocument() throws Exception {
    for (String layout : List.of("megatron", "bin", "npy", "datatrove")) {
      assertThat(
              Duck.query(
                  "SELECT count(*), sum(i.num_tokens), count(DISTINCT i.doc_id) FROM"
                      + " '%s/shards/%s/*.index.parquet' i JOIN '%s/shards/parquet/*.parquet' s"
                      + " USING (doc_id, file, \"offset\", part, num_tokens)",
                  base, layout, base))
          .isEqualTo(
              Duck.query(
                  "SELECT count(*), sum(num_tokens), count(DISTINCT doc_id) FROM"
                      + " '%s/shards/parquet/*.parquet'",
                  base));
    }
  }

  @Test
  void packedSequencesHoldEveryIdOfEveryDocumentOnce() throws Exception {
    String pieces =
        "SELECT doc_id, flatten(list(ids ORDER BY part, position)) ids FROM (SELECT doc_ids[i]"
            + " doc_id, parts[i] part, positions[i] AS position, token_ids[starts[i] + 1 :"
            + " coalesce(starts[i + 1], num_tokens)] ids FROM (SELECT *, unnest(range(1,"
            + " len(starts) + 1)) i FROM '"
            + packed
            + "/shards/packed/parquet/*.parquet')) GROUP BY doc_id";
    String documents =
        "SELECT doc_id, flatten(list(token_ids ORDER BY part)) ids FROM '"
            + packed
            + "/shards/parquet/*.parquet' GROUP BY doc_id";
    assertThat(Duck.query("(" + pieces + ") EXCEPT (" + documents + ")")).isEmpty();
    assertThat(Duck.query("(" + documents + ") EXCEPT (" + pieces + ")")).isEmpty();
    List<String> sequences =
        Duck.query(
            "SELECT count(*), count(DISTINCT sequence_id), max(num_tokens), max(len(token_ids))"
                + " FROM '%s/shards/packed/parquet/*.parquet'",
            packed);
    String count = sequences.get(0).split("\\|", -1)[0];
    assertThat(sequences).containsExactly(count + "|" + count + "|100|100");
    // Filled with the end of documents where numpy needs a rectangle.
    assertThat(NumPy.run("packed_shapes.py", packed + "/shards/packed/npy"))
        .containsExactly(count + " {100}");
  }

  @Test
  void theShuffleIsGlobalAndTheSeedMatters() throws Exception {
    String order =
        "SELECT string_agg(sequence_id[:7], '') FROM '%s/shards/packed/parquet/*.parquet'";
    Path other = folder.resolve("other-seed");
    String[] settings = PACKED.clone();
    settings[2] = "shards.shuffle={seed: 8}";
    run(other, "--targetParallelism=2", settings).succeeded();
    List<String> first = Duck.query(String.format(Locale.ROOT, order, packed));
    assertThat(first).isNotEqualTo(Duck.query(String.format(Locale.ROOT, order, other)));
    // Neighbours come from any of the two units.
    String units = first.get(0);
    int same = 0;
    int pairs = units.length() / 7 - 1;
    for (int i = 0; i < pairs; i++) {
      same +=
          units.substring(7 * i, 7 * i + 7).equals(units.substring(7 * i + 7, 7 * i + 14)) ? 1 : 0;
    }
    assertThat(same).isBetween(pairs / 4, pairs * 8 / 10);
  }

  @Test
  void shuffledDocumentsAreAllThereInAnotherOrder() throws Exception {
    Path out = folder.resolve("shuffled");
    run(
            out,
            "--targetParallelism=2",
            "shards.shuffle={of: documents}",
            "shards.pack={length: 32}",
            "shards.formats=[datatrove]")
        .succeeded();
    String all = "SELECT * FROM '" + out + "/shards/%s/*.parquet'";
    String canonical = String.format(Locale.ROOT, all, "parquet");
    String shuffled = String.format(Locale.ROOT, all, "shuffled/parquet");
    assertThat(Duck.query("(" + canonical + ") EXCEPT ALL (" + shuffled + ")")).isEmpty();
    assertThat(Duck.query("(" + shuffled + ") EXCEPT ALL (" + canonical + ")")).isEmpty();
    assertThat(Duck.query(shuffled + " LIMIT 9")).isNotEqualTo(Duck.query(canonical + " LIMIT 9"));
    // They are packed in that order: a sequence holds documents from anywhere.
    assertThat(OutputTree.sums(out, "shards/packed/datatrove/")).hasSize(4);
    assertThat(
            Duck.query(
                "SELECT DISTINCT doc_id FROM (SELECT unnest(doc_ids) doc_id FROM"
                    + " '%s/shards/packed/parquet/*.parquet' LIMIT 20) WHERE doc_id NOT IN (SELECT"
                    + " doc_id FROM (%s LIMIT 20))",
                out, shuffled))
        .isEmpty();
    assertThat(
            Duck.query("SELECT sum(num_tokens) FROM '" + out + "/shards/packed/parquet/*.parquet'"))
        .isEqualTo(
            Duck.query("SELECT sum(num_tokens) FROM '" + out + "/shards/parquet/*.parquet'"));
    assertThat(ManifestVerification.check("" + out, true).findings()).isEmpty();
  }

  @Test
  void makesALostFileOfALayoutAgainAndNoOtherLayout() throws IOException {
    SortedMap<String, String> expected = OutputTree.sums(base);
    for (String path : OutputTree.files(base)) {
      Files.setLastModifiedTime(base.resolve(path), FileTime.fromMillis(1_000_000_000_000L));
    }
    Files.delete(base.resolve("shards/npy/part-0000001-000.npy"));
    run(base, "--targetParallelism=2", LAYOUTS).succeeded();
    assertThat(OutputTree.sums(base)).isEqualTo(expected);
    assertThat(
            OutputTree.times(base, "shards/").entrySet().stream()
                .filter(file -> file.getValue().toMillis() != 1_000_000_000_000L))
        .isNotEmpty()
        .allMatch(file -> file.getKey().startsWith("shards/npy/part-0000001-"));
  }

  @Test
  void makesALostShuffledShardAgainThoughTheRowsThatWereSetAsideAreGone() throws IOException {
    SortedMap<String, String> expected = OutputTree.sums(packed);
    Files.delete(packed.resolve("shards/packed/parquet/part-0000000-000.parquet"));
    for (String path : OutputTree.files(packed)) {
      if (path.startsWith("run/shuffle/")) {
        Files.delete(packed.resolve(path));
      }
    }
    run(packed, "--enforceImmutability=true", PACKED).succeeded();
    assertThat(OutputTree.sums(packed)).isEqualTo(expected);
  }

  @Test
  void shardsOfAnEarlierRunGiveTheSameLayoutsAsTheRunItself() throws IOException {
    Path out = folder.resolve("later");
    CommandLineRun.of(
            "run",
            job(
                "shards:\n  from: "
                    + packed
                    + "\n  formats: [megatron, npy]\n"
                    + "  pack: {length: 100, strategy: bestFit}\n  shuffle: {seed: 7}\noutput: "
                    + out))
        .succeeded();
    assertThat(OutputTree.sums(out, "shards/packed/"))
        .isEqualTo(OutputTree.sums(packed, "shards/packed/"));
  }

  @Test
  void validationDocumentsAreLaidOutApartAndNeverShuffledAmongTheOthers() throws Exception {
    Path out = folder.resolve("split");
    run(
            out,
            "--targetParallelism=2",
            "corpus={validation: 0.2, inputs: ['" + corpus + "'], format: lines}",
            "shards.formats=[npy]",
            "shards.shuffle={seed: 1}",
            "shards.pack={length: 64}")
        .succeeded();
    for (String side : List.of("shards", "validation")) {
      assertThat(
              Duck.query(
                  "SELECT DISTINCT unnest(doc_ids) d FROM '%s/%s/packed/parquet/*.parquet' ORDER BY"
                      + " d",
                  out, side))
          .isNotEmpty()
          .isEqualTo(
              Duck.query("SELECT doc_id FROM '%s/%s/parquet/*.parquet' ORDER BY 1", out, side));
      assertThat(OutputTree.sums(out, side + "/packed/npy/")).hasSize(2);
    }
    assertThat(ManifestVerification.check("" + out, true).findings()).isEmpty();
  }

  private static String job(String yaml) throws IOException {
    return Files.writeString(folder.resolve("job.yaml"), yaml).toString();
  }
}
