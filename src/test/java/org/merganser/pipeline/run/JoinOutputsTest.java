package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.PooledRow;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.shard.Duck;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;

/**
 * What is written of the join, against plain arithmetic over the shards; some documents are kept
 * for validation.
 */
@Tag("run")
final class JoinOutputsTest {
  private static final int DIM = 8;

  @TempDir static Path folder;
  private static Path base;
  private static String table;
  private static EmbeddingTable open;
  private static Map<String, List<int[]>> documents;
  private static int endOfDocument;

  @BeforeAll
  static void encodeACorpus() throws Exception {
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    Random random = new Random(7);
    String[] words = new String[300];
    for (int i = 0; i < words.length; i++) {
      words[i] = Integer.toString(random.nextInt(1 << 24), 36);
    }
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      lines.append("{\"id\":\"d").append(i).append("\",\"text\":\"");
      lines
          .append(text(random, words, i == 5 ? 0 : 1 + random.nextInt(40)).replace('\n', ' '))
          .append("\"}\n");
    }
    Files.writeString(corpus.resolve("a.jsonl"), lines);
    Files.writeString(corpus.resolve("large.txt"), text(random, words, 60_000)); // 330 kB
    Files.writeString(corpus.resolve("z.txt"), "the last one");
    table = folder.resolve("table.parquet").toString();
    Jobs.table(table, 400, DIM);
    base = folder.resolve("base");
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            corpus: {inputs: ["%s"], validation: 0.1, maxDocumentBytes: 100000}
            tokenizer:
              train: {vocabSize: 390, family: qwen2, maxBytes: 100000, specialTokens: ["<|end|>"]}
            shards: {endOfDocument: "<|end|>"}
            output: "%s"
            """
                .formatted(corpus, base));
    CommandLineRun.of("run", job.toString(), "--targetParallelism=2").succeeded();
    open = EmbeddingTable.open(0, Path.of(table), folder.resolve("flat"));
    documents = read();
    endOfDocument =
        org.merganser.tokenizer.Tokenizer.read(base.resolve("tokenizer/tokenizer.json"))
            .id("<|end|>");
  }

  private static String text(Random random, String[] words, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      // a skewed choice, so that frequencies differ
      int word = (int) (words.length * random.nextDouble() * random.nextDouble());
      text.append(i == 0 ? "" : i % 20 == 0 ? "\n" : " ").append(words[word]);
    }
    return text.toString();
  }

  /** The ids of each document, its parts in order. */
  private static Map<String, List<int[]>> read() throws IOException {
    Map<String, List<int[]>> ids = new LinkedHashMap<>();
    for (String shards : List.of("shards/parquet", "validation/parquet")) {
      for (ShardRow row : ShardRows.of(base.resolve(shards))) {
        ids.computeIfAbsent(row.docId, id -> new ArrayList<>()).add(ShardRows.ids(row));
      }
    }
    return ids;
  }

  private static Path embed(String name, String... settings) {
    Path out = folder.resolve(name);
    CommandLineRun.of(command(out, settings)).succeeded();
    return out;
  }

  private static String[] command(Path out, String... settings) {
    List<String> args =
        new ArrayList<>(List.of("embed", "--run=" + base, "--table=" + table, "--output=" + out));
    for (String setting : settings) {
      args.addAll(setting.startsWith("--") ? List.of(setting) : List.of("--set", setting));
    }
    return args.toArray(String[]::new);
  }

  /** The rows of each document, those of its parts in order. */
  private static Map<String, List<PooledRow>> pooled(Path out) throws IOException {
    Map<String, List<PooledRow>> rows = new LinkedHashMap<>();
    for (String path : OutputTree.files(out)) {
      if (path.startsWith("embedded/pooled/") || path.startsWith("validation/pooled/")) {
        for (PooledRow row : PooledRow.read(out.resolve(path))) {
          rows.computeIfAbsent(row.docId, id -> new ArrayList<>()).add(row);
        }
      }
    }
    return rows;
  }

  /** Compares with means by plain arithmetic. */
  private static void assertMeans(Map<String, List<PooledRow>> found) {
    float[] row = new float[DIM];
    for (Map.Entry<String, List<int[]>> document : documents.entrySet()) {
      String key = document.getKey();
      assertThat(found.get(key)).as(key).hasSameSizeAs(document.getValue());
      assertThat(found.get(key).get(0).part).as(key).isZero();
      for (int part = 0; part < document.getValue().size(); part++) {
        double[] sum = new double[DIM];
        int vectors = 0;
        for (int id : document.getValue().get(part)) {
          if (id != endOfDocument) {
            open.row(id, row, 0);
            vectors++;
            for (int d = 0; d < DIM; d++) {
              sum[d] += row[d];
            }
          }
        }
        PooledRow pooled = found.get(key).get(part);
        assertThat(pooled.tokens).as(key).isEqualTo(vectors);
        for (int d = 0; d < DIM; d++) {
          assertThat((double) pooled.vector[d])
              .as(key)
              .isCloseTo(
                  vectors == 0 ? 0 : sum[d] / vectors, org.assertj.core.data.Offset.offset(1e-7));
        }
      }
    }
    assertThat(found).hasSameSizeAs(documents);
  }

  @Test
  void oneDocumentIsCutIntoParts() {
    assertThat(documents.get("large.txt")).hasSizeGreaterThan(2);
  }

  @Test
  void meansAreOneVectorADocumentOrPart() throws Exception {
    Path out = embed("mean");
    assertMeans(pooled(out));
    assertThat(OutputTree.sums(embed("mean1", "--targetParallelism=1"), "embedded/"))
        .isEqualTo(OutputTree.sums(out, "embedded/"));
    assertThat(
            Duck.query("select sum(count) from '" + out.resolve("embedded/rows.parquet") + "'")
                .get(0))
        .isEqualTo(
            ""
                + documents.values().stream()
                    .flatMap(List::stream)
                    .mapToLong(part -> part.length)
                    .sum());
  }

  @Test
  void theSequenceHoldsEveryTokenInOrderWithItsVector() throws Exception {
    for (String dtype : List.of("f32", "f16")) {
      Path out = embed("sequence-" + dtype, "--outputs=sequence", "embeddings.dtype=" + dtype);
      String all =
          "(select * from '"
              + out
              + "/embedded/sequence/*.parquet' union all select * from '"
              + out
              + "/validation/sequence/*.parquet')";
      assertThat(
              Duck.query(
                  "with s as (select doc_id, part, list(id order by position) ids from %s group by"
                      + " all), d as (select doc_id, part, token_ids ids from"
                      + " read_parquet(['%s/shards/parquet/*.parquet',"
                      + " '%s/validation/parquet/*.parquet'])) select count(*), bool_and(s.ids ="
                      + " d.ids) from s join d using (doc_id, part)",
                  all, base, base))
          .containsExactly(documents.values().stream().mapToInt(List::size).sum() + "|true");
      assertThat(
              Duck.query(
                  "select max(array_distance(s.embedding::float[8], t.embedding::float[8])) < "
                      + (dtype.equals("f32") ? "1e-30" : "1e-3")
                      + " from "
                      + all
                      + " s join '"
                      + table
                      + "' t using (id)"))
          .containsExactly("true");
    }
  }

  @Test
  void aSequenceAboveTheLimitIsRefusedBeforeAnyIsWritten() throws Exception {
    Path out = folder.resolve("refused");
    String error =
        CommandLineRun.of(command(out, "--outputs=sequence", "embeddings.maxSequenceBytes=1000"))
            .endedWith(2)
            .err();
    long tokens =
        documents.values().stream().flatMap(List::stream).mapToLong(part -> part.length).sum();
    assertThat(error)
        .contains(
            String.format("sequence would take %,d bytes (%,d tokens x 8", tokens * 32, tokens),
            "allow it with embeddings.maxSequenceBytes: " + tokens * 32)
        .doesNotContain("\tat ");
    assertThat(out).doesNotExist();
  }

  @Test
  void aRunThatEncodesCountsTheSequencesOfValidationToo() throws Exception {
    long tokens =
        documents.values().stream().flatMap(List::stream).mapToLong(part -> part.length).sum();
    String[] run =
        CommandLineRun.words(
            "run %s %s --set=output=%s",
            folder.resolve("job.yaml"),
            "--set=embeddings={table: %s, output: [sequence], maxSequenceBytes: %d}"
                .formatted(table, tokens * 32 - 1),
            folder.resolve("above"));
    assertThat(CommandLineRun.of(run).endedWith(2).err())
        .contains(String.format("sequence would take %,d bytes (%,d tokens", tokens * 32, tokens));
  }

  @Test
  void aTableThatHasARowForEveryIdThatWasLearnedIsEnough() throws Exception {
    Path corpus = Files.writeString(folder.resolve("small.txt"), "ab ab ab");
    Path out = folder.resolve("small");
    String[] run =
        CommandLineRun.words(
            "run %s --set=corpus.inputs=[%s] --set=corpus.validation=0"
                + " --set=tokenizer.train.vocabSize=60000 %s --set=output=%s",
            folder.resolve("job.yaml"), corpus, "--set=embeddings={table: " + table + "}", out);
    CommandLineRun.of(run).succeeded();
    assertThat(
            Duck.query("select count(*) > 1 from '" + out.resolve("embedded/rows.parquet") + "'"))
        .containsExactly("true");
    String small = folder.resolve("short.parquet").toString();
    Jobs.table(small, 256, 4);
    run[5] = "--set=embeddings={table: " + small + "}";
    for (String output : List.of("small", "small2")) { // a tokenizer that is there, and a new one
      run[6] = "--set=output=" + folder.resolve(output);
      assertThat(CommandLineRun.of(run).endedWith(2).err())
          .contains("has 256 rows, the vocabulary needs 2");
    }
  }

  @Test
  void aRunReadsItsTableForItsSumAndOnceForItsChecksAndItsFlatForm() throws Exception {
    Path ownBytes = Path.of("/proc/self/io");
    assumeTrue(Files.isReadable(ownBytes), "Linux alone counts what a process reads");
    Path large = folder.resolve("large.parquet");
    Jobs.table(large, 20_000, 800);
    embed("before"); // so that classes are loaded and the shards are known
    long before = bytesRead(ownBytes);
    CommandLineRun.line(
            "embed --run=%s --table=%s --outputs=pooled --output=%s",
            base, large, folder.resolve("large"))
        .succeeded();
    long read = bytesRead(ownBytes) - before;
    // Once for the sum and once for the rows.
    assertThat(read).isBetween(2 * Files.size(large), Files.size(large) * 5 / 2);
  }

  private static long bytesRead(Path io) throws IOException {
    return Files.readAllLines(io).stream()
        .filter(line -> line.startsWith("rchar: "))
        .mapToLong(line -> Long.parseLong(line.substring(7)))
        .findFirst()
        .orElseThrow();
  }
}
