package org.merganser.parquet.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckedChunksTest {
  @TempDir private Path folder;

  /** A local file of Parquet reads a byte by a system call unless it reads into a ByteBuffer. */
  @Test
  void readsChunksInBlocks() throws IOException {
    Path path = folder.resolve("a.parquet");
    MessageType schema =
        MessageTypeParser.parseMessageType("message m { required int64 a; required int64 b; }");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .withRowGroupSize(4000L)
            .withMinRowCountForPageSizeCheck(1)
            .build()) {
      for (long i = 0; i < 2000; i++) {
        writer.write(new SimpleGroup(schema).append("a", i).append("b", -i));
      }
    }
    Counting file = new Counting(new LocalInputFile(path));
    long rows = 0;
    int groups = 0;
    try (ParquetFileReader reader =
        Footers.open(file, ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
      file.bytesOneByOne = 0; // the footer has been read
      file.blocks = 0;
      for (PageReadStore group; (group = reader.readNextRowGroup()) != null; groups++) {
        rows += group.getRowCount();
      }
    }
    assertThat(rows).isEqualTo(2000);
    assertThat(groups).isGreaterThan(2);
    assertThat(file.bytesOneByOne).isZero();
    assertThat(file.blocks).isBetween(groups, 4 * groups);
  }

  /** Counts how a file is read; as in Parquet's local file, only one method reads blocks. */
  private static final class Counting implements InputFile {
    private final InputFile file;
    private int bytesOneByOne;
    private int blocks;

    private Counting(InputFile file) {
      this.file = file;
    }

    @Override
    public long getLength() throws IOException {
      return file.getLength();
    }

    @Override
    public SeekableInputStream newStream() throws IOException {
      SeekableInputStream in = file.newStream();
      return new SeekableInputStream() {
        @Override
        public int read() throws IOException {
          bytesOneByOne++;
          return in.read();
        }

        @Override
        public int read(ByteBuffer to) throws IOException {
          blocks++;
          return in.read(to);
        }

        @Override
        public void readFully(byte[] to) throws IOException {
          blocks++;
          in.readFully(to);
        }

        @Override
        public void readFully(byte[] to, int at, int length) throws IOException {
          blocks++;
          in.readFully(to, at, length);
        }

        @Override
        public void readFully(ByteBuffer to) throws IOException {
          blocks++;
          in.readFully(to);
        }

        @Override
        public long getPos() throws IOException {
          return in.getPos();
        }

        @Override
        public void seek(long place) throws IOException {
          in.seek(place);
        }

        @Override
        public void close() throws IOException {
          in.close();
        }
      };
    }
  }
}
