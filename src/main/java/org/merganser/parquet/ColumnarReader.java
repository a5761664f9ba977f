package org.merganser.parquet;

import static org.apache.parquet.schema.Type.Repetition.REPEATED;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.file.Footers;
import org.merganser.parquet.file.PageCodecs;
import org.merganser.store.FileStore;
import org.merganser.store.UnusableFileException;

/**
 * Reads the columns of any Parquet file, a row group at a time: value by value through Parquet's
 * {@link ColumnReader}, lists of ids through an {@link IdListReader}, lists of floats through
 * {@link FloatLists}. Call {@link #nextRow} before each row; it says when the columns must be
 * opened again. Holds the compressed bytes of one row group's requested columns.
 */
public final class ColumnarReader implements Closeable {
  private final Path path;
  private final ParquetFileReader file;

  /** The columns that are read. */
  private MessageType requested;

  /** The columns of the current row group; null before the first one. */
  private @Nullable ColumnReadStoreImpl columns;

  /** The checked pages of the current row group; null before the first one. */
  private @Nullable PageReadStore pages;

  /** The rows of the current row group after the current row. */
  private long rowsLeft;

  /**
   * Opens a file to read all of its columns.
   *
   * @throws NoSuchFileException if there is no regular file
   * @throws UnusableFileException if the file is not Parquet, is damaged or is encrypted
   */
  public ColumnarReader(Path path) throws IOException {
    this.path = path;
    if (!Files.isRegularFile(path)) {
      throw new NoSuchFileException(path.toString(), null, "no such file");
    }
    this.file = open(path);
    this.requested = schema();
    String encrypted = encryptedColumn();
    if (encrypted != null) {
      file.close();
      throw new UnusableFileException(
          "%s: column %s is encrypted; write the file again without encryption"
              .formatted(path, encrypted));
    }
  }

  private static ParquetFileReader open(Path path) throws IOException {
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withCodecFactory(new PageCodecs())
            .usePageChecksumVerification(true)
            .build();
    try {
      return Footers.open(new LocalInputFile(path), options);
    } catch (FileSystemException | FileNotFoundException e) { // too many open files, no permission
      throw FileStore.withName(path.toString(), e);
    } catch (IOException | RuntimeException e) { // damage also appears as an IOException
      throw new UnusableFileException(
          path + " is not a readable Parquet file: " + UnreadableFile.problem(path, e), e);
    }
  }

  /** The path of the first encrypted column; null if there is none. */
  private @Nullable String encryptedColumn() {
    return file.getRowGroups().stream()
        .flatMap(group -> group.getColumns().stream())
        .filter(ColumnChunkMetaData::isEncrypted)
        .findFirst()
        .map(chunk -> chunk.getPath().toDotString())
        .orElse(null);
  }

  /** The columns of the file. */
  public MessageType schema() {
    return file.getFileMetaData().getSchema();
  }

  /** The key-value metadata in the footer. */
  public Map<String, String> metadata() {
    return file.getFileMetaData().getKeyValueMetaData();
  }

  /** The footer: the schema, the metadata and the row groups. */
  public ParquetMetadata footer() {
    return file.getFooter();
  }

  /** The rows of all row groups. */
  public long rows() {
    return file.getRecordCount();
  }

  /**
   * Restricts reading to the columns of {@code schema}, which must be a part of the file's. Call
   * before the first row.
   */
  public void request(MessageType schema) {
    file.setRequestedSchema(schema);
    requested = schema;
  }

  /** Restricts reading to the columns of these fields at the top of the schema. */
  public void request(Set<String> names) {
    request(
        new MessageType(
            schema().getName(),
            schema().getFields().stream().filter(f -> names.contains(f.getName())).toList()));
  }

  /**
   * Moves to the next row and returns true, or false after the last one.
   *
   * @param atRowGroup opens the columns of a row group, before its first row; the columns of the
   *     row group before have ended
   * @throws UnusableFileException if the bytes are damaged
   */
  public boolean nextRow(Runnable atRowGroup) throws IOException {
    while (rowsLeft == 0) {
      long rows = nextRowGroup();
      if (rows < 0) {
        return false;
      }
      rowsLeft = rows;
      atRowGroup.run();
    }
    rowsLeft--;
    return true;
  }

  /** Moves to the next row group and returns its rows, or -1 at the end. */
  private long nextRowGroup() throws IOException {
    try {
      PageReadStore next = file.readNextRowGroup();
      if (next == null) {
        return -1;
      }
      pages = new CheckedPages(next, Long.MAX_VALUE); // no limit: no row becomes a record
      columns =
          new ColumnReadStoreImpl(
              pages,
              new GroupRecordConverter(requested).getRootConverter(),
              requested,
              file.getFileMetaData().getCreatedBy());
      return pages.getRowCount();
    } catch (IOException | RuntimeException e) {
      throw damaged(e);
    }
  }

  /** The values of a column in the current row group, from its first one. */
  public ColumnReader column(ColumnDescriptor column) {
    if (columns == null) {
      throw new IllegalStateException("no row group is open");
    }
    try {
      return columns.getColumnReader(column);
    } catch (RuntimeException e) {
      throw damaged(e);
    }
  }

  /** The same for the column at a path of field names. */
  public ColumnReader column(String... names) {
    return column(requested.getColumnDescription(names));
  }

  /**
   * The lists of ids in the current row group's column at a path of field names, from its first
   * row.
   *
   * @throws UnusableFileException if its type is another one, or its pages are damaged
   */
  public IdListReader idLists(String... names) {
    if (pages == null) {
      throw new IllegalStateException("no row group is open");
    }
    ColumnDescriptor column = requested.getColumnDescription(names);
    try {
      return new IdListReader(column, pages.getPageReader(column));
    } catch (UnusableFileException e) {
      throw new UnusableFileException(path + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      throw damaged(e);
    }
  }

  /**
   * The lists of numbers in a column of the current row group, from its first row.
   *
   * @param list a column with one repeated field in its path
   * @param value reads a number as a float
   */
  public FloatLists floatLists(ColumnDescriptor list, FloatLists.ToFloat value) {
    int entryLevel = requested.getMaxDefinitionLevel(repeatedField(list));
    return new FloatLists(path, column(list), entryLevel, value);
  }

  /** The path of the repeated field in the path of a column, which has one. */
  private String[] repeatedField(ColumnDescriptor list) {
    int depth = 1;
    String[] field = Arrays.copyOf(list.getPath(), depth);
    while (!requested.getType(field).isRepetition(REPEATED)) {
      depth++;
      field = Arrays.copyOf(list.getPath(), depth);
    }
    return field;
  }

  /** Reads and consumes the next text of a column. */
  public static String nextText(ColumnReader column) {
    String text = column.getBinary().toStringUsingUTF8();
    column.consume();
    return text;
  }

  /** Reads and consumes the next INT64 of a column. */
  public static long nextLong(ColumnReader column) {
    long number = column.getLong();
    column.consume();
    return number;
  }

  /** Reads and consumes the next INT32 of a column. */
  public static int nextInt(ColumnReader column) {
    int integer = column.getInteger();
    column.consume();
    return integer;
  }

  /**
   * The error to throw if reading failed, since the file is damaged; names the file and the cause.
   * An UnusableFileException is returned as it is.
   */
  public UnusableFileException damaged(Exception cause) {
    if (cause instanceof UnusableFileException known) {
      return known;
    }
    return new UnusableFileException(
        path + " is damaged: " + cause.getMessage() + "; make it again, or restore it", cause);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
