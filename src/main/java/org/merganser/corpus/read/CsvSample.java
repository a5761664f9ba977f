package org.merganser.corpus.read;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.field.CsvHeader;
import org.merganser.corpus.field.FieldPath;

/**
 * The first rows of a CSV file, as cells or as the records that {@link RecordSample} describes.
 * Rows after an error, which a run reports, are left out.
 */
public final class CsvSample {
  /**
   * A row of a table.
   *
   * @param line the number of its first line in the file, from 1
   */
  public record Row(long line, List<String> cells) {}

  private CsvSample() {}

  /**
   * The first rows, of which the first one is the header, without blank lines; empty for a format
   * other than CSV.
   *
   * @param bytes that are read of the file, as of {@link FileBeginning#text}
   */
  public static List<Row> rows(InputFile file, int bytes) throws IOException {
    Character separator = file.format().separator();
    return separator == null ? List.of() : parseRows(FileBeginning.text(file, bytes), separator);
  }

  /**
   * The rows after the header by its names, without empty cells; empty for a format other than CSV.
   * A row of more or fewer cells than the header is left out, and a run reports it.
   *
   * @param bytes that are read of the file, as of {@link FileBeginning#text}
   */
  static List<Map<String, Object>> records(InputFile file, int bytes) throws IOException {
    List<Row> rows = rows(file, bytes);
    if (rows.isEmpty()) {
      return List.of();
    }
    CsvHeader header = new CsvHeader(rows.get(0).cells());
    Map<String, Integer> fields = header.fields();
    List<Map<String, Object>> records = new ArrayList<>();
    for (Row row : rows.subList(1, rows.size())) {
      if (row.cells().size() == header.names().size()) {
        records.add(valuesByPath(fields, row));
      }
    }
    return records;
  }

  private static Map<String, Object> valuesByPath(Map<String, Integer> fields, Row row) {
    Map<String, Object> values = new LinkedHashMap<>();
    fields.forEach((name, column) -> values.put(FieldPath.named(name), row.cells().get(column)));
    values.values().removeIf(""::equals);
    return values;
  }

  /** The first rows of a text; those before an error if it is not CSV. */
  private static List<Row> parseRows(String text, char separator) {
    List<Row> rows = new ArrayList<>();
    CsvReader.CsvReaderBuilder parser =
        CsvReader.builder()
            .fieldSeparator(separator)
            .allowUnclosedQuote(false)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE);
    try {
      for (CsvRecord record : parser.ofCsvRecord(text)) {
        if (rows.size() > RecordSample.MOST_RECORDS) { // the header is a further row
          break;
        }
        rows.add(new Row(record.getStartingLineNumber(), record.getFields()));
      }
    } catch (CsvParseException e) {
      return rows; // invalid CSV, or the cut at the end; a run reports the former
    }
    return rows;
  }
}
