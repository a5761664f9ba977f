package org.merganser.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.parquet.column.ColumnReader;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.ColumnarReader;
import org.merganser.parquet.IdListReader;
import org.merganser.parquet.ShardException;

/** Reads a shard of packed sequences row by row. */
final class PackedShardReader implements ShardReader {
  private final Path path;
  private final ColumnarReader in;
  private @Nullable Columns columns;
  private long left;

  /**
   * @throws ShardException when the file is not Parquet or has other columns than packed sequences
   */
  PackedShardReader(Path file) throws IOException {
    this.path = file;
    this.in = new ColumnarReader(file);
    if (!in.schema().getColumns().equals(PackedShardWriter.SCHEMA.getColumns())) {
      in.close();
      throw new ShardException(
          "%s holds no packed sequences: its columns are %s, packed sequences have %s"
              .formatted(file, in.schema().getFields(), PackedShardWriter.SCHEMA.getFields()));
    }
  }

  @Override
  public Map<String, String> metadata() {
    return in.metadata();
  }

  @Override
  public long rows() {
    return in.rows();
  }

  @Override
  public boolean next(ShardRow row) throws IOException {
    while (left == 0) {
      left = in.nextRowGroup();
      if (left < 0) {
        left = 0;
        return false;
      }
      columns = new Columns(in);
    }
    Columns c = columns;
    if (c == null) {
      throw new IllegalStateException("a row group without columns");
    }
    left--;
    int numTokens;
    try {
      numTokens = c.read(row);
    } catch (ShardException e) {
      throw e;
    } catch (RuntimeException e) {
      throw in.damaged(e);
    }
    if (numTokens != row.count) {
      throw new ShardException(
          "%s: sequence \"%s\" says num_tokens %s and has %s ids"
              .formatted(path, row.docId, numTokens, row.count));
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** The column readers of a row group, and room for the lists of a row. */
  private static final class Columns {
    private final ColumnReader sequenceId;
    private final ColumnReader numTokens;
    private final IdListReader ids;
    private final ColumnReader starts;
    private final ColumnReader docIds;
    private final ColumnReader files;
    private final ColumnReader offsets;
    private final ColumnReader parts;
    private final ColumnReader positions;

    Columns(ColumnarReader in) {
      sequenceId = in.column("sequence_id");
      numTokens = in.column("num_tokens");
      ids = in.idLists("token_ids", "list", "element");
      starts = list(in, "starts");
      docIds = list(in, "doc_ids");
      files = list(in, "files");
      offsets = list(in, "offsets");
      parts = list(in, "parts");
      positions = list(in, "positions");
    }

    private static ColumnReader list(ColumnarReader in, String name) {
      return in.column(name, "list", "element");
    }

    /** Returns num_tokens. */
    int read(ShardRow row) {
      row.docId = sequenceId.getBinary().toStringUsingUTF8();
      sequenceId.consume();
      row.file = "";
      row.offset = 0;
      row.part = 0;
      row.group = null;
      int told = numTokens.getInteger();
      numTokens.consume();
      row.count = ids.read();
      row.ids = ids.ids();
      List<Integer> start = ints(starts);
      List<String> docId = texts(docIds);
      List<String> file = texts(files);
      List<Long> offset = new ArrayList<>();
      each(offsets, c -> offset.add(c.getLong()));
      List<Integer> part = ints(parts);
      List<Integer> position = ints(positions);
      List<Piece> pieces = new ArrayList<>(start.size());
      for (int i = 0; i < start.size(); i++) {
        pieces.add(
            new Piece(
                start.get(i),
                docId.get(i),
                file.get(i),
                offset.get(i),
                part.get(i),
                position.get(i)));
      }
      row.pieces = pieces;
      return told;
    }

    /**
     * Passes through one row's list of required elements; a value is read before it is consumed.
     */
    private static void each(ColumnReader column, Consumer<ColumnReader> value) {
      if (column.getCurrentDefinitionLevel() == 0) {
        column.consume(); // an empty list
        return;
      }
      do {
        value.accept(column);
        column.consume();
      } while (column.getCurrentRepetitionLevel() == 1); // 0 after the last value, too
    }

    private static List<Integer> ints(ColumnReader column) {
      List<Integer> values = new ArrayList<>();
      each(column, c -> values.add(c.getInteger()));
      return values;
    }

    private static List<String> texts(ColumnReader column) {
      List<String> values = new ArrayList<>();
      each(column, c -> values.add(c.getBinary().toStringUsingUTF8()));
      return values;
    }
  }
}
