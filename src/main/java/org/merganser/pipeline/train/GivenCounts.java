package org.merganser.pipeline.train;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.job.Job;
import org.merganser.job.TrainSection;
import org.merganser.parquet.ColumnarReader;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.text.unicode.ByteAlphabet;

/**
 * Reads the (pretoken, count) tables that a job names instead of text. A file that ends in {@code
 * .parquet} has the columns {@code pretoken} (the bytes) and {@code count}; any other is TSV with
 * the pretoken in byte-level form (a space is {@code \u0120}, so a pretoken has no tab and no line
 * end) and its count. The counts of a repeated pretoken are summed.
 */
final class GivenCounts {
  private static final String KEY = "tokenizer.train.counts";

  // The columns of a table.
  private static final String PRETOKEN = "pretoken";
  private static final String COUNT = "count";

  private GivenCounts() {}

  /**
   * The sum of all tables of the job, with each count multiplied by its table's weight.
   *
   * @throws RunException naming file and row of an invalid pretoken or count
   */
  static PretokenCounts read(Job job) {
    TrainSection train = job.requireTraining();
    PretokenCounts counts = new PretokenCounts();
    for (int i = 0; i < train.counts().size(); i++) {
      long weight = train.countWeights().isEmpty() ? 1 : train.countWeights().get(i);
      read(job.at(train.counts().get(i)), weight, counts);
    }
    return counts;
  }

  private static void read(String location, long weight, PretokenCounts counts) {
    try {
      Path file = LocalFiles.of(location);
      if (location.endsWith(".parquet")) {
        readParquet(file, weight, counts);
      } else {
        readTsv(file, weight, counts);
      }
    } catch (NoSuchFileException e) {
      throw RunException.wrong("%s: %s: there is no such file", KEY, location).causedBy(e);
    } catch (IOException e) {
      throw new UncheckedIOException(KEY + ": " + location + ": " + e, e);
    }
  }

  private static void readParquet(Path file, long weight, PretokenCounts sum) throws IOException {
    try (ColumnarReader table = new ColumnarReader(file)) {
      requireColumn(file, table.schema(), COUNT, PrimitiveTypeName.INT64);
      requireColumn(file, table.schema(), PRETOKEN, PrimitiveTypeName.BINARY);
      table.request(Set.of(PRETOKEN, COUNT));
      Columns columns = new Columns();
      Runnable atRowGroup = () -> columns.open(table);
      for (long row = 0; table.nextRow(atRowGroup); row++) {
        byte[] pretoken;
        long count;
        try {
          pretoken = columns.nextPretoken();
          count = columns.nextCount();
        } catch (RuntimeException e) {
          throw table.damaged(e);
        }
        add(pretoken, count, weight, sum, file + ": row " + row);
      }
    }
  }

  /** The columns of the current row group of a table. */
  private static final class Columns {
    private @Nullable ColumnReader pretokens;
    private @Nullable ColumnReader counts;

    void open(ColumnarReader table) {
      pretokens = table.column(PRETOKEN);
      counts = table.column(COUNT);
    }

    byte[] nextPretoken() {
      ColumnReader column = Objects.requireNonNull(pretokens);
      byte[] pretoken = column.getBinary().getBytes();
      column.consume();
      return pretoken;
    }

    long nextCount() {
      return ColumnarReader.nextLong(Objects.requireNonNull(counts));
    }
  }

  private static void requireColumn(
      Path file, MessageType schema, String name, PrimitiveTypeName type) {
    Type found = schema.containsField(name) ? schema.getType(name) : null;
    if (found == null
        || !found.isPrimitive()
        || !found.isRepetition(Type.Repetition.REQUIRED)
        || found.asPrimitiveType().getPrimitiveTypeName() != type) {
      throw RunException.wrong(
          "%s: %s: needs a required column \"%s\" of type %s; its schema is %s",
          KEY, file, name, type, schema);
    }
  }

  private static void readTsv(Path file, long weight, PretokenCounts sum) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        String where = file + ": line " + number;
        List<String> fields = List.of(line.split("\t", -1));
        byte[] pretoken = fields.size() == 2 ? ByteAlphabet.toBytes(fields.get(0)) : null;
        if (pretoken == null) {
          throw RunException.wrong(
              "%s: %s: \"%s\" is not a pretoken in byte-level form (a space is \u0120), a tab and a"
                  + " count",
              KEY, where, line);
        }
        add(pretoken, parseCount(fields.get(1), where), weight, sum, where);
      }
    }
  }

  private static long parseCount(String count, String where) {
    try {
      return Long.parseLong(count);
    } catch (NumberFormatException e) {
      throw RunException.wrong("%s: %s: \"%s\" is not a whole number", KEY, where, count)
          .causedBy(e);
    }
  }

  /**
   * Adds the weighted count of a pretoken to the sum.
   *
   * @param where the place of the pretoken, for errors
   */
  private static void add(
      byte[] pretoken, long count, long weight, PretokenCounts sum, String where) {
    if (pretoken.length == 0 || count < 1) {
      throw RunException.wrong(
          "%s: %s: a pretoken of %s bytes with count %s; allowed are at least 1 byte and a count of"
              + " at least 1",
          KEY, where, pretoken.length, count);
    }
    try {
      sum.add(pretoken, 0, pretoken.length, Math.multiplyExact(count, weight));
    } catch (ArithmeticException e) {
      throw RunException.wrong("%s: %s: the weighted counts exceed 2^63 - 1", KEY, where)
          .causedBy(e);
    }
  }
}
