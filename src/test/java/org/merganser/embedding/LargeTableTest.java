package org.merganser.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.JavaProcess;
import org.merganser.cli.CommandLineRun;

/** Tables larger than the heap, through the command line in a JVM of its own. */
@Tag("run")
class LargeTableTest {
  @TempDir Path dir;

  /** A safetensors file in F16, a hole but for the first two values of each row: its id. */
  private Path sparse(int rows, int dim) throws IOException {
    Path file = dir.resolve("sparse.safetensors");
    String header =
        String.format(
            "{\"model.embed_tokens.weight\":{\"dtype\":\"F16\",\"shape\":[%d,%d],"
                + "\"data_offsets\":[0,%d]}}",
            rows, dim, 2L * rows * dim);
    ByteBuffer head = ByteBuffer.allocate(8 + header.length()).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(header.length()).put(header.getBytes(StandardCharsets.US_ASCII)).flip();
    long start = head.limit();
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      out.write(head, 0);
      ByteBuffer value = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
      for (int row = 0; row < rows; row++) {
        value.clear();
        value.putShort(Half.fromFloat(row & 1023)).putShort(Half.fromFloat(row >>> 10)).flip();
        out.write(value, start + 2L * row * dim);
      }
      out.write(ByteBuffer.allocate(1), start + 2L * rows * dim - 1);
    }
    return file;
  }

  private String merganser(String heap, String line, Path... paths) throws Exception {
    List<String> args = List.of(CommandLineRun.words(line, (Object[]) paths));
    List<String> options = List.of("-Xmx" + heap, "-Dmerganser.scratch=" + dir.resolve("scratch"));
    return ChildProcess.output(
        new ProcessBuilder(JavaProcess.command(options, "org.merganser.cli.Main", args)));
  }

  private void importsAndExports(int rows, int dim, String heap) throws Exception {
    Path source = sparse(rows, dim);
    Path table = dir.resolve("table.parquet");
    String found = merganser(heap, "embeddings import %s --output %s", source, table);
    assertThat(found)
        .contains(String.format("%,d rows of %,d values (F16)", rows, dim))
        .contains("rows that are all zero: 1, first id 0")
        .doesNotContain("equal an earlier one");
    EmbeddingTable open = EmbeddingTable.open(0, table, dir.resolve("flat"));
    float[] row = new float[dim];
    for (int id : new int[] {0, 1, 1023, 1024, rows / 2, rows - 1}) {
      open.row(id, row, 0);
      assertThat(row[0]).isEqualTo(id & 1023);
      assertThat(row[1]).isEqualTo(id >>> 10);
      assertThat(row[dim - 1]).isZero();
    }
    Path back = dir.resolve("back.safetensors");
    merganser(heap, "embeddings export %s --to safetensors --dtype F16 --output %s", table, back);
    long data = 2L * rows * dim;
    try (FileChannel a = FileChannel.open(source);
        FileChannel b = FileChannel.open(back)) {
      ByteBuffer one = ByteBuffer.allocate(1 << 20);
      ByteBuffer other = ByteBuffer.allocate(1 << 20);
      for (long at = 0; at < data; at += one.capacity()) {
        int size = (int) Math.min(one.capacity(), data - at);
        read(a, one.clear().limit(size), a.size() - data + at);
        read(b, other.clear().limit(size), b.size() - data + at);
        assertThat(one.flip().equals(other.flip())).as("bytes from %d", at).isTrue();
      }
    }
  }

  private static void read(FileChannel file, ByteBuffer to, long at) throws IOException {
    long from = at;
    while (to.hasRemaining()) {
      int read = file.read(to, from);
      assertThat(read).isPositive();
      from += read;
    }
  }

  @Test
  @Tag("long")
  void aTableSeveralTimesTheHeapIsStreamed() throws Exception {
    importsAndExports(6_000, 2_048, "32m"); // 49 MB as floats
  }

  @Test
  @Tag("soak")
  void aTableAboveOneMappingIsStreamed() throws Exception {
    importsAndExports(151_936, 3_584, "128m"); // 2.03 GiB as floats
  }
}
