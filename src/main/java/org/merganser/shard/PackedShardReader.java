package org.merganser.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.parquet.column.ColumnReader;
import org.merganser.parquet.ColumnarReader;
import org.merganser.parquet.IdListReader;
import org.merganser.parquet.ShardException;

/** Reads a shard of packed sequences row by row. */
final class PackedShardReader extends ShardReader {
  /**
   * @throws ShardException when the file is not Parquet or has other columns than packed sequences
   */
  PackedShardReader(Path file) throws IOException {
    super(
        file,
        PackedShardWriter.SCHEMA,
        SequenceColumns::new,
        "holds no packed sequences",
        "packed sequences have",
        "sequence");
  }

  private static final class SequenceColumns implements Columns {
    private final ColumnReader sequenceId;
    private final ColumnReader numTokens;
    private final IdListReader ids;
    private final ColumnReader starts;
    private final ColumnReader docIds;
    private final ColumnReader files;
    private final ColumnReader offsets;
    private final ColumnReader parts;
    private final ColumnReader positions;

    SequenceColumns(ColumnarReader in) {
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

    @Override
    public int read(ShardRow row) {
      row.docId = ColumnarReader.text(sequenceId);
      row.file = "";
      row.offset = 0;
      row.part = 0;
      row.group = null;
      row.count = ids.read();
      row.ids = ids.ids();
      List<Integer> start = values(starts, ColumnReader::getInteger);
      List<String> docId = values(docIds, c -> c.getBinary().toStringUsingUTF8());
      List<String> file = values(files, c -> c.getBinary().toStringUsingUTF8());
      List<Long> offset = values(offsets, ColumnReader::getLong);
      List<Integer> part = values(parts, ColumnReader::getInteger);
      List<Integer> position = values(positions, ColumnReader::getInteger);
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
      return ColumnarReader.integer(numTokens);
    }

    /** One row's list of required elements; a value is read before it is consumed. */
    private static <T> List<T> values(ColumnReader column, Function<ColumnReader, T> value) {
      List<T> values = new ArrayList<>();
      if (column.getCurrentDefinitionLevel() == 0) {
        column.consume(); // an empty list
        return values;
      }
      do {
        values.add(value.apply(column));
        column.consume();
      } while (column.getCurrentRepetitionLevel() == 1); // 0 after the last value, too
      return values;
    }
  }
}
