package org.merganser.parquet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;

/** Reads the rows of a file with parquet-java alone. */
public final class ParquetRows {
  private ParquetRows() {}

  public static List<Group> of(Path file) throws IOException {
    List<Group> rows = new ArrayList<>();
    try (ParquetReader<Group> in = new Builder(new LocalInputFile(file)).build()) {
      for (Group row = in.read(); row != null; row = in.read()) {
        rows.add(row);
      }
    }
    return rows;
  }

  /**
   * The same rows and metadata from parquet-java's writer, in pages without checksums: what reads
   * damaged pages is then not hidden by them.
   */
  public static byte[] withoutChecksums(Path file, WriterVersion version) throws IOException {
    MessageType schema;
    Map<String, String> metadata;
    try (ColumnarReader in = new ColumnarReader(file)) {
      schema = in.schema();
      metadata = in.metadata();
    }
    Path copy = Files.createTempFile("merganser-rows", ".parquet");
    try (ParquetWriter<Group> out =
        ExampleParquetWriter.builder(new LocalOutputFile(copy))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .withExtraMetaData(metadata)
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .withWriterVersion(version)
            .withPageWriteChecksumEnabled(false)
            .build()) {
      for (Group row : of(file)) {
        out.write(row);
      }
    }
    byte[] bytes = Files.readAllBytes(copy);
    Files.delete(copy);
    return bytes;
  }

  /** The floats of a list of the form that the program writes. */
  public static float[] floats(Group row, String field) {
    Group list = row.getGroup(field, 0);
    float[] floats = new float[list.getFieldRepetitionCount(0)];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = list.getGroup(0, i).getFloat(0, 0);
    }
    return floats;
  }

  private static final class Builder extends ParquetReader.Builder<Group> {
    Builder(InputFile file) {
      super(file, new PlainParquetConfiguration());
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }
}
