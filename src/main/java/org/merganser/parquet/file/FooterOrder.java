package org.merganser.parquet.file;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Comparator;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * Sorts the lists in a Parquet footer, so that the same rows have the same bytes. parquet-java
 * keeps a column's encodings in a hash set of enum constants, whose order depends on identity hash
 * codes and so differs between JVMs. The metadata are sorted by their keys.
 */
public final class FooterOrder {
  private static final int TAIL = 8;

  private FooterOrder() {}

  public static void fix(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      long end = file.length() - TAIL;
      byte[] tail = new byte[TAIL];
      file.seek(end);
      file.readFully(tail);
      byte[] footer = new byte[ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt()];
      file.seek(end - footer.length);
      file.readFully(footer);

      FileMetaData metadata = Util.readFileMetaData(new ByteArrayInputStream(footer));
      if (metadata.isSetKey_value_metadata()) {
        metadata.getKey_value_metadata().sort(Comparator.comparing(KeyValue::getKey));
      }
      for (RowGroup rowGroup : metadata.getRow_groups()) {
        for (ColumnChunk column : rowGroup.getColumns()) {
          column.getMeta_data().getEncodings().sort(null);
        }
      }
      ByteArrayOutputStream ordered = new ByteArrayOutputStream();
      Util.writeFileMetaData(metadata, ordered);
      if (ordered.size() != footer.length) {
        throw new IOException(
            path + ": its footer of " + footer.length + " bytes became " + ordered.size());
      }
      file.seek(end - footer.length);
      file.write(ordered.toByteArray());
    }
  }
}
