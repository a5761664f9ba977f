package org.merganser.corpus.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.decode.DecodedInput;
import org.merganser.corpus.decode.StoredInput;
import org.merganser.corpus.field.CsvHeader;
import org.merganser.corpus.field.FieldPath;
import org.merganser.json.Json;
import org.merganser.parquet.CheckedPages;
import org.merganser.parquet.file.Footers;
import org.merganser.parquet.file.PageCodecs;
import org.merganser.store.FileStore;

/**
 * Reads the first records of a JSON, CSV or Parquet file, for a proposal of its fields. A record is
 * its values by field path: strings, numbers and booleans, and lists as {@link JsonNode}; a list in
 * place of a record has the path "". Bytes that cannot be read yield no record.
 */
public final class RecordSample {
  /** The most bytes that are read of a file other than Parquet, and that are decoded of them. */
  private static final int BYTES = 1 << 20;

  /** The most records of a sample. */
  private static final int MOST_RECORDS = 200;

  /**
   * A row of a table.
   *
   * @param line the number of its first line in the file, from 1
   */
  public record Row(long line, List<String> cells) {}

  private RecordSample() {}

  /** At most {@value #MOST_RECORDS} records; empty for formats without fields. */
  public static List<Map<String, Object>> of(InputFile file) throws IOException {
    return of(file, BYTES);
  }

  /**
   * At most {@value #MOST_RECORDS} records; empty for formats without fields.
   *
   * @param bytes that are read of a file without a footer, at most {@value #BYTES}
   */
  public static List<Map<String, Object>> of(InputFile file, int bytes) throws IOException {
    return switch (file.format()) {
      case JSONL -> jsonLines(beginning(file, bytes));
      case JSON -> jsonItems(beginning(file, bytes));
      case PARQUET -> parquet(file);
      default -> {
        Character separator = file.format().separator();
        yield separator == null ? List.of() : csv(beginning(file, bytes), separator);
      }
    };
  }

  /**
   * The first rows of CSV, of which the first one is the header, without blank lines; empty for
   * other formats.
   *
   * @param bytes that are read of the file
   */
  public static List<Row> rows(InputFile file, int bytes) throws IOException {
    Character separator = file.format().separator();
    return separator == null ? List.of() : parseRows(beginning(file, bytes), separator);
  }

