package org.merganser.corpus.read;

import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** Which types of Parquet hold text. */
final class ParquetTypes {
  private ParquetTypes() {}

  /**
   * Whether a type is bytes that are text: a string, JSON or an enum by the annotation. Bytes
   * without an annotation count as text, too.
   */
  static boolean isString(Type type) {
    if (!type.isPrimitive()
        || type.asPrimitiveType().getPrimitiveTypeName() != PrimitiveTypeName.BINARY) {
      return false;
    }
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    return logical == null
        || logical.equals(LogicalTypeAnnotation.stringType())
        || logical.equals(LogicalTypeAnnotation.jsonType())
        || logical.equals(LogicalTypeAnnotation.enumType());
  }
}
