package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.parquet.HandmadeParquet;
import org.merganser.pipeline.Jobs;
import org.merganser.shard.ShardRows;

/** A Parquet file that is damaged on purpose is a dead letter, and other files are encoded. */
@Tag("run")
final class DamagedParquetRunTest {
  @TempDir Path folder;

  @Test
  void eachDamagedFileIsADeadLetterAndOthersAreEncoded() throws IOException {
    Path corpus = Files.createDirectory(folder.resolve("corpus"));
    byte[] hello = {5, 0, 0, 0, 'h', 'e', 'l', 'l', 'o'};
    byte[] block = {-8, -1, -1, -1, 7, 1, 1, 0};
    byte[] nested = new byte[200_000];
    Arrays.fill(nested, (byte) 0xEC);
    Map<String, byte[]> damaged = new TreeMap<>();
    damaged.put("levels", HandmadeParquet.levels(1, 2_000_000_000, 0, hello));
    damaged.put("block", HandmadeParquet.page(1, Encoding.DELTA_BYTE_ARRAY, block));
    damaged.put("footer", HandmadeParquet.around(new byte[0], nested));
    damaged.put("header", HandmadeParquet.file(1, CompressionCodec.UNCOMPRESSED, nested));
    damaged.put("size", HandmadeParquet.compressed(CompressionCodec.SNAPPY, 1 << 28, hello));
    for (Map.Entry<String, byte[]> file : damaged.entrySet()) {
      Files.write(corpus.resolve(file.getKey() + ".parquet"), file.getValue());
    }
    Files.write(corpus.resolve("whole.parquet"), HandmadeParquet.page(1, Encoding.PLAIN, hello));
    Path trained = folder.resolve("trained");
    Jobs.train(trained, "--input sample-data/corpus --vocab-size 300 --pattern gpt2");
    Path out = folder.resolve("out");
    CommandLineRun run =
        CommandLineRun.line("encode --tokenizer %s --input %s --output %s", trained, corpus, out);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(3); // of six records, five are dead
    assertThat(ShardRows.of(out.resolve("shards/parquet")))
        .extracting(row -> row.file)
        .containsExactly("whole.parquet");
    String inputs = Files.readString(out.resolve("inputs.jsonl"));
    for (String name : damaged.keySet()) {
      assertThat(inputs.lines())
          .filteredOn(line -> line.contains("\"" + name + ".parquet\""))
          .singleElement()
          .asString()
          .as(name)
          .contains("\"deadLetters\":{");
    }
  }
}
