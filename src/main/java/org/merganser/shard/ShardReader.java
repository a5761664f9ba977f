package org.merganser.shard;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.KeptField;
import org.merganser.parquet.ColumnarReader;
import org.merganser.parquet.IdListReader;
import org.merganser.parquet.ShardException;

/**
 * Reads a Parquet shard row by row: documents, or packed sequences. The file's metadata has the
 * names of its columns. Where a column was left out, a row gets a default: no file, offset 0, part
 * 0, no group, and the number of ids as num_tokens; the id of a document is {@code SHARD#ROW}, and
 * a sequence is one piece.
 */
public final class ShardReader implements Closeable {
  private final Path path;
  private final ColumnarReader in;
  private final ShardColumns columns;
  private final List<Cell> cells = new ArrayList<>();
  private @Nullable IdListReader ids;
  private @Nullable IdListReader masks;
  private @Nullable IdListReader padding;
  private @Nullable ColumnReader numTokens;

  /** Whether the file has the column with the name of a row. */
  private final boolean named;

  private long read;

  /** Reads the value of one column in the next row. */
  @FunctionalInterface
  private interface Cell {
    void read(ShardRow row);
  }

  /**
   * Opens a shard of either kind, found by its columns and metadata.
   *
   * @throws ShardException when the file is not Parquet or has other columns than a shard
   */
  public ShardReader(Path file) throws IOException {
    this.path = file;
    this.in = new ColumnarReader(file);
    try {
      this.columns = ShardColumns.of(in.schema(), in.metadata(), file.toString());
      requireColumns();
      this.named =
          columns.name(ShardColumn.DOC_ID) != null || columns.name(ShardColumn.SEQUENCE_ID) != null;
      in.request(
          new MessageType(
              in.schema().getName(),
              in.schema().getFields().stream()
                  .filter(field -> columns.isRead(field.getName()))
                  .toList()));
    } catch (RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private void requireColumns() {
    if (!in.schema().getColumns().equals(columns.schema().getColumns())) {
      throw new ShardException(
          "%s is not an id shard: its columns are %s, a shard has %s"
              .formatted(path, in.schema().getFields(), columns.schema().getFields()));
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

  /** The sha256 of the tokenizer that made the ids, lower-case hex; empty where it is not known. */
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

  /** The columns of the file. */
  public ShardColumns columns() {
    return columns;
  }

  /**
   * Fills {@code to} with the next row; false at the end.
   *
   * @throws ShardException when the bytes are damaged, or num_tokens is not the list's length
   */
  public boolean next(ShardRow to) throws IOException {
    if (!in.nextRow(this::openRowGroup)) {
      return false;
    }
    int declared;
    try {
      declared = read(to);
    } catch (ShardException e) {
      throw e;
    } catch (RuntimeException e) {
      throw in.damaged(e);
    }
    read++;
    if (declared != to.count) {
      throw new ShardException(
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

  /** Reads a row; returns its number of ids by num_tokens. */
  private int read(ShardRow to) {
    if (!named) {
      to.docId = path.getFileName() + "#" + read;
    }
    to.clearOrigin();
    if (to.kept.length != columns.kept().size()) {
      to.kept = new @Nullable Object[columns.kept().size()];
    }
    for (Cell cell : cells) {
      cell.read(to);
    }
    IdListReader list = Objects.requireNonNull(ids);
    to.count = list.read();
    to.ids = list.ids();
    to.mask = list(masks, "a loss mask", to);
    fill(list(padding, "a mask", to), to);
    return numTokens == null ? to.count : ColumnarReader.integer(numTokens);
  }

  /** Ends the pieces of a sequence with what fills it, if its parts were left out. */
  private void fill(int @Nullable [] mask, ShardRow of) {
    int padded = columns.padding() == ShardColumn.LABELS ? ShardColumn.NOT_PREDICTED : 0;
    int documents = of.count;
    while (mask != null && documents > 0 && mask[documents - 1] == padded) {
      documents--;
    }
    if (documents < of.count) {
      int start = documents;
      of.pieces.removeIf(piece -> piece.start() >= start);
      of.pieces.add(Piece.filling(start));
    }
  }

  /** A list with a value for each id; null where the file has no such list. */
  private int @Nullable [] list(@Nullable IdListReader list, String what, ShardRow of) {
    if (list == null) {
      return null;
    }
    int length = list.read();
    if (length != of.count) {
      throw new ShardException(
          "%s: \"%s\" has %s ids and %s of %s".formatted(path, of.docId, of.count, what, length));
    }
    return list.ids();
  }

  private void openRowGroup() {
    cells.clear();
    ids =
        in.idLists(Objects.requireNonNull(columns.name(ShardColumn.TOKEN_IDS)), "list", "element");
    masks = optionalList(ShardColumn.LOSS_MASK);
    padding = optionalList(columns.padding());
    numTokens = column(ShardColumn.NUM_TOKENS);
    add(ShardColumn.DOC_ID, (row, values) -> row.docId = ColumnarReader.text(values));
    add(ShardColumn.SEQUENCE_ID, (row, values) -> row.docId = ColumnarReader.text(values));
    add(ShardColumn.FILE, (row, values) -> row.file = ColumnarReader.text(values));
    add(ShardColumn.OFFSET, (row, values) -> row.offset = ColumnarReader.number(values));
    add(ShardColumn.PART, (row, values) -> row.part = ColumnarReader.integer(values));
    add(ShardColumn.GROUP, (row, values) -> row.group = optional(values, ShardReader::text));
    for (int i = 0; i < columns.kept().size(); i++) {
      cells.add(kept(columns.kept().get(i), i));
    }
    if (columns.sequences()) {
      cells.add(new Pieces(this));
    }
  }

  private @Nullable IdListReader optionalList(@Nullable ShardColumn column) {
    String name = column == null ? null : columns.name(column);
    return name == null ? null : in.idLists(name, "list", "element");
  }

  private static String text(ColumnReader values) {
    return values.getBinary().toStringUsingUTF8();
  }

  /** Takes the next value of a column. */
  @FunctionalInterface
  private interface Taker {
    void take(ShardRow row, ColumnReader values);
  }

  private void add(ShardColumn column, Taker taker) {
    ColumnReader values = column(column);
    if (values != null) {
      cells.add(row -> taker.take(row, values));
    }
  }

  /** The values of a column at the top of the schema; null where it is left out. */
  private @Nullable ColumnReader column(ShardColumn column) {
    String name = columns.name(column);
    return name == null ? null : in.column(name);
  }

  private static <T> @Nullable T optional(ColumnReader values, Function<ColumnReader, T> value) {
    T found = values.getCurrentDefinitionLevel() == 1 ? value.apply(values) : null;
    values.consume();
    return found;
  }

  private Cell kept(KeptField field, int number) {
    ColumnReader values = in.column(field.column());
    Function<ColumnReader, Object> value =
        switch (field.type()) {
          case STRING -> v -> v.getBinary().getBytes();
          case INTEGER -> ColumnReader::getLong;
          case DOUBLE -> ColumnReader::getDouble;
          case BOOLEAN -> ColumnReader::getBoolean;
        };
    return row -> row.kept[number] = optional(values, value);
  }

  /** The lists with an entry for each piece of a packed sequence. */
  private static final class Pieces implements Cell {
    private final @Nullable ColumnReader starts;
    private final @Nullable ColumnReader docIds;
    private final @Nullable ColumnReader files;
    private final @Nullable ColumnReader offsets;
    private final @Nullable ColumnReader parts;
    private final @Nullable ColumnReader positions;

    Pieces(ShardReader shard) {
      starts = list(shard, ShardColumn.STARTS);
      docIds = list(shard, ShardColumn.DOC_IDS);
      files = list(shard, ShardColumn.FILES);
      offsets = list(shard, ShardColumn.OFFSETS);
      parts = list(shard, ShardColumn.PARTS);
      positions = list(shard, ShardColumn.POSITIONS);
    }

    private static @Nullable ColumnReader list(ShardReader shard, ShardColumn column) {
      String name = shard.columns.name(column);
      return name == null ? null : shard.in.column(name, "list", "element");
    }

    @Override
    public void read(ShardRow row) {
      List<Integer> start = values(starts, ColumnReader::getInteger, List.of(0));
      int count = start.size();
      List<String> docId = values(docIds, ShardReader::text, List.of());
      List<String> file = values(files, ShardReader::text, List.of());
      List<Long> offset = values(offsets, ColumnReader::getLong, List.of());
      List<Integer> part = values(parts, ColumnReader::getInteger, List.of());
      List<Integer> position = values(positions, ColumnReader::getInteger, List.of());
      List<Piece> pieces = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        pieces.add(
            new Piece(
                start.get(i),
                docIds == null ? row.docId : docId.get(i),
                files == null ? "" : file.get(i),
                offsets == null ? 0 : offset.get(i),
                parts == null ? 0 : part.get(i),
                positions == null ? 0 : position.get(i)));
      }
      row.pieces = pieces;
    }

    /** One row's list of required elements; the reader reads a value before it consumes it. */
    private static <T> List<T> values(
        @Nullable ColumnReader column, Function<ColumnReader, T> value, List<T> without) {
      if (column == null) {
        return without;
      }
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

  @Override
  public void close() throws IOException {
    in.close();
  }
}
