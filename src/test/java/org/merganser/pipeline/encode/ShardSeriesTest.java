package org.merganser.pipeline.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.output.WrittenFile;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.shard.ParquetShardWriter;
import org.merganser.shard.ShardColumns;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;

/** Where a series of shards begins another shard. */
final class ShardSeriesTest {
  @TempDir Path folder;
  private List<WrittenFile> files = List.of();

  private static ShardRow row(String document, int part, int ids) {
    return ShardRows.row(document, "a.txt", 0, part, new int[ids]);
  }

  /** Writes rows with shards of at most ten ids; what each shard holds, as document#part. */
  private List<List<String>> shards(ShardRow... rows) throws IOException {
    OutputPaths paths = OutputPaths.of(folder.toString());
    try (UnitFiles unit = new UnitFiles(RunPaths.unstaged(paths));
        ShardSeries series =
            new ShardSeries(
                unit,
                subPart -> OutputPaths.shard(false, "", 3, subPart),
                10,
                file -> new ParquetShardWriter(file, Map.of(), ShardColumns.DOCUMENTS))) {
      for (ShardRow row : rows) {
        series.write(row);
      }
      series.finish();
      files = unit.publish(3, "encode", "f").receipt().files();
    }
    List<List<String>> shards = new ArrayList<>();
    for (WrittenFile file : files) {
      Path shard = folder.resolve(file.path());
      shards.add(ShardRows.of(shard).stream().map(row -> row.docId + "#" + row.part).toList());
      assertThat(Files.size(shard)).isEqualTo(file.size());
    }
    return shards;
  }

  @Test
  void aShardTakesDocumentsUpToItsLimit() throws IOException {
    assertThat(shards(row("a", 0, 6), row("b", 0, 4))).containsExactly(List.of("a#0", "b#0"));
  }

  @Test
  void aShardEndsBeforeTheDocumentThatWouldPassItsLimit() throws IOException {
    assertThat(shards(row("a", 0, 6), row("b", 0, 5), row("c", 0, 5)))
        .containsExactly(List.of("a#0"), List.of("b#0", "c#0"));
    assertThat(files.get(0).path()).isEqualTo("shards/parquet/part-0000003-000.parquet");
    assertThat(files.get(1).path()).isEqualTo("shards/parquet/part-0000003-001.parquet");
    assertThat(files.get(1).documents()).isEqualTo(2);
    assertThat(files.get(1).tokens()).isEqualTo(10);
  }

  @Test
  void thePartsOfADocumentStayTogether() throws IOException {
    assertThat(shards(row("a", 0, 8), row("a", 1, 8), row("b", 0, 1)))
        .containsExactly(List.of("a#0", "a#1"), List.of("b#0"));
    assertThat(files.get(0).documents()).isEqualTo(1);
  }

  @Test
  void aDocumentAboveTheLimitHasAShardOfItsOwn() throws IOException {
    assertThat(shards(row("a", 0, 1), row("b", 0, 50), row("c", 0, 1)))
        .containsExactly(List.of("a#0"), List.of("b#0"), List.of("c#0"));
  }

  /** A sink whose files cannot be closed. */
  private record FailingSink(Exception failure, List<Exception> closed) implements RowSink {
    @Override
    public void begin(String shard) {}

    @Override
    public void write(ShardRow row) {}

    @Override
    public void finish(long documents, long tokens) {}

    @Override
    public void close() throws IOException {
      closed.add(failure);
      if (failure instanceof IOException e) {
        throw e;
      }
      throw (RuntimeException) failure;
    }
  }

  @Test
  void closesAllSinksAndReportsTheFirstFailure() throws IOException {
    IOException full = new IOException("full");
    IllegalStateException wrong = new IllegalStateException("wrong");
    IOException last = new IOException("last");
    List<Exception> closed = new ArrayList<>();
    List<FailingSink> sinks =
        Stream.of(full, wrong, last).map(failure -> new FailingSink(failure, closed)).toList();
    OutputPaths paths = OutputPaths.of(folder.toString());
    try (UnitFiles unit = new UnitFiles(RunPaths.unstaged(paths))) {
      ShardSeries series =
          new ShardSeries(
              unit,
              number -> OutputPaths.shard(false, "", 3, number),
              10,
              file -> new ParquetShardWriter(file, Map.of(), ShardColumns.DOCUMENTS),
              sinks);
      assertThatThrownBy(series::close)
          .isSameAs(full)
          .hasSuppressedException(wrong)
          .hasSuppressedException(last);
    }
    assertThat(closed).containsExactly(full, wrong, last);
  }

  @Test
  void nothingWrittenIsNoShard() throws IOException {
    assertThat(shards()).isEmpty();
  }
}
