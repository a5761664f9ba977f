package org.merganser.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.values.deltastrings.DeltaByteArrayWriter;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.store.UnusableFileException;

/**
 * Parquet files that are damaged on purpose are refused, and take no more memory than their size.
 */
class DamagedParquetTest {
  private static final long MEMORY = 32L << 20;

  @TempDir Path folder;

  /** Reads all columns of a file; returns the bytes that this allocated. */
  private static long read(Path file) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    try (ColumnarReader in = new ColumnarReader(file)) {
      List<ColumnReader> columns = new ArrayList<>();
      while (in.nextRow(() -> open(in, columns))) {
        for (ColumnReader column : columns) {
          skipRow(column);
        }
      }
    } finally {
      assertThat(threads.getThreadAllocatedBytes(thread) - before).isLessThan(MEMORY);
    }
    return threads.getThreadAllocatedBytes(thread) - before;
  }

  private static void open(ColumnarReader in, List<ColumnReader> columns) {
    columns.clear();
    for (ColumnDescriptor column : in.schema().getColumns()) {
      columns.add(in.column(column));
    }
  }

  private static void skipRow(ColumnReader column) {
    do {
      column.skip();
      column.consume();
    } while (column.getCurrentRepetitionLevel() > 0);
  }

  private void refuses(byte[] bytes, String message) throws IOException {
    Path file = Files.write(folder.resolve("bad.parquet"), bytes);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(RuntimeException.class)
        .rootCause()
        .hasMessageContaining(message);
  }

  @Test
  void refusesLevelsOfAPageThatAreLongerThanThePage() throws IOException {
    byte[] data = {5, 0, 0, 0, 'h', 'e', 'l', 'l', 'o'};
    refuses(
        HandmadeParquet.levels(1, 2_000_000_000, 0, data),
        "a page of text has 9 bytes, and its levels have 2000000000 and 0");
    refuses(HandmadeParquet.levels(1, 0, 2_000_000_000, data), "its levels have 0 and 2000000000");
    refuses(HandmadeParquet.levels(1, 0, -1, data), "its levels have 0 and -1");
  }

  private static byte[] varints(long... values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (long value : values) {
      long left = value;
      for (; left > 0x7F; left >>>= 7) {
        out.write((int) left | 0x80);
      }
      out.write((int) left);
    }
    return out.toByteArray();
  }

  @Test
  void refusesADeltaBlockOfTwoBillionValues() throws IOException {
    byte[] block = varints(Integer.MAX_VALUE - 7L, 1, 1, 0);
    refuses(
        HandmadeParquet.page(1, Encoding.DELTA_LENGTH_BYTE_ARRAY, block),
        "a delta block of 2147483640 values in 1 parts");
    refuses(
        HandmadeParquet.page(1, Encoding.DELTA_BYTE_ARRAY, varints(128, 3, 1, 0)),
        "a delta block of 128 values in 3 parts");
  }

  @Test
  void refusesABillionDeltasThatTakeNoBytes() throws IOException {
    int values = 1_000_000_000;
    byte[] block = varints(128, 4, values, 0);
    refuses(
        HandmadeParquet.page(values, Encoding.DELTA_LENGTH_BYTE_ARRAY, block),
        "a page of 1000000000 deltas; 33554432 are allowed");
  }

  @Test
  void refusesSharedPrefixesThatMeanMoreThanAPageMayHave() throws IOException {
    DeltaByteArrayWriter writer =
        new DeltaByteArrayWriter(1 << 10, 1 << 20, new HeapByteBufferAllocator());
    byte[] text = new byte[60_000];
    Arrays.fill(text, (byte) 'a');
    int values = 30_000;
    for (int i = 0; i < values; i++) {
      writer.writeBytes(Binary.fromConstantByteArray(text));
    }
    byte[] page = writer.getBytes().toByteArray();
    assertThat(page.length).isLessThan(100_000);
    refuses(
        HandmadeParquet.page(values, Encoding.DELTA_BYTE_ARRAY, page),
        "a page means 1800000000 bytes; 268435456 are allowed");
  }

  @Test
  void readsDeltasThatParquetsWriterMakes() throws IOException {
    DeltaByteArrayWriter writer =
        new DeltaByteArrayWriter(1 << 10, 1 << 20, new HeapByteBufferAllocator());
    for (int i = 0; i < 1_000; i++) {
      writer.writeBytes(Binary.fromString("text number " + i * i));
    }
    byte[] page = writer.getBytes().toByteArray();
    Path file =
        Files.write(
            folder.resolve("good.parquet"),
            HandmadeParquet.page(1_000, Encoding.DELTA_BYTE_ARRAY, page));
    assertThat(read(file)).isLessThan(MEMORY);
  }

  @Test
  void refusesPagesThatCannotBeCompressedToTheirSize() throws IOException {
    for (CompressionCodec codec :
        List.of(CompressionCodec.SNAPPY, CompressionCodec.GZIP, CompressionCodec.LZ4_RAW)) {
      refuses(
          HandmadeParquet.compressed(codec, 200_000_000, new byte[20]),
          "a page of 200000000 bytes; 20 compressed ones cannot be as many");
    }
  }

  @Test
  void refusesStructuresOfAFooterThatAreNestedTooDeep() throws IOException {
    ByteArrayOutputStream footer = new ByteArrayOutputStream();
    for (int i = 0; i < 200_000; i++) {
      footer.write(0xEC); // field 14 further on, a structure
    }
    refuses(
        HandmadeParquet.around(new byte[0], footer.toByteArray()),
        "its structures are nested more than 64 deep");
  }

  @Test
  void refusesAPageHeaderWhoseStructuresAreNestedTooDeep() throws IOException {
    byte[] header = new byte[200_000];
    Arrays.fill(header, (byte) 0xEC);
    refuses(
        HandmadeParquet.file(1, CompressionCodec.UNCOMPRESSED, header),
        "its structures are nested more than 64 deep");
  }

  @Test
  void refusesASchemaThatIsTooDeep() throws IOException {
    List<SchemaElement> schema = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      SchemaElement element = new SchemaElement("g" + i);
      element.setNum_children(1);
      element.setRepetition_type(FieldRepetitionType.OPTIONAL);
      schema.add(element);
    }
    SchemaElement leaf = new SchemaElement("leaf");
    leaf.setType(Type.INT32);
    leaf.setRepetition_type(FieldRepetitionType.OPTIONAL);
    schema.add(leaf);
    refuses(
        HandmadeParquet.around(new byte[0], new FileMetaData(1, schema, 0, List.of())),
        "its schema has more than 200 levels, at g200");
  }

  @Test
  void refusesAnEncryptedColumnOfAFileWhoseFooterIsNot() throws IOException {
    Path file = Files.write(folder.resolve("a.parquet"), HandmadeParquet.encryptedColumn());
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(UnusableFileException.class)
        .hasMessage(file + ": column text is encrypted; write the file again without encryption");
  }

  @Test
  void refusesARowGroupOfAnotherFile() throws IOException {
    refuses(
        HandmadeParquet.elsewhere("part-7.parquet"),
        "row group 0 is in another file, part-7.parquet; read that one instead");
  }

  @Test
  void refusesASchemaThatEndsTooEarly() throws IOException {
    SchemaElement root = new SchemaElement("message");
    root.setNum_children(Integer.MAX_VALUE);
    Path file =
        Files.write(
            folder.resolve("bad.parquet"),
            HandmadeParquet.around(new byte[0], new FileMetaData(1, List.of(root), 0, List.of())));
    assertThatThrownBy(() -> read(file))
        .hasMessageContaining("the footer is damaged: its schema has fewer columns than it says");
  }

  /** Indexes of no bits are right if the dictionary has one entry; other readers refused them. */
  @Test
  void readsIndexesOfNoBits() throws IOException {
    assertThat(read(collected("ARROW-GH-43605"))).isPositive();
  }

  private Path collected(String name) throws IOException {
    Path file = folder.resolve(name + ".parquet");
    try (var in = getClass().getResourceAsStream("/parquet/bad_data/" + name + ".parquet")) {
      Files.copy(in, file);
    }
    return file;
  }

  /** Files that the project parquet-testing collected: each showed a defect of a reader. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ARROW-GH-41317",
        "ARROW-GH-41321",
        "ARROW-GH-45185",
        "ARROW-GH-47662",
        "ARROW-RS-GH-6229-DICTHEADER",
        "ARROW-RS-GH-6229-LEVELS",
        "PARQUET-1481"
      })
  void refusesWhatOthersCollected(String name) throws IOException {
    Path file = collected(name);
    assertThatThrownBy(() -> read(file)).as(name).isInstanceOf(RuntimeException.class);
  }
}
