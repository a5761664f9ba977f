package org.merganser.shard;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.KeptField;
import org.merganser.parquet.ColumnarReader;
import org.merganser.parquet.IdListReader;
import org.merganser.store.UnusableFileException;

/**
 * Reads a Parquet shard row by row: documents, or packed sequences. The file's metadata has the
 * names of its columns. If a column was left out, a row has a default: no file, offset 0, part 0,
 * no group, and the number of ids as num_tokens; the id of a document is {@code SHARD#ROW}, and a
 * sequence is one piece.
 */
public final class ShardReader implements Closeable {
  private final Path path;
  private final ColumnarReader in;
  private final ShardColumns columns;

  // The readers of the current row group; openRowGroup replaces them.

  /** Each reads the next value of its columns into the row. */
  private final List<Consumer<ShardRow>> cells = new ArrayList<>();

  private final Map<ShardColumn, ColumnReader> pieceLists = new EnumMap<>(ShardColumn.class);

  private @Nullable IdListReader ids;
  private @Nullable IdListReader masks;
  private @Nullable IdListReader padding;
  private @Nullable ColumnReader numTokens;

  /** Whether rows have an id of a document or sequence. */
  private final boolean named;

  private final boolean onlyLengths;

  private long rowsRead;

  /**
   * Opens a shard of either kind, detected by its columns and metadata.
   *
   * @throws UnusableFileException if the file is not Parquet or has other columns than a shard
   */
  public ShardReader(Path file) throws IOException {
    this(file, false);
  }

  /**
   * Opens a shard of documents to read how many ids they have, and no ids, masks and kept fields: a
   * row has the count of num_tokens. A shard without this column is read whole.
   */
  public static ShardReader ofLengths(Path file) throws IOException {
    return new ShardReader(file, true);
  }

