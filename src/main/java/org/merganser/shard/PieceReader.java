package org.merganser.shard;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.parquet.column.ColumnReader;
import org.merganser.parquet.ColumnarReader;
import org.merganser.store.UnusableFileException;

/**
 * Reads the pieces of packed sequences from the columns of one row group, for {@link ShardReader}.
 * The column of starts decides how many pieces a sequence has; without it, a sequence is one piece.
 * A piece has a default for a column that was left out: the name of the sequence as the id of its
 * document, no file, and 0 for all numbers.
 */
final class PieceReader {
  /** The columns with a list that has an entry for each piece of a packed sequence. */
  private static final List<ShardColumn> COLUMNS =
      List.of(
          ShardColumn.STARTS,
          ShardColumn.DOC_IDS,
          ShardColumn.FILES,
          ShardColumn.OFFSETS,
          ShardColumn.PARTS,
          ShardColumn.POSITIONS);

  private final ShardColumns columns;

  /** Names the shard in errors. */
  private final String file;

  /** The columns that the shard has. */
  private final Map<ShardColumn, ColumnReader> lists = new EnumMap<>(ShardColumn.class);

  /**
   * Opens the columns of the current row group, before its first row.
   *
   * @param file names the shard in errors
   */
  PieceReader(ColumnarReader in, ShardColumns columns, String file) {
    this.columns = columns;
    this.file = file;
    for (ShardColumn column : COLUMNS) {
      String name = columns.name(column);
      if (name != null) {
        lists.put(column, in.column(name, "list", "element"));
      }
    }
  }

  /**
   * Reads the pieces of the next sequence.
   *
   * @param sequence the name of the sequence
   * @throws UnusableFileException if the lists have different lengths
   */
  List<Piece> read(String sequence) {
    ColumnReader starts = lists.get(ShardColumn.STARTS);
    List<Integer> places = starts == null ? List.of(0) : nextList(starts, ColumnReader::getInteger);
    int count = places.size();
    List<String> docIds =
        nextOfPieces(ShardColumn.DOC_IDS, PieceReader::currentDocId, count, sequence);
    List<String> files = nextOfPieces(ShardColumn.FILES, ShardReader::currentText, count, "");
    List<Long> offsets = nextOfPieces(ShardColumn.OFFSETS, ColumnReader::getLong, count, 0L);
    List<Integer> parts = nextOfPieces(ShardColumn.PARTS, ColumnReader::getInteger, count, 0);
    List<Integer> positions =
        nextOfPieces(ShardColumn.POSITIONS, ColumnReader::getInteger, count, 0);
    List<Piece> pieces = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      pieces.add(
          new Piece(
              places.get(i),
              docIds.get(i),
              files.get(i),
              offsets.get(i),
              parts.get(i),
              positions.get(i)));
    }
    return pieces;
  }

  /** The current entry of doc_ids; empty for null, as in the piece that fills a sequence. */
  private static String currentDocId(ColumnReader values) {
    int valueLevel = values.getDescriptor().getMaxDefinitionLevel();
    return values.getCurrentDefinitionLevel() == valueLevel ? ShardReader.currentText(values) : "";
  }

  /**
   * Reads and consumes the next list of a column, which has a value for each piece.
   *
   * @param value reads a value of the list without consuming it
   * @param count the number of pieces
   * @param missing the value of each piece if the shard has no such column
   */
  private <T> List<T> nextOfPieces(
      ShardColumn column, Function<ColumnReader, T> value, int count, T missing) {
    ColumnReader values = lists.get(column);
    if (values == null) {
      return Collections.nCopies(count, missing);
    }
    List<T> list = nextList(values, value);
    boolean hasStarts = lists.containsKey(ShardColumn.STARTS);
    if (hasStarts && list.size() != count) {
      throw new UnusableFileException(
          "%s: a sequence has %s pieces and %s entries of %s"
              .formatted(file, count, list.size(), columns.name(column)));
    }
    return list;
  }

  /** Reads and consumes the next list of values. */
  private static <T> List<T> nextList(ColumnReader values, Function<ColumnReader, T> value) {
    List<T> list = new ArrayList<>();
    if (values.getCurrentDefinitionLevel() == 0) {
      values.consume(); // an empty list
      return list;
    }
    do {
      list.add(value.apply(values));
      values.consume();
    } while (values.getCurrentRepetitionLevel() == 1); // 0 at the next list and at the end
    return list;
  }
}
