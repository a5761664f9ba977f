package org.merganser.parquet;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.Test;

/** A device without room says only that it is full; the error names the file. */
final class FullDeviceTest {
  private static final Path FULL = Path.of("/dev/full");
  private static final MessageType SCHEMA =
      Types.buildMessage().required(PrimitiveTypeName.INT64).named("count").named("counts");

  /** A row of the table. */
  static final class Row {
    long count;
  }

  @Test
  void aTableOfColumnsNamesTheFile() {
    assumeThat(FULL).exists();
    assertThatThrownBy(
            () -> {
              try (ColumnarWriter out = new ColumnarWriter(FULL, SCHEMA, Map.of())) {
                out.scalar("count").addLong(1L);
                out.endRow();
              }
            })
        .isInstanceOf(FileSystemException.class)
        .hasMessage("/dev/full: No space left on device");
  }

  @Test
  void aTableOfRowsNamesTheFile() {
    assumeThat(FULL).exists();
    assertThatThrownBy(
            () -> {
              try (RowWriter<Row> out = new RowWriter<>(FULL, SCHEMA, Map.of())) {
                out.write(new Row());
              }
            })
        .hasMessage("/dev/full: No space left on device");
  }
}