  private ShardReader(Path file, boolean lengths) throws IOException {
    this.path = file;
    this.in = new ColumnarReader(file);
    try {
      this.columns = ShardColumns.of(in.schema(), in.metadata(), file.toString());
      if (!in.schema().getColumns().equals(columns.schema().getColumns())) {
        throw new UnusableFileException(
            "%s is not an id shard: its columns are %s, a shard has %s"
                .formatted(file, in.schema().getFields(), columns.schema().getFields()));
      }
      this.onlyLengths = lengths && columns.name(ShardColumn.NUM_TOKENS) != null;
      this.named =
          columns.name(ShardColumn.DOC_ID) != null || columns.name(ShardColumn.SEQUENCE_ID) != null;
      in.request(
          new MessageType(
              in.schema().getName(),
              in.schema().getFields().stream()
                  .filter(
                      field ->
                          columns.isRead(field.getName())
                              && !(onlyLengths && columns.isOfIds(field.getName())))
                  .toList()));
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

  public Map<String, String> metadata() {
    return in.metadata();
  }

  /** The sha256 of the tokenizer that produced the ids, lower-case hex; empty if unknown. */
  public String tokenizerSha256() {
    return metadata().getOrDefault(ParquetShardWriter.TOKENIZER_SHA256, "");
  }

  public long rows() {
    return in.rows();
  }

  /** The number of ids of all rows, from the footer. */
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

  public ShardColumns columns() {
    return columns;
  }

  /**
   * Fills {@code to} with the next row; false at the end.
   *
   * @throws UnusableFileException if the bytes are damaged, or num_tokens is not the list's length
   */
  public boolean next(ShardRow to) throws IOException {
    if (!in.nextRow(this::openRowGroup)) {
      return false;
    }
    int declared;
    try {
      declared = readRow(to);
    } catch (UnusableFileException e) {
      throw e;
    } catch (RuntimeException e) {
      throw in.damaged(e);
    }
    rowsRead++;
    if (declared != to.count) {
      throw new UnusableFileException(
          "%s: %s \"%s\" says num_tokens %s and has %s ids"
              .formatted(
                  path,
                  columns.sequences() ? "sequence" : "document",
                  to.docId,
                  declared,
                  to.count));
    }
    return true;
  }

  /**
   * Reads a row and returns its num_tokens. The id of the document comes first, since errors name
   * it, and then the ids, since each mask must have as many values.
   */
  private int readRow(ShardRow to) {
    if (!named) {
      to.docId = path.getFileName() + "#" + rowsRead;
    }
    to.clearOrigin();
    if (!onlyLengths && to.kept.length != columns.kept().size()) {
      to.kept = new @Nullable Object[columns.kept().size()];
    }
    for (Consumer<ShardRow> cell : cells) {
      cell.accept(to);
    }
    if (onlyLengths) {
      to.count = ColumnarReader.integer(Objects.requireNonNull(numTokens));
      return to.count;
    }
    IdListReader list = Objects.requireNonNull(ids);
    to.count = list.read();
    to.ids = list.ids();
    to.mask = valuesOfIds(masks, "a loss mask", to);
    markPadding(valuesOfIds(padding, "a mask", to), to);
    return numTokens == null ? to.count : ColumnarReader.integer(numTokens);
  }

  /**
   * Replaces the pieces at the end whose ids only pad a sequence by one that fills it.
   *
   * @param mask the attention mask, 0 for padding, or labels, which are ignored there; null if the
   *     file has neither
   */
  private void markPadding(int @Nullable [] mask, ShardRow of) {
    if (mask == null) {
      return;
    }
    int padded = columns.padding() == ShardColumn.LABELS ? IgnoredLabels.IGNORED : 0;
    int end = of.count;
    while (end > 0 && mask[end - 1] == padded) {
      end--;
    }
    if (end < of.count) {
      int start = end;
      of.pieces.removeIf(piece -> piece.start() >= start);
      of.pieces.add(Piece.filling(start));
    }
  }

  /** A list with a value for each id; null if the file has no such list. */
  private int @Nullable [] valuesOfIds(@Nullable IdListReader list, String what, ShardRow of) {
    if (list == null) {
      return null;
    }
    int length = list.read();
    if (length != of.count) {
      throw new UnusableFileException(
          "%s: \"%s\" has %s ids and %s of %s".formatted(path, of.docId, of.count, what, length));
    }
    return list.ids();
  }

  /** Opens the columns of the next row group, in the order in which a row reads them. */
  private void openRowGroup() {
    cells.clear();
    ids = optionalList(ShardColumn.TOKEN_IDS);
    masks = optionalList(ShardColumn.LOSS_MASK);
    padding = optionalList(columns.padding());
    numTokens = optionalColumn(ShardColumn.NUM_TOKENS);
    addCell(ShardColumn.DOC_ID, (row, values) -> row.docId = ColumnarReader.text(values));
    addCell(ShardColumn.SEQUENCE_ID, (row, values) -> row.docId = ColumnarReader.text(values));
    addCell(ShardColumn.FILE, (row, values) -> row.file = ColumnarReader.text(values));
    addCell(ShardColumn.OFFSET, (row, values) -> row.offset = ColumnarReader.number(values));
    addCell(ShardColumn.PART, (row, values) -> row.part = ColumnarReader.integer(values));
    addCell(
        ShardColumn.GROUP, (row, values) -> row.group = optionalValue(values, ShardReader::text));
    if (!onlyLengths) {
      for (int i = 0; i < columns.kept().size(); i++) {
        cells.add(keptCell(columns.kept().get(i), i));
      }
    }
    pieceLists.clear();
    for (ShardColumn column : ShardColumns.OF_PIECES) {
      String name = columns.name(column);
      if (name != null) {
        pieceLists.put(column, in.column(name, "list", "element"));
      }
    }
    if (columns.sequences()) {
      cells.add(this::readPieces);
    }
  }

  private @Nullable IdListReader optionalList(@Nullable ShardColumn column) {
    String name = column == null ? null : columns.name(column);
    return name == null || onlyLengths ? null : in.idLists(name, "list", "element");
  }

  private static String text(ColumnReader values) {
    return values.getBinary().toStringUsingUTF8();
  }

  private void addCell(ShardColumn column, BiConsumer<ShardRow, ColumnReader> taker) {
    ColumnReader values = optionalColumn(column);
    if (values != null) {
      cells.add(row -> taker.accept(row, values));
    }
  }

  private @Nullable ColumnReader optionalColumn(ShardColumn column) {
    String name = columns.name(column);
    return name == null ? null : in.column(name);
  }

  private static <T> @Nullable T optionalValue(
      ColumnReader values, Function<ColumnReader, T> value) {
    T found = values.getCurrentDefinitionLevel() == 1 ? value.apply(values) : null;
    values.consume();
    return found;
  }

  private Consumer<ShardRow> keptCell(KeptField field, int number) {
    ColumnReader values = in.column(field.column());
    Function<ColumnReader, Object> value =
        switch (field.type()) {
          case STRING -> v -> v.getBinary().getBytes();
          case INTEGER -> ColumnReader::getLong;
          case DOUBLE -> ColumnReader::getDouble;
          case BOOLEAN -> ColumnReader::getBoolean;
        };
    return row -> row.kept[number] = optionalValue(values, value);
  }

  private void readPieces(ShardRow row) {
    List<Integer> starts = pieceValues(ShardColumn.STARTS, ColumnReader::getInteger, 1, 0);
    int count = starts.size();
    List<String> docIds =
        pieceValues(ShardColumn.DOC_IDS, ShardReader::docIdOfPiece, count, row.docId);
    List<String> files = pieceValues(ShardColumn.FILES, ShardReader::text, count, "");
    List<Long> offsets = pieceValues(ShardColumn.OFFSETS, ColumnReader::getLong, count, 0L);
    List<Integer> parts = pieceValues(ShardColumn.PARTS, ColumnReader::getInteger, count, 0);
    List<Integer> positions =
        pieceValues(ShardColumn.POSITIONS, ColumnReader::getInteger, count, 0);
    row.pieces = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      row.pieces.add(
          new Piece(
              starts.get(i),
              docIds.get(i),
              files.get(i),
              offsets.get(i),
              parts.get(i),
              positions.get(i)));
    }
  }

  /** The entry of doc_ids; empty for null, as in the piece that fills a sequence. */
  private static String docIdOfPiece(ColumnReader column) {
    int value = column.getDescriptor().getMaxDefinitionLevel();
    return column.getCurrentDefinitionLevel() == value ? text(column) : "";
  }

  /**
   * The list of a row with a value for each piece.
   *
   * @param count of the pieces, used with {@code without} if the file has no such column
   * @param without the value of each piece then
   */
  private <T> List<T> pieceValues(
      ShardColumn name, Function<ColumnReader, T> value, int count, T without) {
    ColumnReader column = pieceLists.get(name);
    if (column == null) {
      return Collections.nCopies(count, without);
    }
    List<T> values = new ArrayList<>();
    if (column.getCurrentDefinitionLevel() == 0) {
      column.consume(); // an empty list
      return values;
    }
    do {
      values.add(value.apply(column));
      column.consume();
    } while (column.getCurrentRepetitionLevel() == 1); // also 0 after the last value
    return values;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
