package org.merganser.corpus.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.merganser.corpus.InputFile;
import org.merganser.parquet.file.PageCodecs;

/** The first records of a Parquet file, as {@link RecordSample} describes them. */
final class ParquetSample {
  private ParquetSample() {}

  /** The first rows of the first row group; those before damage, which a run reports. */
  static List<Map<String, Object>> of(InputFile file) throws IOException {
    ParquetFileBytes bytes = new ParquetFileBytes(file);
    PageCodecs codecs = new PageCodecs();
    List<Map<String, Object>> records = new ArrayList<>();
    try (ParquetFileReader reader = ParquetRecords.open(bytes, codecs)) {
      PageReadStore pages = reader.readNextRowGroup();
      if (pages == null) {
        return records;
      }
      MessageType schema = reader.getFileMetaData().getSchema();
      RecordReader<Group> rows = ParquetRecords.rows(pages, schema, reader.getFileMetaData());
      for (long row = 0; row < Math.min(RecordSample.MOST_RECORDS, pages.getRowCount()); row++) {
        records.add(JsonSample.valuesByPath(ParquetJson.group(rows.read(), schema)));
      }
    } catch (IOException | RuntimeException e) {
      bytes.rethrowFailure(); // damage surfaces as many types
    } finally {
      codecs.release();
    }
    return records;
  }
}
