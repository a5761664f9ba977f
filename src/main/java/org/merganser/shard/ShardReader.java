package org.merganser.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.ColumnarReader;
import org.merganser.parquet.ShardException;

/** Reads a Parquet shard row by row: documents, or packed sequences. */
public abstract class ShardReader implements RowReader {
  /** The columns of a row group. */
  interface Columns {
    /** Fills a row with the next one; returns its num_tokens. */
    int read(ShardRow row);
  }

  private final Path path;
  private final ColumnarReader in;
  private final Function<ColumnarReader, Columns> columnsOf;
  private final String row;
  private @Nullable Columns columns;

  /**
   * @param columnsOf gives the columns of the row group that is open
   * @param isNot what a file of other columns is told, such as "is not an id shard"
   * @param has names what has the columns of {@code schema}, such as "a shard has"
   * @param row what a row is, for messages
   * @throws ShardException when the file is not Parquet or has other columns
   */
  ShardReader(
      Path file,
      MessageType schema,
      Function<ColumnarReader, Columns> columnsOf,
      String isNot,
      String has,
      String row)
      throws IOException {
    this.path = file;
    this.in = new ColumnarReader(file);
    this.columnsOf = columnsOf;
    this.row = row;
    if (!in.schema().getColumns().equals(schema.getColumns())) {
      in.close();
      throw new ShardException(
          "%s %s: its columns are %s, %s %s"
              .formatted(file, isNot, in.schema().getFields(), has, schema.getFields()));
    }
  }

  /**
   * Opens a shard of either kind, by its columns.
   *
   * @throws ShardException when the file is not Parquet or has other columns than a shard
   */
  public static ShardReader open(Path file) throws IOException {
    boolean packed;
    try (ColumnarReader in = new ColumnarReader(file)) {
      packed = in.schema().getColumns().equals(PackedShardWriter.SCHEMA.getColumns());
    }
    return packed ? new PackedShardReader(file) : new ParquetShardReader(file);
  }

  @Override
  public final Map<String, String> metadata() {
    return in.metadata();
  }

  /**
   * Fills {@code to} with the next row; false at the end.
   *
   * @throws ShardException when the bytes are damaged, or num_tokens is not the list's length
   */
  @Override
  public final boolean next(ShardRow to) throws IOException {
    if (!in.nextRow(() -> columns = columnsOf.apply(in))) {
      return false;
    }
    int numTokens;
    try {
      numTokens = Objects.requireNonNull(columns).read(to);
    } catch (ShardException e) {
      throw e;
    } catch (RuntimeException e) {
      throw in.damaged(e);
    }
    if (numTokens != to.count) {
      throw new ShardException(
          "%s: %s \"%s\" says num_tokens %s and has %s ids"
              .formatted(path, row, to.docId, numTokens, to.count));
    }
    return true;
  }

  @Override
  public final void close() throws IOException {
    in.close();
  }
}
