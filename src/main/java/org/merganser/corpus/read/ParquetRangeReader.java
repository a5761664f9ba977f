package org.merganser.corpus.read;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.Compression;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.field.RecordFields;
import org.merganser.parquet.file.PageCodecs;

/**
 * Reads the rows of a Parquet file, and of each row only the columns of {@link RecordFields#paths}.
 * A row group belongs to the range that contains its middle byte. A row's offset is its index in
 * the file. Damage in a row group becomes one dead letter for all rows from the first damaged one
 * on, counted by the footer; reading continues with the next row group. If no row can be a document
 * by the file's schema ({@link ParquetSchemaProblem}), one dead letter represents all rows of a
 * range. A file whose footer is damaged is one dead letter.
 *
 * <p>Memory: the compressed pages of these columns of one row group, and of each column one page
 * uncompressed.
 */
final class ParquetRangeReader {
  private final RecordFields fields;
  private final RecordSink sink;
  private final ParquetRowToDocument documents;
  private final PageCodecs codecs = new PageCodecs();

  ParquetRangeReader(
      RecordFields fields, InvalidUtf8 invalidUtf8, RecordSink sink, MemoryCutter cutter) {
    this.fields = fields;
    this.sink = sink;
    this.documents = new ParquetRowToDocument(fields, invalidUtf8, sink, cutter);
  }

  /** Passes on the rows of the row groups that belong to a range. */
  void read(FileRange range) throws IOException {
    if (range.file().compression() != Compression.NONE) {
      sink.refuseFile(Reason.CORRUPT, "Parquet inside another compression; decompress the file");
      return;
    }
    ParquetFileBytes bytes = new ParquetFileBytes(range.file());
    try (ParquetFileReader reader = openOrRefuse(range, bytes)) {
      if (reader != null) {
        readGroups(range, reader, bytes);
      }
    } finally {
      codecs.release();
    }
  }

  /** Opens a file; null if its footer cannot be read, and the file became a dead letter. */
  private @Nullable ParquetFileReader openOrRefuse(FileRange range, ParquetFileBytes bytes)
      throws IOException {
    try {
      return ParquetRecords.open(bytes, codecs);
    } catch (IOException | RuntimeException e) { // damage in a footer surfaces as many types
      bytes.rethrowFailure();
      sink.refuseFile(Reason.CORRUPT, ParquetFooterProblem.detail(range.file(), e));
      return null;
    }
  }

  /** Passes on the rows of the row groups that belong to a range, or refuses all of them. */
  private void readGroups(FileRange range, ParquetFileReader reader, ParquetFileBytes bytes)
      throws IOException {
    MessageType schema = reader.getFileMetaData().getSchema();
    ParquetSchemaProblem problem = ParquetSchemaProblem.of(schema, fields);
    if (problem != null) {
      refuseRows(range, reader, problem);
      return;
    }
    ParquetColumns columns = new ParquetColumns(schema, fields);
    reader.setRequestedSchema(columns.schema());
    for (int group : groupsOf(range, reader)) {
      readGroup(reader, group, columns, bytes);
    }
  }

  /** The indexes of the row groups that belong to a range and have rows. */
  private static List<Integer> groupsOf(FileRange range, ParquetFileReader reader) {
    List<BlockMetaData> all = reader.getRowGroups();
    return IntStream.range(0, all.size())
        .filter(i -> all.get(i).getRowCount() > 0)
        .filter(i -> belongsTo(range, all.get(i)))
        .boxed()
        .toList();
  }

  /** Whether the middle byte of a row group is in a range. */
  private static boolean belongsTo(FileRange range, BlockMetaData group) {
    // The first column may be stored after others, so that its place plus half of all bytes is
    // beyond the file. The group then belongs to the last range.
    long middle = Math.min(middle(group), range.file().size() - 1);
    return range.start() <= middle && middle < range.end();
  }

  /**
   * The place of the middle of a row group, by the columns that are not encrypted; 0 if there are
   * none.
   */
  private static long middle(BlockMetaData group) {
    List<ColumnChunkMetaData> plain =
        group.getColumns().stream().filter(chunk -> !chunk.isEncrypted()).toList();
    long size = plain.stream().mapToLong(ColumnChunkMetaData::getTotalSize).sum();
    return plain.isEmpty() ? 0 : plain.get(0).getStartingPos() + size / 2;
  }

  /** Reports one dead letter for all rows of the range; a file without rows is one record. */
  private void refuseRows(FileRange range, ParquetFileReader reader, ParquetSchemaProblem problem)
      throws IOException {
    List<BlockMetaData> groups =
        groupsOf(range, reader).stream().map(reader.getRowGroups()::get).toList();
    long rows = groups.stream().mapToLong(BlockMetaData::getRowCount).sum();
    if (rows > 0) {
      sink.refuseRows(groups.get(0).getRowIndexOffset(), rows, problem.reason(), problem.detail());
    } else if (range.start() == 0) {
      sink.refuseRows(0, 1, problem.reason(), problem.detail());
    }
  }

  /**
   * Passes on the rows of a row group; those from the first damaged one on become one dead letter.
   */
  private void readGroup(
      ParquetFileReader reader, int group, ParquetColumns columns, ParquetFileBytes bytes)
      throws IOException {
    BlockMetaData block = reader.getRowGroups().get(group);
    long first = block.getRowIndexOffset();
    long rows = block.getRowCount();
    String unreadable = unreadableColumn(block, columns.schema());
    if (unreadable != null) {
      sink.refuseRows(first, rows, Reason.UNDECODABLE, unreadable);
      return;
    }
    long row = first;
    RecordReader<Group> records = null; // opened within the try, since that reads pages
    while (row < first + rows) {
      Group read;
      try {
        if (records == null) {
          records = openRows(reader, group, columns);
        }
        read = records.read();
      } catch (IOException | RuntimeException e) {
        // Damaged pages surface as many types; a failure to read the file must fail the run.
        bytes.rethrowFailure();
        long rest = first + rows - row;
        String why = ParquetRecords.message(e);
        String detail = rest + " rows from row " + row + " on cannot be decoded: " + why;
        sink.refuseRows(row, rest, Reason.UNDECODABLE, detail);
        return;
      }
      columns.set(read);
      documents.accept(row, columns);
      row++;
    }
  }

  /**
   * Says, for a person, which of the columns that are read is encrypted in a row group, or
   * compressed with a codec that is missing; null if none is.
   */
  private @Nullable String unreadableColumn(BlockMetaData group, MessageType columns) {
    for (ColumnChunkMetaData chunk : group.getColumns()) {
      if (!columns.containsPath(chunk.getPath().toArray())) {
        continue;
      }
      if (chunk.isEncrypted()) {
        return "column %s is encrypted; write the file again without encryption"
            .formatted(chunk.getPath().toDotString());
      }
      try {
        codecs.getDecompressor(chunk.getCodec());
      } catch (RuntimeException | LinkageError e) {
        return ("column %s is compressed with %s, which this build cannot decompress: write"
                + " the file again with zstd, snappy or gzip")
            .formatted(chunk.getPath().toDotString(), chunk.getCodec());
      }
    }
    return null;
  }

  /** Opens the rows of a row group, which has some. */
  private static RecordReader<Group> openRows(
      ParquetFileReader reader, int group, ParquetColumns columns) throws IOException {
    PageReadStore pages = reader.readRowGroup(group);
    if (pages == null) {
      throw new IOException("row group " + group + " is empty");
    }
    return ParquetRecords.rows(pages, columns.schema(), reader.getFileMetaData());
  }
}
