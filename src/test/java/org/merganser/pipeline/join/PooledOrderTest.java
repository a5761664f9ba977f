package org.merganser.pipeline.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.cli.CommandLineRun;
import org.merganser.embedding.PooledRow;
import org.merganser.json.Json;
import org.merganser.pipeline.Jobs;

/**
 * Pooled means of a table whose sums depend on the order: a large number, a small one, and the
 * negative of the large one. They are those of the loop in docs/embeddings.md whatever the threads,
 * the files of the corpus and of the table, and the runs that wrote the shards.
 */
@Tag("run")
final class PooledOrderTest {
  private static final String LETTERS = "abcdef";
  private static final int DIM = 7;

  @TempDir Path folder;
  private final SortedMap<String, String> texts = new TreeMap<>();
  private final float[][] table = new float[257][DIM];
  private Path tokenizer;

  @BeforeEach
  void writeTheTable() throws IOException {
    Random random = new Random(Seeds.next());
    for (int i = 0; i < 90; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(i % 5 == 0 ? 200 : 9); n >= 0; n--) {
        text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
      }
      texts.put("d%03d".formatted(i), text.toString());
    }
    List<Float> values = new ArrayList<>(List.of(1e30f, -1e30f, 1f, -3e-7f, 1e16f, -1e16f));
    for (int d = 0; d < DIM; d++) {
      Collections.shuffle(values, random);
      for (int i = 0; i < LETTERS.length(); i++) {
        table[id(LETTERS.charAt(i))][d] = values.get(i);
      }
    }
    tokenizer = folder.resolve("tokenizer");
    Path letters = Files.writeString(folder.resolve("letters.txt"), "a");
    Jobs.train(
        tokenizer, "--input=%s --vocab-size=257 --pattern=gpt2 --special-token=<e>", letters);
  }

  /** Of a byte that is printable: the special token comes first, then the bytes from '!' on. */
  private static int id(char letter) {
    return 1 + letter - '!';
  }

  private float[] mean(IntStream ids) {
    double[] sum = new double[DIM];
    float[] mean = new float[DIM];
    int[] counted = ids.toArray();
    TreeMap<Integer, Integer> counts = new TreeMap<>();
    for (int id : counted) {
      counts.merge(id, 1, Integer::sum);
    }
    counts.forEach(
        (id, count) -> {
          for (int d = 0; d < DIM; d++) {
            sum[d] += (double) count * table[id][d];
          }
        });
    for (int d = 0; d < DIM; d++) {
      mean[d] = (float) (sum[d] / counted.length);
    }
    return mean;
  }

  private SortedMap<String, String> expected() {
    SortedMap<String, String> means = new TreeMap<>();
    texts.forEach(
        (id, text) -> means.put(id, bits(mean(text.chars().map(letter -> id((char) letter))))));
    return means;
  }

  private static String bits(float[] vector) {
    StringBuilder bits = new StringBuilder();
    for (float value : vector) {
      bits.append(Integer.toHexString(Float.floatToRawIntBits(value))).append(' ');
    }
    return bits.toString();
  }

  private static SortedMap<String, String> pooled(Path out) throws IOException {
    SortedMap<String, String> means = new TreeMap<>();
    try (Stream<Path> files = Files.walk(out.resolve("embedded/pooled"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        for (PooledRow row : PooledRow.read(file)) {
          assertThat(means.put(row.docId, bits(row.vector))).as(row.docId).isNull();
        }
      }
    }
    return means;
  }

  private Path npy() throws IOException {
    String shape =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }"
            .formatted(table.length, DIM);
    byte[] header =
        (shape + " ".repeat(117 - shape.length()) + "\n").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes =
        ByteBuffer.allocate(10 + header.length + 4 * DIM * table.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
            .putShort((short) header.length)
            .put(header);
    for (float[] row : table) {
      for (float value : row) {
        bytes.putFloat(value);
      }
    }
    return Files.write(folder.resolve("table.npy"), bytes.array());
  }

  private Path safetensors() throws IOException {
    byte[] header =
        "{\"table\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[0,%d]}}"
            .formatted(table.length, DIM, 4 * DIM * table.length)
            .getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + header.length + 4 * DIM * table.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header);
    for (float[] row : table) {
      for (float value : row) {
        bytes.putFloat(value);
      }
    }
    return Files.write(folder.resolve("table.safetensors"), bytes.array());
  }

  private Path imported(Path file) {
    Path rows = folder.resolve(file.getFileName() + ".parquet");
    CommandLineRun.line("embeddings import %s --output=%s", file, rows).succeeded();
    return rows;
  }

  private Path corpus(String name, List<String> ids, int documentsAFile) throws IOException {
    Path corpus = Files.createDirectories(folder.resolve(name));
    for (int from = 0; from < ids.size(); from += documentsAFile) {
      List<String> lines = new ArrayList<>();
      for (String id : ids.subList(from, Math.min(ids.size(), from + documentsAFile))) {
        lines.add(Json.line(Map.of("id", id, "text", texts.get(id))));
      }
      Files.write(corpus.resolve("%04d.jsonl".formatted(from)), lines);
    }
    return corpus;
  }

  private void run(Path out, Path corpus, Path rows, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "corpus={inputs: ['" + corpus + "'], format: jsonl}",
                "tokenizer={load: '" + tokenizer + "'}",
                "shards={endOfDocument: <e>}",
                "embeddings={table: '" + rows + "', output: [pooled]}"));
    all.addAll(List.of(more));
    Jobs.lean(out, all.toArray(String[]::new)).succeeded();
  }

  @Test
  void aMeanIsThatOfTheDocumentedLoopHoweverItIsMade() throws IOException {
    SortedMap<String, String> expected = expected();
    Path rows = imported(npy());
    List<String> ids = new ArrayList<>(texts.keySet());
    Path files = folder.resolve("files");
    run(files, corpus("one", ids, ids.size()), rows, "--targetParallelism=3");
    assertThat(pooled(files)).isEqualTo(expected);

    Path joined = folder.resolve("joined");
    CommandLineRun.line(
            "embed --run %s --table %s --outputs pooled --output %s",
            files, imported(safetensors()), joined)
        .succeeded();
    assertThat(pooled(joined)).isEqualTo(expected);

    Collections.reverse(ids);
    Path nights = folder.resolve("nights");
    String[] growing = {"corpus.append=true", "--targetParallelism=1", "shards.maxTokens=40"};
    Path corpus = corpus("growing", ids.subList(0, 31), 10);
    run(nights, corpus, rows, growing);
    Path later = corpus("later", ids.subList(31, ids.size()), 20);
    try (Stream<Path> moved = Files.list(later)) {
      for (Path file : moved.toList()) {
        Files.move(file, corpus.resolve("z" + file.getFileName()));
      }
    }
    run(nights, corpus, rows, growing);
    assertThat(pooled(nights)).isEqualTo(expected);
  }

  /** The table is one in which the order matters. */
  @Test
  void theSumInTheOrderOfTheTextIsAnother() {
    int others = 0;
    SortedMap<String, String> expected = expected();
    for (Map.Entry<String, String> document : texts.entrySet()) {
      double[] sum = new double[DIM];
      float[] mean = new float[DIM];
      for (char letter : document.getValue().toCharArray()) {
        for (int d = 0; d < DIM; d++) {
          sum[d] += table[id(letter)][d];
          mean[d] = (float) (sum[d] / document.getValue().length());
        }
      }
      if (!bits(mean).equals(expected.get(document.getKey()))) {
        others++;
      }
    }
    assertThat(others).isGreaterThan(20);
  }
}
