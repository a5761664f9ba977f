package org.merganser.corpus.field;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;

/**
 * Finds some fields of CSV records in their bytes; FastCSV parses them by RFC 4180. Each byte is
 * passed to it as one char, so that text which is not UTF-8 stays unchanged. The header names the
 * fields; each is a string without nested fields. Not thread-safe.
 */
public final class CsvRecord implements FieldValues {
  /** In place of a column or of the index of a value, if there is none. */
  private static final int NONE = -1;

  /** The problem of a record that FastCSV does not accept. */
  private static final String WRONG_QUOTES =
      "something follows a closing quote, or a quote is not closed; a quote within quotes is"
          + " written twice";

  private final CsvReader.CsvReaderBuilder parser;
  private final List<FieldPath> paths;
  private List<String> names = List.of();

  /** By field, its column; {@link #NONE} if the file has none. */
  private final int[] columns;

  /**
   * By column, the index of its value in {@link #starts} and {@link #ends}; {@link #NONE} if no
   * field needs it.
   */
  private int[] valueIndexes = {};

  /** By value, where it begins in {@link #values}. */
  private int[] starts = {};

  /** By value, where it ends in {@link #values}. */
  private int[] ends = {};

  /** The values of the record that are needed, one after the other. */
  private final ByteBuilder values = new ByteBuilder(1 << 16);

  /**
   * @param paths of the fields, which are numbered in this order
   */
  public CsvRecord(char separator, List<FieldPath> paths) {
    this.parser =
        CsvReader.builder()
            .fieldSeparator(separator)
            .allowUnclosedQuote(false)
            .extraFieldStrategy(
                FieldMismatchStrategy.IGNORE) // counted here, so that a message has both numbers
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE);
    this.paths = List.copyOf(paths);
    this.columns = new int[paths.size()];
  }

  /**
   * Reads the header. Called once, before all records.
   *
   * @return null, or what is wrong with it, for a person
   */
  public @Nullable String readHeader(byte[] bytes, int from, int to) {
    List<String> found = new ArrayList<>();
    Fields cells =
        new Fields() {
          @Override
          void field(int column, char[] chars, int start, int length) {
            found.add(new String(new String(chars, start, length).getBytes(ISO_8859_1), UTF_8));
          }
        };
    String wrong = parse(bytes, from, to, cells);
    if (wrong != null) {
      return wrong;
    }
    if (found.isEmpty()) {
      return "its line names no column";
    }
    names = List.copyOf(found);
    return findColumns();
  }

  /**
   * Finds the columns of the fields by {@link #names}.
   *
   * @return null, or the problem of a column that the job reads, for a person
   */
  private @Nullable String findColumns() {
    CsvHeader header = new CsvHeader(names);
    valueIndexes = new int[names.size()];
    Arrays.fill(valueIndexes, NONE);
    int count = 0;
    for (int f = 0; f < columns.length; f++) {
      String name = paths.get(f).column();
      columns[f] = names.indexOf(name); // which is NONE if there is none
      String shared = header.sharedNameProblem(name);
      if (shared != null) {
        return shared + ", and the job reads a column of this name; rename all but one";
      }
      if (columns[f] != NONE && valueIndexes[columns[f]] == NONE) {
        valueIndexes[columns[f]] = count++;
      }
    }
    starts = new int[count];
    ends = new int[count];
    return null;
  }

  /** The names of the columns, as the header has them; none before {@link #readHeader}. */
  public List<String> names() {
    return names;
  }

  /**
   * Reads a record after the header. Its values are valid until the next one is read.
   *
   * @return null, or what is wrong with it, for a person
   */
  public @Nullable String read(byte[] bytes, int from, int to) {
    values.clear();
    Fields fields =
        new Fields() {
          @Override
          void field(int column, char[] chars, int start, int length) {
            int value = column < valueIndexes.length ? valueIndexes[column] : NONE;
            if (value != NONE) {
              starts[value] = values.length();
              values.ensure(length);
              byte[] out = values.bytes();
              for (int i = 0; i < length; i++) {
                out[starts[value] + i] = (byte) chars[start + i];
              }
              values.setLength(starts[value] + length);
              ends[value] = values.length();
            }
          }
        };
    String wrong = parse(bytes, from, to, fields);
    if (wrong != null || fields.count == names.size()) {
      return wrong;
    }
    return String.format(
        Locale.ROOT, "the record has %d fields, the header has %d", fields.count, names.size());
  }

  /** Passes the fields of one record on; returns null, or what is wrong with it, for a person. */
  private @Nullable String parse(byte[] bytes, int from, int to, Fields fields) {
    String text = new String(bytes, from, to - from, ISO_8859_1);
    try (CsvReader<Boolean> reader = parser.build(fields, text);
        CloseableIterator<Boolean> records = reader.iterator()) {
      if (records.hasNext()) {
        records.next();
      }
      fields.done = true;
      // The bytes are of one record, and FastCSV ends a record also at a carriage return.
      return records.hasNext() ? "a carriage return without a line feed ends no record" : null;
    } catch (CsvParseException e) {
      return WRONG_QUOTES;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // reading text in memory cannot fail
    }
  }

  @Override
  public Kind kind(int field) {
    return columns[field] == NONE ? Kind.MISSING : Kind.STRING;
  }

  @Override
  public boolean areTyped() {
    return false;
  }

  @Override
  public void append(int field, ByteBuilder out) {
    int value = valueIndexes[columns[field]];
    out.append(values.bytes(), starts[value], ends[value]);
  }

  /** Receives the fields of one record from FastCSV. */
  private abstract static class Fields extends AbstractBaseCsvCallbackHandler<Boolean> {
    /** The number of fields of the record so far. */
    int count;

    /** Whether the record has ended; fields after it are not passed on. */
    boolean done;

    /** Takes a field: {@code chars[start, start + length)}, one char for each byte. */
    abstract void field(int column, char[] chars, int start, int length);

    @Override
    protected void handleField(int column, char[] chars, int start, int length, boolean quoted) {
      if (!done) {
        field(column, chars, start, length);
        count = column + 1;
      }
    }

    @Override
    protected Boolean buildRecord() {
      return true; // a record must have a value, which nobody reads
    }
  }
}
