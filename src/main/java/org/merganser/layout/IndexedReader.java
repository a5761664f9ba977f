package org.merganser.layout;

import static org.merganser.parquet.ColumnarReader.integer;
import static org.merganser.parquet.ColumnarReader.number;
import static org.merganser.parquet.ColumnarReader.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.parquet.column.ColumnReader;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.ColumnarReader;
import org.merganser.shard.ParquetShardWriter;
import org.merganser.shard.Piece;
import org.merganser.shard.RowReader;
import org.merganser.shard.ShardRow;

/** Reads bare ids by the index beside them, row by row of the part. */
final class IndexedReader implements RowReader {
  private final RawIds ids;
  private final ColumnarReader index;
  private final boolean packed;
  private @Nullable Columns columns;
  private @Nullable Entry ahead;

  /** A row of the index. */
  private record Entry(long row, long start, int count, Piece piece) {}

  IndexedReader(RawIds ids, Path index) throws IOException {
    this.ids = ids;
    this.index = new ColumnarReader(index);
    this.packed = this.index.metadata().containsKey(ParquetShardWriter.SEQUENCE_LENGTH);
    this.ahead = read();
  }

  @Override
  public Map<String, String> metadata() {
    return index.metadata();
  }

  @Override
  public boolean next(ShardRow row) throws IOException {
    Entry first = ahead;
    if (first == null) {
      return false;
    }
    List<Piece> pieces = new ArrayList<>();
    long end = first.start;
    while (ahead != null && ahead.row == first.row) {
      Piece p = ahead.piece;
      pieces.add(
          new Piece(
              (int) (ahead.start - first.start),
              p.docId(),
              p.file(),
              p.offset(),
              p.part(),
              p.position()));
      end = ahead.start + ahead.count;
      ahead = read();
    }
    row.docId = packed ? "sequence " + first.row : first.piece.docId();
    row.file = packed ? "" : first.piece.file();
    row.offset = packed ? 0 : first.piece.offset();
    row.part = packed ? 0 : first.piece.part();
    row.group = null;
    row.pieces = packed ? pieces : List.of();
    ids.read(first.start, (int) (end - first.start), row);
    return true;
  }

  private @Nullable Entry read() throws IOException {
    if (!index.nextRow(() -> columns = new Columns(index))) {
      return null;
    }
    try {
      return Objects.requireNonNull(columns).read();
    } catch (RuntimeException e) {
      throw index.damaged(e);
    }
  }

  @Override
  public void close() throws IOException {
    try (ids) {
      index.close();
    }
  }

  private static final class Columns {
    private final ColumnReader row;
    private final ColumnReader start;
    private final ColumnReader count;
    private final ColumnReader docId;
    private final ColumnReader file;
    private final ColumnReader offset;
    private final ColumnReader part;
    private final ColumnReader position;

    Columns(ColumnarReader in) {
      row = in.column("row");
      start = in.column("start");
      count = in.column("num_tokens");
      docId = in.column("doc_id");
      file = in.column("file");
      offset = in.column("offset");
      part = in.column("part");
      position = in.column("position");
    }

    Entry read() {
      Piece piece =
          new Piece(0, text(docId), text(file), number(offset), integer(part), integer(position));
      return new Entry(number(row), number(start), integer(count), piece);
    }
  }
}
