package org.merganser.embedding;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.merganser.parquet.ColumnarReader;

/** The columns that make a Parquet file an embedding table. */
public final class TableSchema {
  private TableSchema() {}

  /** Checks the types of id and embedding and returns the path of the vector's values. */
  static String[] check(ColumnarReader in, Path file) {
    if (!in.has("id")
        || in.schema()
                .getColumnDescription(new String[] {"id"})
                .getPrimitiveType()
                .getPrimitiveTypeName()
            != PrimitiveTypeName.INT32) {
      throw new EmbeddingException(
          file
              + " has no column \"id\" of INT32; its columns are "
              + in.schema().getFields()
              + "; \"embeddings import\" makes a table from other names");
    }
    ColumnDescriptor vector = vector(in.schema(), "embedding");
    if (vector == null
        || vector.getPrimitiveType().getPrimitiveTypeName() != PrimitiveTypeName.FLOAT) {
      throw new EmbeddingException(
          file
              + " has no column \"embedding\" that is a list of FLOAT; its columns are "
              + in.schema().getFields());
    }
    return vector.getPath();
  }

  /** The values of a list column, whatever the writer calls its levels; null if it is no list. */
  static @org.jspecify.annotations.Nullable ColumnDescriptor vector(
      MessageType schema, String name) {
    for (ColumnDescriptor column : schema.getColumns()) {
      if (column.getPath()[0].equals(name) && column.getMaxRepetitionLevel() == 1) {
        return column;
      }
    }
    return null;
  }

  /** The part of a schema with these top-level fields. */
  public static MessageType project(MessageType schema, String... names) {
    List<Type> fields =
        schema.getFields().stream()
            .filter(field -> Arrays.asList(names).contains(field.getName()))
            .toList();
    return new MessageType(schema.getName(), fields);
  }
}