  /**
   * The text at the beginning of a file, without a byte order mark.
   *
   * @param bytes that are read of it, at most {@value #BYTES}
   */
  public static String beginning(InputFile file, int bytes) throws IOException {
    String text = new String(head(file, Math.min(bytes, BYTES)), StandardCharsets.UTF_8);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** The first decoded bytes of a file, from at most as many stored bytes. */
  public static byte[] head(InputFile file, int bytes) throws IOException {
    byte[] stored;
    try (InputStream in = FileStore.of(file.location()).open(file.location(), 0)) {
      stored = in.readNBytes(bytes);
    }
    try (DecodedInput decoded = new DecodedInput(StoredInput.of(stored), file.compression())) {
      return decoded.head(bytes);
    }
  }

  /** The first objects and chats of JSON lines; other lines are left out. */
  public static List<Map<String, Object>> jsonLines(String text) {
    List<Map<String, Object>> records = new ArrayList<>();
    for (String line : text.split("\n", MOST_RECORDS + 1)) {
      if (records.size() == MOST_RECORDS) {
        break;
      }
      JsonNode tree = parseOrNull(line);
      if (tree != null && (tree.isObject() || isChat(tree))) {
        records.add(valuesByPath(tree));
      }
    }
    return records;
  }

  /** Whether the first element of a list is a turn of a chat, which has a speaker and a text. */
  public static boolean isChat(JsonNode list) {
    JsonNode turn = list.path(0);
    return (turn.path("role").isTextual() && turn.has("content"))
        || (turn.path("from").isTextual() && turn.has("value"));
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
        if (rows.size() > MOST_RECORDS) { // the header is a further row
          break;
        }
        rows.add(new Row(record.getStartingLineNumber(), record.getFields()));
      }
    } catch (CsvParseException e) {
      return rows; // invalid CSV, or the cut at the end; a run reports the former
    }
    return rows;
  }

  /**
   * The values of rows by the header; a row of more or fewer cells is left out, and a run reports
   * it.
   */
  private static List<Map<String, Object>> csv(String text, char separator) {
    List<Map<String, Object>> records = new ArrayList<>();
    List<Row> rows = parseRows(text, separator);
    if (rows.isEmpty()) {
      return records;
    }
    CsvHeader header = new CsvHeader(rows.get(0).cells());
    Map<String, Integer> fields = header.fields();
    for (Row row : rows.subList(1, rows.size())) {
      if (row.cells().size() == header.names().size()) {
        Map<String, Object> values = new LinkedHashMap<>();
        fields.forEach(
            (name, column) -> values.put(FieldPath.named(name), row.cells().get(column)));
        values.values().removeIf(""::equals); // an empty cell is no value
        records.add(values);
      }
    }
    return records;
  }

  /** The items of an array like {@link #jsonLines}; the text may end within one. */
  private static List<Map<String, Object>> jsonItems(String text) throws IOException {
    List<Map<String, Object>> records = new ArrayList<>();
    try (MappingIterator<JsonNode> items = Json.MAPPER.readerFor(JsonNode.class).readValues(text)) {
      while (records.size() < MOST_RECORDS && items.hasNextValue()) {
        JsonNode tree = items.nextValue();
        if (tree.isObject() || isChat(tree)) {
          records.add(valuesByPath(tree));
        }
      }
    } catch (JsonProcessingException e) {
      return records; // invalid JSON, or the cut at the end; a run reports the former
    }
    return records;
  }

  /**
   * The value of a line of JSON; null for a line that is not JSON, which a run reports. The last
   * line of a sample is often incomplete.
   */
  private static @Nullable JsonNode parseOrNull(String line) {
    try {
      return Json.MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** The values of a record by field path. */
  private static Map<String, Object> valuesByPath(JsonNode tree) {
    Map<String, Object> record = new LinkedHashMap<>();
    addValues("", tree, record);
    return record;
  }

  /** Adds the values below a path to a record. */
  private static void addValues(String path, JsonNode node, Map<String, Object> record) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              field -> addValues(FieldPath.below(path, field.getKey()), field.getValue(), record));
    } else if (node.isTextual()) {
      record.put(path, node.textValue());
    } else if (node.isNumber()) {
      record.put(path, node.numberValue());
    } else if (node.isBoolean()) {
      record.put(path, node.booleanValue());
    } else if (node.isArray()) {
      record.put(path, node);
    }
  }

  /** The first rows of the first row group, up to damage. */
  private static List<Map<String, Object>> parquet(InputFile file) throws IOException {
    ParquetFileBytes bytes = new ParquetFileBytes(file);
    List<Map<String, Object>> records = new ArrayList<>();
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withCodecFactory(new PageCodecs())
            .build();
    try (ParquetFileReader reader = Footers.open(bytes, options)) {
      PageReadStore pages = reader.readNextRowGroup();
      if (pages == null) {
        return records;
      }
      var schema = reader.getFileMetaData().getSchema();
      RecordReader<Group> rows =
          new ColumnIOFactory()
              .getColumnIO(schema)
              .getRecordReader(
                  new CheckedPages(pages, CheckedPages.MOST_VALUES_OF_A_RECORD),
                  new GroupRecordConverter(schema));
      for (long row = 0; row < Math.min(MOST_RECORDS, pages.getRowCount()); row++) {
        records.add(valuesByPath(ParquetJson.group(rows.read(), schema)));
      }
    } catch (IOException | RuntimeException e) {
      bytes.rethrowFailure(); // damage surfaces as many types, and the run reports it
    }
    return records;
  }
}
