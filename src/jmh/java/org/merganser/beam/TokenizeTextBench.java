package org.merganser.beam;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.merganser.tokenizer.TextEncoder;
import org.merganser.tokenizer.Tokenizer;

/**
 * Measures the cost of a row: rows of text in the direct runner with and without {@link
 * TokenizeText}, beside a plain loop over the same strings. It fails if the ids differ. Times are
 * CPU seconds of the whole process, so that other work on the machine counts less. Run it with
 *
 * <pre>
 * java -cp target/test-classes:target/classes:LIBRARIES org.merganser.beam.TokenizeTextBench \
 *     TOKENIZER.json TEXTS.jsonl ROW_CHARACTERS [flags of the direct runner]
 * </pre>
 */
public final class TokenizeTextBench {
  private static final Schema TEXTS = Schema.builder().addStringField("text").build();
  private static final LongAdder ROWS = new LongAdder();
  private static final LongAdder SUM = new LongAdder();

  private final String tokenizer;
  private final String file;
  private final int characters;
  private final String[] flags;
  private final long bytes;

  private TokenizeTextBench(String[] args) throws IOException {
    this.tokenizer = args[0];
    this.file = args[1];
    this.characters = Integer.parseInt(args[2]);
    this.flags = Arrays.copyOfRange(args, 3, args.length);
    long sum = 0;
    for (String text : texts(file, characters)) {
      sum += text.getBytes(StandardCharsets.UTF_8).length;
    }
    this.bytes = sum;
  }

  public static void main(String[] args) throws IOException {
    TokenizeTextBench bench = new TokenizeTextBench(args);
    for (int round = 0; round < 4; round++) {
      bench.round();
    }
  }

  /** Rows of about {@code characters} characters, made of the lines of documents. */
  private static List<String> texts(String file, int characters) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<String> rows = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(Path.of(file))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        StringBuilder row = new StringBuilder();
        for (String part : json.readTree(line).get("text").textValue().split("(?<=\n)")) {
          row.append(part);
          if (row.length() >= characters) {
            rows.add(row.toString());
            row.setLength(0);
          }
        }
        if (row.length() > 0) {
          rows.add(row.toString());
        }
      }
    }
    return rows;
  }

  private void round() throws IOException {
    List<String> texts = texts(file, characters);
    TextEncoder encoder =
        Tokenizer.read(Path.of(tokenizer))
            .newTextEncoder(org.merganser.tokenizer.SpecialText.TEXT, false);
    long begin = cpu();
    long sum = 0;
    for (String text : texts) {
      sum += Arrays.hashCode(encoder.encode(text));
    }
    long plain = cpu() - begin;
    int rows = texts.size();
    texts.clear();
    long without = pipeline(null);
    long with = pipeline(TokenizeText.with(tokenizer));
    if (SUM.sum() != sum || ROWS.sum() != rows) {
      throw new IllegalStateException(
          "the pipeline gave other ids: %s rows, sum %s; expected %s, %s"
              .formatted(ROWS.sum(), SUM.sum(), rows, sum));
    }
    System.out.printf(
        "%d rows of %d bytes: plain loop %s; pipeline without %s, with TokenizeText %s; the step"
            + " alone %s%n",
        rows,
        bytes / rows,
        speed(plain, rows),
        speed(without, rows),
        speed(with, rows),
        speed(with - without, rows));
  }

  private String speed(long nanos, int rows) {
    return "%.1f MB/s, %.0f rows/s, %.1f us a row"
        .formatted(1e3 * bytes / nanos, 1e9 * rows / nanos, nanos / 1e3 / rows);
  }

  /**
   * CPU nanoseconds of a pipeline that makes the rows, encodes them and counts.
   *
   * @param step encodes the rows; null for a pipeline that does not encode
   */
  private long pipeline(PTransform<PCollection<Row>, PCollection<Row>> step) {
    ROWS.reset();
    SUM.reset();
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(flags).create());
    PCollection<Row> rows =
        pipeline
            .apply(Create.of(file).withCoder(StringUtf8Coder.of()))
            .apply("Rows", ParDo.of(new ReadFn(characters)))
            .setRowSchema(TEXTS);
    if (step != null) {
      rows = rows.apply(step);
    }
    rows.apply("Count", ParDo.of(new CountFn()));
    long begin = cpu();
    pipeline.run().waitUntilFinish();
    return cpu() - begin;
  }

  private static long cpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static final class ReadFn extends DoFn<String, Row> {
    private final int characters;

    ReadFn(int characters) {
      this.characters = characters;
    }

    @ProcessElement
    public void read(@Element String file, OutputReceiver<Row> out) throws IOException {
      for (String text : texts(file, characters)) {
        out.output(Row.withSchema(TEXTS).addValue(text).build());
      }
    }
  }

  private static final class CountFn extends DoFn<Row, Void> {
    @ProcessElement
    public void count(@Element Row row) {
      ROWS.increment();
      if (row.getFieldCount() == 2) {
        SUM.add(
            Arrays.hashCode(
                row.<Integer>getArray(1).stream().mapToInt(Integer::intValue).toArray()));
      }
    }
  }
}
