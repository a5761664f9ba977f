package org.merganser.corpus.read;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.merganser.corpus.InputFile;

/**
 * Reads the first records of a file, for a proposal of its fields: {@link JsonSample}, {@link
 * CsvSample} or {@link ParquetSample} by its format. A record is its values by field path: strings,
 * numbers and booleans, and lists as {@link JsonNode}; a chat in place of an object has the path
 * "". Bytes that cannot be read yield no record.
 */
public final class RecordSample {
  /** The most records of a sample. */
  static final int MOST_RECORDS = 200;

  private RecordSample() {}

  /** At most {@value #MOST_RECORDS} records; empty for formats without such fields. */
  public static List<Map<String, Object>> of(InputFile file) throws IOException {
    return of(file, FileBeginning.MOST_BYTES_OF_TEXT);
  }

  /**
   * At most {@value #MOST_RECORDS} records; empty for formats without such fields.
   *
   * @param bytes that are read of a file other than Parquet, as of {@link FileBeginning#text}
   */
  public static List<Map<String, Object>> of(InputFile file, int bytes) throws IOException {
    return switch (file.format()) {
      case JSONL -> JsonSample.ofLines(FileBeginning.text(file, bytes));
      case JSON -> JsonSample.ofArray(FileBeginning.text(file, bytes));
      case PARQUET -> ParquetSample.of(file);
      case CSV, TSV, CSV_WITH_TABS, CSV_WITH_SEMICOLONS, CSV_WITH_BARS ->
          CsvSample.records(file, bytes);
      case AUTO, TEXT, LINES, PARAGRAPHS, SEPARATED, WARC, UNSUPPORTED -> List.of();
    };
  }
}
