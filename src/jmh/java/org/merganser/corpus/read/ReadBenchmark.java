package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reads a corpus file to documents, without doing anything with them: finding files excluded; read
 * from the page cache, digest of the stored bytes, line splitting, JSON, UTF-8 check and ids
 * included. The score is megabytes of text a second on one thread; {@code jackson} is the parser
 * alone, from memory, to a String per text.
 *
 * <pre>{@code
 * mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/cp
 * java -cp target/classes:target/test-classes:$(cat target/cp) org.openjdk.jmh.Main ReadBenchmark
 * }</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReadBenchmark {
  /** Text in a file, in megabytes of 10^6 bytes. */
  private static final int MEGABYTES = 16;

  private static final String SENTENCE =
      "The quick brown fox jumps over the lazy dog. Zwölf Boxkämpfer jagen Viktor über den Deich. ";

  /** The kind of file: plain JSONL, with escapes of two kinds, compressed, lines, one text. */
  @Param({"jsonl", "jsonl-newlines", "jsonl-ascii", "jsonl.zst", "lines", "text"})
  public String kind;

  private Path file;
  private byte[] content;
  private long textBytes;
  private UnitReader reader;
  private WorkUnit unit;

  /** Counts the bytes of text. */
  private static final class Sum implements DocumentHandler {
    private long bytes;

    @Override
    public void document(Document document) {
      bytes += document.length();
    }

    @Override
    public void deadLetter(DeadLetter letter) {
      throw new IllegalStateException(letter.toString());
    }

    @Override
    public void rangeRead(RangeReceipt receipt) {
      bytes += 0 * receipt.records();
    }
  }

  /** Writes the file and proves that as much text is read as was written. */
  @Setup(Level.Trial)
  public void write() throws IOException {
    StringBuilder all = new StringBuilder();
    textBytes = 0;
    for (int i = 0; textBytes < MEGABYTES * 1_000_000L; i++) {
      String text = SENTENCE.repeat(1 + i % 40).trim();
      String line =
          switch (kind) {
            case "jsonl-newlines" -> text.replace(". ", ".\\n");
            case "jsonl-ascii" -> text.replace("ö", "\\u00f6").replace("ä", "\\u00e4");
            default -> text;
          };
      textBytes += text.getBytes(UTF_8).length;
      all.append(
          kind.startsWith("jsonl")
              ? "{\"id\":\"doc-" + i + "\",\"lang\":\"de\",\"text\":\"" + line + "\"}\n"
              : line + "\n");
    }
    content = all.toString().getBytes(UTF_8);
    textBytes = kind.equals("text") ? content.length : textBytes;
    file = Files.createTempFile("merganser-read", "");
    Files.write(file, kind.endsWith(".zst") ? Zstd.compress(content) : content);
    InputFormat format =
        kind.startsWith("jsonl")
            ? InputFormat.JSONL
            : kind.equals("text") ? InputFormat.TEXT : InputFormat.LINES;
    CorpusSettings settings =
        CorpusSettings.builder(CorpusInput.of(List.of(file.toString())))
            .format(format)
            .groupField("lang")
            .build();
    InputFile input = CorpusPlanner.list(settings).get(0);
    unit = new WorkUnit(0, List.of(new FileRange(input, 0, input.size())));
    reader = new UnitReader(settings, null);
    long read = read();
    if (read != textBytes) {
      throw new IllegalStateException(read + " bytes of text read, " + textBytes + " written");
    }
  }

  @TearDown(Level.Trial)
  public void delete() throws IOException {
    Files.delete(file);
  }

  private long read() throws IOException {
    Sum sum = new Sum();
    reader.read(unit, sum);
    return sum.bytes;
  }

  /** Operations are megabytes. */
  @Benchmark
  @OperationsPerInvocation(MEGABYTES)
  public long megabytes() throws IOException {
    return read();
  }

  /** Jackson's parser on the same text. */
  @Benchmark
  @OperationsPerInvocation(MEGABYTES)
  public long jackson() throws IOException {
    long chars = 0;
    if (kind.startsWith("jsonl")) {
      try (JsonParser parser = new JsonFactory().createParser(content)) {
        while (parser.nextToken() != null) {
          if (parser.currentToken() == JsonToken.VALUE_STRING
              && parser.currentName().equals("text")) {
            chars += parser.getText().length();
          }
        }
      }
    }
    return chars;
  }
}
