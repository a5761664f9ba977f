package org.merganser.embedding;

import java.nio.file.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.merganser.parquet.ColumnarReader;

/** The columns that make a Parquet file an embedding table. */
final class TableSchema {
  private TableSchema() {}

  /**
   * Checks the types of id and embedding and returns the column of the vector's values.
   *
   * @throws EmbeddingException naming the file, the column and what there is
   */
  static ColumnDescriptor check(MessageType schema, Path file) {
    if (!schema.containsField("id")
        || !schema.getType("id").isPrimitive()
        || schema.getType("id").asPrimitiveType().getPrimitiveTypeName()
            != PrimitiveTypeName.INT32) {
      throw new EmbeddingException(
          ("%s has no column \"id\" of INT32; its columns are %s; \"embeddings"
                  + " import\" makes a table from other names")
              .formatted(file, schema.getFields()));
    }
    ColumnDescriptor vector = ColumnarReader.listed(schema, "embedding");
    if (vector == null
        || vector.getPrimitiveType().getPrimitiveTypeName() != PrimitiveTypeName.FLOAT) {
      throw new EmbeddingException(
          file
              + " has no column \"embedding\" that is a list of FLOAT; its columns are "
              + schema.getFields());
    }
    return vector;
  }
}
