package org.merganser.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.reflect.ReflectData;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.avro.AvroSchemaConverter;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.merganser.parquet.file.OrderedOutputFile;
import org.merganser.parquet.file.PageCodecs;

/**
 * Writes objects of a plain class as the rows of a Parquet file, through parquet-avro: a column has
 * the value of the field of its name, without boxing for an array of primitives. The caller
 * provides the schema. Codec, encodings and the order of metadata are fixed, so the bytes depend
 * only on the rows and the metadata. parquet-avro adds two keys to the caller's metadata: {@code
 * parquet.avro.schema}, the columns in Avro's form, and {@code writer.model.name}.
 *
 * <p>Holds the compressed pages of a row group of {@link ColumnarWriter#ROW_GROUP_BYTES} and a page
 * of each column. A value takes two to four times as long as with {@link ColumnarWriter}.
 *
 * @param <T> a class whose fields have the columns' names and types; a field may be null if its
 *     column is optional
 */
public final class RowWriter<T> implements Closeable {
  private final OrderedOutputFile file;
  private final ParquetWriter<T> out;

  /** Whether all rows so far are written and the file is not finished. */
  private boolean canBeFinished = true;

  /**
   * Creates {@code path}, replacing an existing file.
   *
   * @throws IllegalArgumentException if Avro cannot express the schema
   */
  public RowWriter(Path path, MessageType schema, Map<String, String> metadata) throws IOException {
    PlainParquetConfiguration settings = new PlainParquetConfiguration();
    settings.setBoolean(AvroWriteSupport.WRITE_OLD_LIST_STRUCTURE, false);
    settings.setBoolean(AvroSchemaConverter.ADD_LIST_ELEMENT_RECORDS, false);
    AvroSchemaConverter converter = new AvroSchemaConverter(settings);
    Schema avro = converter.convert(schema);
    if (!converter.convert(avro).equals(schema)) {
      throw new IllegalArgumentException("Avro has no words for " + schema + ", only " + avro);
    }
    this.file = new OrderedOutputFile(path);
    try {
      this.out =
          RowWriter.<T>builder(file, schema, avro, settings).withExtraMetaData(metadata).build();
    } catch (IOException | RuntimeException e) {
      try (file) {
        throw e;
      }
    }
  }

  /** A builder of parquet-avro's writer, with all settings that decide the bytes. */
  private static <T> AvroParquetWriter.Builder<T> builder(
      OrderedOutputFile file, MessageType schema, Schema avro, PlainParquetConfiguration settings) {
    AvroParquetWriter.Builder<T> builder =
        AvroParquetWriter.<T>builder(file)
            .withSchema(avro)
            .withDataModel(ReflectData.get())
            .withConf(settings)
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .withCodecFactory(new PageCodecs())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize((long) ColumnarWriter.ROW_GROUP_BYTES)
            .withPageSize(ColumnPages.PAGE_BYTES)
            .withMinRowCountForPageSizeCheck(1) // a row may have a vector of any length
            .withDictionaryEncoding(false)
            .withByteStreamSplitEncoding(true)
            .withSizeStatisticsEnabled(false);
    for (ColumnDescriptor column : schema.getColumns()) {
      if (column.getMaxRepetitionLevel() > 0) { // readers do not prune by a minimum of vectors
        builder = builder.withStatisticsEnabled(String.join(".", column.getPath()), false);
      }
    }
    return builder;
  }

  /** Writes a row. */
  public void write(T row) throws IOException {
    canBeFinished = false;
    out.write(row);
    canBeFinished = true;
  }

  /** Finishes the file, unless writing failed before: then it has no footer and cannot be read. */
  @Override
  public void close() throws IOException {
    try (file) {
      file.beginEnd();
      out.close();
      if (canBeFinished) {
        canBeFinished = false;
        file.finish();
      }
    }
  }
}
