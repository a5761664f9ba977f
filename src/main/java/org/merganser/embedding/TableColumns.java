package org.merganser.embedding;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a Parquet file that a {@link TableReader} reads.
 *
 * @param vectors the named list column of FLOAT, DOUBLE or FLOAT16, the one named embedding, or the
 *     only one
 * @param ids an integer column with one of {@link #ID_NAMES}; null without one
 * @param tokens a text column with one of {@link #TOKEN_NAMES}, which identifies the rows of a file
 *     without ids; null without one, and in a table, whose tokens are not read
 */
record TableColumns(
    ColumnDescriptor vectors, @Nullable ColumnDescriptor ids, @Nullable ColumnDescriptor tokens) {
  /** Names of a column of ids. */
  private static final Set<String> ID_NAMES = Set.of("id", "token_id", "tokenid", "index", "idx");

  /** Names of a column of tokens. */
  private static final Set<String> TOKEN_NAMES = Set.of("token", "word", "piece", "term");

  /**
   * The columns of an embedding table.
   *
   * @throws EmbeddingException if it has no ids, or not exactly one such column of vectors
   */
  static TableColumns ofTable(Path file, MessageType schema) {
    ColumnDescriptor ids = findIds(schema);
    if (ids == null) {
      throw new EmbeddingException(
          ("%s has no column \"id\" of whole numbers; its columns are %s; \"embeddings import\""
                  + " makes a table of rows without ids")
              .formatted(file, schema.getFields()));
    }
    String usualName = null;
    ColumnDescriptor noTokens = null; // rows are identified by ids
    return new TableColumns(requireVectors(file, schema, usualName), ids, noTokens);
  }

  /**
   * The columns of vectors to import.
   *
   * @param name of the column of vectors; null for the usual one
   * @throws EmbeddingException if there is not exactly one such column
   */
  static TableColumns ofVectors(Path file, MessageType schema, @Nullable String name) {
    return new TableColumns(
        requireVectors(file, schema, name),
        findIds(schema),
        findScalar(schema, TOKEN_NAMES, PrimitiveTypeName.BINARY));
  }

  /** The names of all columns. */
  Set<String> names() {
    Set<String> names = new HashSet<>();
    for (ColumnDescriptor column : Arrays.asList(vectors, ids, tokens)) {
      if (column != null) {
        names.add(column.getPath()[0]);
      }
    }
    return names;
  }

  /** The type of the values of vectors: F64, F32 or F16. */
  String dtype() {
    return Objects.requireNonNull(dtype(vectors.getPrimitiveType()));
  }

  /**
   * The only column of vectors.
   *
   * @param name of the column; null for {@code embedding} or any name
   */
  private static ColumnDescriptor requireVectors(
      Path file, MessageType schema, @Nullable String name) {
    String wanted = name == null && schema.containsField("embedding") ? "embedding" : name;
    List<ColumnDescriptor> found = new ArrayList<>();
    for (ColumnDescriptor column : schema.getColumns()) {
      if (column.getMaxRepetitionLevel() == 1
          && dtype(column.getPrimitiveType()) != null
          && (wanted == null || column.getPath()[0].equals(wanted))) {
        found.add(column);
      }
    }
    if (found.size() != 1) {
      throw new EmbeddingException(
          "%s has %s columns that are lists of FLOAT, DOUBLE or FLOAT16%s; name one of %s"
              .formatted(
                  file,
                  found.size(),
                  wanted == null ? "" : " and called " + wanted,
                  schema.getFields()));
    }
    return found.get(0);
  }

  /** The name of a type of values; null if it is not read. */
  private static @Nullable String dtype(PrimitiveType type) {
    return switch (type.getPrimitiveTypeName()) {
      case FLOAT -> "F32";
      case DOUBLE -> "F64";
      case FIXED_LEN_BYTE_ARRAY ->
          type.getLogicalTypeAnnotation() instanceof Float16LogicalTypeAnnotation ? "F16" : null;
      default -> null;
    };
  }

  private static @Nullable ColumnDescriptor findIds(MessageType schema) {
    return findScalar(schema, ID_NAMES, PrimitiveTypeName.INT32, PrimitiveTypeName.INT64);
  }

  /** The first column of one value a row with one of the names and types; null without one. */
  private static @Nullable ColumnDescriptor findScalar(
      MessageType schema, Set<String> names, PrimitiveTypeName... types) {
    for (ColumnDescriptor column : schema.getColumns()) {
      if (column.getMaxRepetitionLevel() == 0
          && column.getPath().length == 1
          && List.of(types).contains(column.getPrimitiveType().getPrimitiveTypeName())
          && names.contains(column.getPath()[0].toLowerCase(Locale.ROOT))) {
        return column;
      }
    }
    return null;
  }
}
