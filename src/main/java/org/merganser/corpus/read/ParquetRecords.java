package org.merganser.corpus.read;

import java.io.IOException;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.merganser.parquet.CheckedPages;
import org.merganser.parquet.file.Footers;
import org.merganser.parquet.file.PageCodecs;

/**
 * Opens a Parquet file of the corpus, and the rows of its row groups as records. Footers and pages
 * are checked for damage. It surfaces as many types of exceptions, so a caller catches all of them,
 * and then first calls {@link ParquetFileBytes#rethrowFailure}.
 */
final class ParquetRecords {
  private ParquetRecords() {}

  /** Opens a file. The caller releases the codecs after it has closed the reader. */
  static ParquetFileReader open(ParquetFileBytes bytes, PageCodecs codecs) throws IOException {
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withCodecFactory(codecs)
            .usePageChecksumVerification(true)
            .build();
    return Footers.open(bytes, options);
  }

  /** The message of an exception of damage, or its type without one; shortened, for a person. */
  static String message(Exception damage) {
    String message = damage.getMessage();
    return ParquetSchemaProblem.shortened(
        message == null ? damage.getClass().getSimpleName() : message);
  }

  /**
   * The rows of a row group as records.
   *
   * @param pages of the row group
   * @param columns the part of the file's schema that is read
   * @param file the metadata of the file
   */
  static RecordReader<Group> rows(PageReadStore pages, MessageType columns, FileMetaData file) {
    return new ColumnIOFactory(file.getCreatedBy())
        .getColumnIO(columns, file.getSchema())
        .getRecordReader(
            new CheckedPages(pages, CheckedPages.MOST_VALUES_OF_A_RECORD),
            new GroupRecordConverter(columns),
            FilterCompat.NOOP);
  }
}
