package org.merganser.parquet;

import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.parquet.avro.AvroReadSupport;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;

/** Makes parquet-avro's converters from columns to objects. */
final class RowMaterializer {
  private RowMaterializer() {}

  /**
   * The converters of some columns. They meet the columns by their place, so {@code columns} may
   * have other names than the file: Avro allows letters, digits and {@code _} alone. The schema
   * that a file's metadata may hold is never parsed.
   *
   * @param columns the requested columns, under the names of the fields of {@code row}
   * @param row Avro schema of a row
   */
  static <T> RecordMaterializer<T> of(GenericData model, MessageType columns, Schema row) {
    PlainParquetConfiguration settings = new PlainParquetConfiguration();
    settings.set("parquet.avro.read.schema", row.toString());
    settings.set(AvroReadSupport.AVRO_COMPATIBILITY, "false"); // arrays of primitives need this
    AvroReadSupport<T> avro = new AvroReadSupport<>(model);
    return avro.prepareForRead(settings, Map.of(), columns, avro.init(settings, Map.of(), columns));
  }
}
