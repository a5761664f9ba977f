package org.merganser.parquet.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the row groups of a footer agree with its schema, its number of rows, and the size of
 * the file.
 */
final class RowGroups {
  private RowGroups() {}

  /**
   * Checks the rows and the columns of each row group.
   *
   * @param footer the footer as it is stored
   * @param parsed the same footer as Parquet's reader understands it
   * @return the column chunks that have values and are not encrypted
   */
  static List<ColumnChunkMetaData> check(FileMetaData footer, ParquetMetadata parsed)
      throws IOException {
    List<ColumnDescriptor> columns = parsed.getFileMetaData().getSchema().getColumns();
    List<ColumnChunkMetaData> chunks = new ArrayList<>();
    long rows = 0;
    for (int i = 0; i < parsed.getBlocks().size(); i++) {
      BlockMetaData group = parsed.getBlocks().get(i);
      if (group.getRowCount() < 0) {
        throw Footers.damaged("row group " + i + " has " + group.getRowCount() + " rows");
      }
      rows += group.getRowCount();
      if (group.getPath() != null) {
        throw new IOException(
            "row group %s is in another file, %s; read that one instead"
                .formatted(i, group.getPath()));
      }
      if (group.getRowCount() > 0) {
        String problem = problemOf(group, footer.getRow_groups().get(i), columns);
        if (problem != null) {
          throw Footers.damaged("row group " + i + problem);
        }
        group.getColumns().stream().filter(chunk -> !chunk.isEncrypted()).forEach(chunks::add);
      }
    }
    if (rows != footer.getNum_rows()) {
      throw Footers.damaged(
          "its row groups have %s rows, and it says %s".formatted(rows, footer.getNum_rows()));
    }
    return chunks;
  }

  /** Checks that chunks do not overlap, and end before {@code end}; sorts them by their places. */
  static void checkPlaces(List<ColumnChunkMetaData> chunks, long end) throws IOException {
    chunks.sort(Comparator.comparingLong(ColumnChunkMetaData::getStartingPos));
    long free = Footers.MAGIC.length;
    for (ColumnChunkMetaData chunk : chunks) {
      long at = chunk.getStartingPos();
      long size = chunk.getTotalSize();
      if (at < free || size <= 0 || size > end - at) {
        throw Footers.damaged(
            "column %s has %s bytes at byte %s; bytes %s to %s are free"
                .formatted(chunk.getPath().toDotString(), size, at, free, end));
      }
      free = at + size;
    }
  }

  /**
   * The problem in the columns of a row group that has rows; null if there is none.
   *
   * @param stored the same row group as it is stored
   * @param columns the columns of the schema
   */
  private static @Nullable String problemOf(
      BlockMetaData group, RowGroup stored, List<ColumnDescriptor> columns) {
    if (group.getColumns().size() != columns.size()) {
      return " has %s columns, and the schema %s"
          .formatted(group.getColumns().size(), columns.size());
    }
    ParquetMetadataConverter types = new ParquetMetadataConverter();
    for (int i = 0; i < columns.size(); i++) {
      ColumnDescriptor column = columns.get(i);
      ColumnChunkMetaData chunk = group.getColumns().get(i);
      if (!chunk.isEncrypted()) {
        var type = types.getPrimitive(stored.getColumns().get(i).getMeta_data().getType());
        String problem = problemOf(chunk, type, group.getRowCount(), column);
        if (problem != null) {
          return ", column " + String.join(".", column.getPath()) + problem;
        }
      }
    }
    return null;
  }

  /**
   * The problem in a column chunk; null if there is none.
   *
   * @param type the type of its values
   * @param rows the rows of its row group
   * @param column its column in the schema
   */
  private static @Nullable String problemOf(
      ColumnChunkMetaData chunk, PrimitiveTypeName type, long rows, ColumnDescriptor column) {
    if (!Arrays.equals(column.getPath(), chunk.getPath().toArray())
        || type != column.getPrimitiveType().getPrimitiveTypeName()) {
      return ": its data are " + type + " of " + chunk.getPath().toDotString();
    }
    long values = chunk.getValueCount();
    boolean isList = column.getMaxRepetitionLevel() > 0;
    if (values < rows || (values > rows && !isList)) {
      return " has " + values + " values for " + rows + " rows";
    }
    if (column.getMaxDefinitionLevel() == 0 && chunk.getStatistics().getNumNulls() > 0) {
      return " has no value in some rows and is required";
    }
    return null;
  }
}
