package org.merganser.shard;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.KeptField;
import org.merganser.parquet.ColumnarReader;
import org.merganser.parquet.IdListReader;
import org.merganser.store.UnusableFileException;

/**
 * Reads a Parquet shard row by row: documents, or packed sequences. The file's metadata has the
 * names of its columns. If a column was left out, a row has a default: no file, offset 0, part 0,
 * no group, and the number of ids as num_tokens; the id of a document is {@code SHARD#ROW}. {@link
 * PieceReader} reads the pieces of a sequence.
 */
public final class ShardReader implements Closeable {
  private final Path path;
  private final ColumnarReader in;
  private final ShardColumns columns;

  /** Whether the file has the ids of documents, or the names of sequences. */
  private final boolean hasRowIds;

  /** Whether ids, masks and kept fields are left out. */
  private final boolean onlyLengths;

  private long rowsRead;

  // The readers of the columns in the current row group, which openRowGroup replaces. A reader is
  // null if the file does not have its column, or the column is not read.

  /** Each reads into a row the next value of its column, or the pieces of a sequence. */
  private final List<Consumer<ShardRow>> cells = new ArrayList<>();

  private @Nullable IdListReader ids;
  private @Nullable IdListReader lossMasks;

  /** The attention masks or the labels, if only they show which ids fill a sequence. */
  private @Nullable IdListReader paddings;

  private @Nullable ColumnReader numTokens;

  /**
   * Opens a shard of documents or of packed sequences, detected by its columns and metadata.
   *
   * @throws UnusableFileException if the file is not Parquet or has other columns than a shard
   */
  public ShardReader(Path file) throws IOException {
    this(file, /* lengthsAreEnough= */ false);
  }

  /**
   * Opens a shard of documents to read how many ids they have, without ids, masks and kept fields:
   * the count of a row is its num_tokens. In a shard without this column everything is read.
   */
  public static ShardReader ofLengths(Path file) throws IOException {
    boolean lengthsAreEnough = true;
    return new ShardReader(file, lengthsAreEnough);
  }

