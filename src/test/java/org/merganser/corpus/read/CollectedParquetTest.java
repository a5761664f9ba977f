package org.merganser.corpus.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.corpus.read.Reading.file;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.KeptField;
import org.merganser.parquet.ColumnarReader;
import org.merganser.store.UnusableFileException;

/**
 * Damaged Parquet files that Apache Arrow's fuzzers found, one or two for each refusal that they
 * meet here: none ends a run or takes much memory, and what is lost is a dead letter of its file.
 */
class CollectedParquetTest {
  private static final Path COLLECTED = Path.of("src/test/resources/parquet/arrow-testing");

  /** Of one reading; the JDK's and parquet-java's classes take most of it. */
  private static final long MEMORY = 64L << 20;

  /** The words of the JVM's own messages, which tell a user nothing. */
  private static final String UNCLEAR = "(?s).*(Cannot invoke|Cannot read field|out of bounds).*";

  @TempDir Path folder;

  private List<Path> files;

  @BeforeEach
  void list() throws IOException {
    try (Stream<Path> all = Files.list(COLLECTED)) {
      files = all.sorted().toList();
    }
    assertThat(files).hasSize(51);
  }

  @Test
  void aCorpusWithThemIsReadToItsEnd() throws IOException {
    for (Path each : files) {
      Files.copy(each, folder.resolve("a-" + each.getFileName()));
    }
    file(folder, "b.jsonl", "{\"text\": \"what is whole\"}\n");
    Reading reading = Reading.of(Reading.settings(InputFormat.AUTO, folder));
    assertThat(reading.texts()).containsExactly("what is whole");
    Set<String> named = new HashSet<>();
    for (DeadLetter letter : reading.letters) {
      named.add(letter.file());
      assertThat(letter.detail()).doesNotMatch(UNCLEAR);
    }
    assertThat(named).hasSize(files.size());
  }

  /** As the column of text, with some of the others as fields. */
  @Test
  void eachColumnIsReadToItsEnd() throws IOException {
    for (Path each : files) {
      List<String> columns = columns(each);
      for (String text : columns) {
        List<KeptField> kept =
            columns.stream()
                .filter(name -> !name.equals(text))
                .limit(5)
                .map(name -> new KeptField(name, KeptField.Type.STRING))
                .toList();
        long before = allocated();
        Reading reading = Reading.of(settings(each, text, kept));
        assertThat(allocated() - before).as("%s, %s", each, text).isLessThan(MEMORY);
        for (DeadLetter letter : reading.letters) {
          assertThat(letter.detail()).as("%s, %s", each, text).doesNotMatch(UNCLEAR);
        }
      }
    }
  }

  private static CorpusSettings settings(Path file, String text, List<KeptField> kept) {
    return CorpusSettings.builder(CorpusInput.of(List.of(file.toString())))
        .includeAll(true)
        .format(InputFormat.PARQUET)
        .textField(text)
        .kept(kept)
        .maxDocumentBytes(1 << 20)
        .maxWholeDocumentBytes(1 << 20)
        .build();
  }

  /** The columns of a file whose footer can be read; all their values are read, or refused. */
  private static List<String> columns(Path file) throws IOException {
    List<String> names = new ArrayList<>();
    long before = allocated();
    try (ColumnarReader in = new ColumnarReader(file)) {
      for (ColumnDescriptor column : in.schema().getColumns()) {
        names.add(String.join(".", column.getPath()));
      }
      List<ColumnReader> columns = new ArrayList<>();
      while (in.nextRow(() -> open(in, columns))) {
        for (ColumnReader column : columns) {
          do {
            column.skip();
            column.consume();
          } while (column.getCurrentRepetitionLevel() > 0);
        }
      }
    } catch (UnusableFileException e) {
      assertThat(e.getMessage()).contains(file.toString()).doesNotMatch(UNCLEAR);
    }
    assertThat(allocated() - before).as("%s", file).isLessThan(MEMORY);
    return names;
  }

  private static void open(ColumnarReader in, List<ColumnReader> columns) {
    columns.clear();
    in.schema().getColumns().forEach(column -> columns.add(in.column(column)));
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
