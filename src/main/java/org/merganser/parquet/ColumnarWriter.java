package org.merganser.parquet;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.FileSum;
import org.merganser.parquet.file.OrderedOutputFile;
import org.merganser.parquet.file.PageCodecs;

/**
 * Writes a Parquet file from primitive arrays, without the object, level and hashed dictionary
 * look-up that each value costs in parquet-java's writers. The import of an embedding table of 544
 * million floats takes 6.1 CPU seconds, and 16.2 with {@link RowWriter} (medians of three). It
 * writes shards and vectors; {@link RowWriter} writes every other table. Pages, row groups, codec
 * (zstd, level 1) and metadata order are fixed, so the bytes depend only on the rows and the
 * metadata.
 *
 * <p>Fill every column for a row, then call {@link #endRow}. Holds at most a row group: {@link
 * #ROW_GROUP_BYTES} of values and one row.
 */
public final class ColumnarWriter implements Closeable {
  /** A row group ends with the row that brings its plain values to this size. */
  public static final int ROW_GROUP_BYTES = 16 << 20;

  /** Row groups are not aligned to the blocks of a file system. */
  private static final int NO_PADDING = 0;

  /** The maximum bytes of a minimum or maximum in the statistics and in the column index. */
  private static final int STATISTICS_BYTES = 64;

  /** A column whose values are kept until the row group is written. */
  interface Column {
    /** The size of the values that are kept, before encoding and compression. */
    long bufferedBytes();

    /** Writes the values of the row group, and is empty afterwards. */
    void writeTo(ParquetFileWriter file) throws IOException;
  }

  private final MessageType schema;
  private final ZstdCompressCtx zstd;
  private final OrderedOutputFile target;
  private final ParquetFileWriter file;
  private final Map<String, String> metadata;
  private final List<Column> columns = new ArrayList<>();

  /** The rows of the current row group. */
  private long rows;

  /** Whether all row groups so far are written and the file is not finished. */
  private boolean canBeFinished = true;

  /** The sum of the file; null before it is closed. */
  private @Nullable FileSum sum;

  /**
   * Creates {@code path}, replacing an existing file.
   *
   * @param schema each of its columns must be claimed, in their order, by {@link #scalar}, {@link
   *     #idList}, {@link #valueList}, {@link #mask} or {@link #floatList}
   */
  public ColumnarWriter(Path path, MessageType schema, Map<String, String> metadata)
      throws IOException {
    this.schema = schema;
    this.metadata = new TreeMap<>(metadata);
    this.target = new OrderedOutputFile(path);
    this.file = start(target, schema);
    this.zstd = new ZstdCompressCtx();
    zstd.setLevel(PageCodecs.ZSTD_LEVEL);
  }

  /** Starts a file; closes it if that fails. */
  private static ParquetFileWriter start(OrderedOutputFile target, MessageType schema)
      throws IOException {
    boolean pageChecksums = true;
    try {
      ParquetFileWriter file =
          new ParquetFileWriter(
              target,
              schema,
              ParquetFileWriter.Mode.OVERWRITE,
              ROW_GROUP_BYTES,
              NO_PADDING,
              STATISTICS_BYTES,
              STATISTICS_BYTES,
              pageChecksums);
      file.start();
      return file;
    } catch (IOException | RuntimeException e) {
      try (target) {
        throw e;
      }
    }
  }

  /** The column of an INT32, INT64, DOUBLE, BOOLEAN or BINARY field at the top of the schema. */
  public ScalarColumn scalar(String name) {
    return claim(new ScalarColumn(pages(name)));
  }

  /** The column of a field {@code name (LIST) of INT32 required}. */
  public IdListColumn idList(String name) {
    return claim(new IdListColumn(pages(name, "list", "element")));
  }

  /** The column of a field {@code name (LIST) of INT32, INT64 or BINARY}, required or optional. */
  public ValueListColumn valueList(String name) {
    return claim(new ValueListColumn(pages(name, "list", "element")));
  }

  /** The column of a field {@code name (LIST) of INT32 required}, whose values are 0 and 1. */
  public MaskColumn mask(String name) {
    return claim(new MaskColumn(pages(name, "list", "element")));
  }

  /** The column of a field {@code name (LIST) of FLOAT required}. */
  public FloatListColumn floatList(String name) {
    return claim(new FloatListColumn(pages(name, "list", "element")));
  }

  /**
   * The pages of the column at a path of field names.
   *
   * @throws IllegalStateException if another column comes next in the schema
   */
  private ColumnPages pages(String... path) {
    ColumnDescriptor next = schema.getColumns().get(columns.size());
    ColumnDescriptor wanted = schema.getColumnDescription(path);
    if (!next.equals(wanted)) {
      throw new IllegalStateException("column " + wanted + " is claimed, " + next + " comes next");
    }
    return new ColumnPages(wanted, zstd);
  }

  /** Adds the next column of the schema. */
  private <C extends Column> C claim(C column) {
    columns.add(column);
    return column;
  }

  /** Ends a row, whose value was added to each column. Writes the row group if it is full. */
  public void endRow() throws IOException {
    rows++;
    long buffered = 0;
    for (Column column : columns) {
      buffered += column.bufferedBytes();
    }
    if (buffered >= ROW_GROUP_BYTES) {
      endRowGroup();
    }
  }

  /** Finishes the file, unless writing failed before: then it has no footer and cannot be read. */
  @Override
  public void close() throws IOException {
    try (zstd;
        target;
        file) {
      if (canBeFinished) {
        if (columns.size() != schema.getColumns().size()) {
          throw new IllegalStateException(
              columns.size() + " columns were claimed of " + schema.getColumns().size());
        }
        endRowGroup();
        canBeFinished = false;
        target.beginEnd();
        file.end(metadata);
        sum = target.finish();
      }
    }
  }

  /** The sum of the file, once it is closed. */
  public FileSum sum() {
    return Objects.requireNonNull(sum, "the file is not finished");
  }

  /** Writes the rows since the last row group, if there are any. */
  private void endRowGroup() throws IOException {
    if (rows == 0) {
      return;
    }
    canBeFinished = false;
    file.startBlock(rows);
    for (Column column : columns) {
      column.writeTo(file);
    }
    file.endBlock();
    rows = 0;
    canBeFinished = true;
  }
}