  private ShardReader(Path file, boolean lengthsAreEnough) throws IOException {
    this.path = file;
    this.in = new ColumnarReader(file);
    try {
      this.columns = ShardColumns.ofFile(in.schema(), in.metadata(), file.toString());
      if (!in.schema().getColumns().equals(columns.schema().getColumns())) {
        throw new UnusableFileException(
            "%s is not an id shard: its columns are %s, a shard has %s"
                .formatted(file, in.schema().getFields(), columns.schema().getFields()));
      }
      this.onlyLengths = lengthsAreEnough && columns.name(ShardColumn.NUM_TOKENS) != null;
      this.hasRowIds =
          columns.name(ShardColumn.DOC_ID) != null || columns.name(ShardColumn.SEQUENCE_ID) != null;
      in.request(
          in.schema().getFields().stream()
              .map(Type::getName)
              .filter(onlyLengths ? columns::isNeededForLengths : columns::isNeededForRows)
              .collect(Collectors.toSet()));
    } catch (RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** Whether a file is a shard of either kind, by its columns and metadata. */
  public static boolean isShard(MessageType schema, Map<String, String> metadata) {
    return metadata.containsKey(ShardColumns.METADATA)
        || schema.getColumns().equals(ShardColumns.DOCUMENTS.schema().getColumns())
        || schema.getColumns().equals(ShardColumns.SEQUENCES.schema().getColumns());
  }

  /** The key-value metadata of the file. */
  public Map<String, String> metadata() {
    return in.metadata();
  }

  /** The sha256 of the tokenizer that produced the ids, lower-case hex; empty if unknown. */
  public String tokenizerSha256() {
    return metadata().getOrDefault(ParquetShardWriter.TOKENIZER_SHA256, "");
  }

  /** The rows of the file, from the footer. */
  public long rows() {
    return in.rows();
  }

  /** The number of ids of all rows, from the footer; null entries are not counted. */
  public long tokens() {
    return idChunks()
        .mapToLong(ids -> ids.getValueCount() - Math.max(0, ids.getStatistics().getNumNulls()))
        .sum();
  }

  /** The column chunks with ids, one for each row group, with their smallest and largest id. */
  public Stream<ColumnChunkMetaData> idChunks() {
    String name = columns.name(ShardColumn.TOKEN_IDS);
    return in.footer().getBlocks().stream()
        .flatMap(rowGroup -> rowGroup.getColumns().stream())
        .filter(chunk -> chunk.getPath().toArray()[0].equals(name));
  }

  /** The columns of the file, those that are not read included. */
  public ShardColumns columns() {
    return columns;
  }

  /**
   * Fills {@code row} with the next row and returns true, or false after the last one.
   *
   * @throws UnusableFileException if the bytes are damaged, or num_tokens is not the list's length
   */
  public boolean next(ShardRow row) throws IOException {
    if (!in.nextRow(this::openRowGroup)) {
      return false;
    }
    int declared;
    try {
      declared = readRow(row);
    } catch (UnusableFileException e) {
      throw e;
    } catch (RuntimeException e) {
      throw in.damaged(e);
    }
    rowsRead++;
    if (declared != row.count) {
      throw new UnusableFileException(
          "%s: %s \"%s\" says num_tokens %s and has %s ids"
              .formatted(
                  path,
                  columns.sequences() ? "sequence" : "document",
                  row.docId,
                  declared,
                  row.count));
    }
    return true;
  }

  /** Opens the columns of the next row group. */
  private void openRowGroup() {
    ids = optionalList(ShardColumn.TOKEN_IDS);
    lossMasks = optionalList(ShardColumn.LOSS_MASK);
    paddings = optionalList(columns.paddingColumn());
    numTokens = optionalColumn(ShardColumn.NUM_TOKENS);
    cells.clear();
    addDocumentCells();
    if (!onlyLengths) {
      for (int i = 0; i < columns.kept().size(); i++) {
        cells.add(keptCell(columns.kept().get(i), i));
      }
    }
    if (columns.sequences()) {
      PieceReader pieces = new PieceReader(in, columns, path.toString());
      cells.add(row -> row.pieces = pieces.read(row.docId));
    }
  }

  /** Adds the cells of the columns that describe a document or name a sequence. */
  private void addDocumentCells() {
    addCell(ShardColumn.DOC_ID, (row, values) -> row.docId = ColumnarReader.nextText(values));
    addCell(ShardColumn.SEQUENCE_ID, (row, values) -> row.docId = ColumnarReader.nextText(values));
    addCell(ShardColumn.FILE, (row, values) -> row.file = ColumnarReader.nextText(values));
    addCell(ShardColumn.OFFSET, (row, values) -> row.offset = ColumnarReader.nextLong(values));
    addCell(ShardColumn.PART, (row, values) -> row.part = ColumnarReader.nextInt(values));
    addCell(
        ShardColumn.GROUP,
        (row, values) -> row.group = optionalValue(values, ShardReader::currentText));
  }

  /** The lists of a column; null if the file does not have it, or only lengths are read. */
  private @Nullable IdListReader optionalList(@Nullable ShardColumn column) {
    String name = column == null ? null : columns.name(column);
    return name == null || onlyLengths ? null : in.idLists(name, "list", "element");
  }

  /** The values of a column; null if the file does not have it. */
  private @Nullable ColumnReader optionalColumn(ShardColumn column) {
    String name = columns.name(column);
    return name == null ? null : in.column(name);
  }

  /** Adds the cell of a column, if the file has the column. */
  private void addCell(ShardColumn column, BiConsumer<ShardRow, ColumnReader> cell) {
    ColumnReader values = optionalColumn(column);
    if (values != null) {
      cells.add(row -> cell.accept(row, values));
    }
  }

  /** The cell of kept field {@code index}. */
  private Consumer<ShardRow> keptCell(KeptField field, int index) {
    ColumnReader values = in.column(field.column());
    Function<ColumnReader, Object> value =
        switch (field.type()) {
          case STRING -> column -> column.getBinary().getBytes();
          case INTEGER -> ColumnReader::getLong;
          case DOUBLE -> ColumnReader::getDouble;
          case BOOLEAN -> ColumnReader::getBoolean;
        };
    return row -> row.kept[index] = optionalValue(values, value);
  }

  /** Reads and consumes the next value of an optional column; null if it has none. */
  private static <T> @Nullable T optionalValue(
      ColumnReader values, Function<ColumnReader, T> value) {
    T found = values.getCurrentDefinitionLevel() == 1 ? value.apply(values) : null;
    values.consume();
    return found;
  }

  /** Reads the current text of a column without consuming it. */
  static String currentText(ColumnReader values) {
    return values.getBinary().toStringUsingUTF8();
  }

  /**
   * Reads a row and returns its num_tokens; the number of ids if the file does not have it. The
   * cells come first, since errors name the id of the document, and then the ids, since each mask
   * must have as many values.
   */
  private int readRow(ShardRow row) {
    if (!hasRowIds) {
      row.docId = path.getFileName() + "#" + rowsRead;
    }
    row.clearOrigin();
    if (!onlyLengths && row.kept.length != columns.kept().size()) {
      row.kept = new @Nullable Object[columns.kept().size()];
    }
    for (Consumer<ShardRow> cell : cells) {
      cell.accept(row);
    }
    if (onlyLengths) {
      row.count = ColumnarReader.nextInt(Objects.requireNonNull(numTokens));
      return row.count;
    }
    IdListReader list = Objects.requireNonNull(ids);
    row.count = list.read();
    row.ids = list.ids();
    row.mask = valuesOfIds(lossMasks, "a loss mask", row);
    markPadding(valuesOfIds(paddings, "a mask", row), row);
    return numTokens == null ? row.count : ColumnarReader.nextInt(numTokens);
  }

  /** A list with a value for each id of a row; null if the file has no such list. */
  private int @Nullable [] valuesOfIds(@Nullable IdListReader list, String what, ShardRow row) {
    if (list == null) {
      return null;
    }
    int length = list.read();
    if (length != row.count) {
      throw new UnusableFileException(
          "%s: \"%s\" has %s ids and %s of %s".formatted(path, row.docId, row.count, what, length));
    }
    return list.ids();
  }

  /**
   * Replaces the pieces at the end whose ids only fill the sequence by one filling piece.
   *
   * @param paddingValues the row's values of {@link ShardColumns#paddingColumn}: an attention mask,
   *     which is 0 for padding, or labels, which are ignored there; null if neither is read
   */
  private void markPadding(int @Nullable [] paddingValues, ShardRow row) {
    if (paddingValues == null) {
      return;
    }
    int padding = columns.paddingColumn() == ShardColumn.LABELS ? TrainingLabels.IGNORED : 0;
    int end = row.count;
    while (end > 0 && paddingValues[end - 1] == padding) {
      end--;
    }
    if (end < row.count) {
      int start = end;
      row.pieces.removeIf(piece -> piece.start() >= start);
      row.pieces.add(Piece.filling(start));
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
