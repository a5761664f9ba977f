package org.merganser.shard;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.KeptField;
import org.merganser.json.Json;
import org.merganser.store.UnusableFileException;

/**
 * The columns of a shard of documents or of packed sequences, with their names. A file with
 * nonstandard columns has the key-value metadata {@link #METADATA}: the name of each column by its
 * content. Columns that it does not list are kept fields of the corpus.
 *
 * @param sequences whether rows are packed sequences, not documents
 * @param names the names of the existing columns, in the order of {@link ShardColumn}
 * @param kept the kept fields of the corpus, whose columns follow the others; each has a type
 */
public record ShardColumns(boolean sequences, Map<ShardColumn, String> names, List<KeptField> kept)
    implements Serializable {
  /** Sets of names for the programs that read the shards. */
  public enum Preset {
    /** The standard names. */
    MERGANSER,

    /** The names that the Trainer of transformers and its collators expect. */
    HF,

    /** The names that Levanter's format {@code prebuilt} expects. */
    MARIN
  }

  /** Key of the metadata with nonstandard names of columns, as JSON. */
  static final String METADATA = "merganser.columns";

  /** Key of the metadata with the columns in the format of HF's datasets. */
  private static final String FEATURES = "huggingface";

  /** The columns that describe a row, and have nothing for each id. */
  private static final List<ShardColumn> OF_ROWS =
      List.of(
          ShardColumn.DOC_ID,
          ShardColumn.FILE,
          ShardColumn.OFFSET,
          ShardColumn.PART,
          ShardColumn.GROUP,
          ShardColumn.SEQUENCE_ID,
          ShardColumn.NUM_TOKENS);

  /** The columns with a list that has an entry for each piece of a packed sequence. */
  static final List<ShardColumn> OF_PIECES =
      List.of(
          ShardColumn.STARTS,
          ShardColumn.DOC_IDS,
          ShardColumn.FILES,
          ShardColumn.OFFSETS,
          ShardColumn.PARTS,
          ShardColumn.POSITIONS);

  /** The columns that follow from the others, for programs that need them. */
  private static final List<ShardColumn> DERIVED =
      List.of(
          ShardColumn.ATTENTION_MASK,
          ShardColumn.LABELS,
          ShardColumn.POSITION_IDS,
          ShardColumn.CU_SEQLENS);

  /** The standard columns of documents without a loss mask. */
  public static final ShardColumns DOCUMENTS =
      of(Preset.MERGANSER, Map.of(), List.of(), false, false);

  /** The standard columns of packed sequences without a loss mask. */
  public static final ShardColumns SEQUENCES =
      of(Preset.MERGANSER, Map.of(), List.of(), true, false);

  /** Sorts the names by their columns. */
  public ShardColumns {
    Map<ShardColumn, String> ordered = new EnumMap<>(ShardColumn.class);
    ordered.putAll(names);
    names = Collections.unmodifiableMap(ordered);
    kept = List.copyOf(kept);
  }

  /**
   * The columns that a job asks for.
   *
   * @param named names by content, in place of those of the preset; null for a column that is left
   *     out
   * @param kept the kept fields of documents; packed sequences keep none
   * @param sequences whether rows are packed sequences, not documents
   * @param masked whether documents have a loss mask
   */
  public static ShardColumns of(
      Preset preset,
      Map<ShardColumn, @Nullable String> named,
      List<KeptField> kept,
      boolean sequences,
      boolean masked) {
    Map<ShardColumn, String> names = new EnumMap<>(ShardColumn.class);
    for (ShardColumn column : ShardColumn.values()) {
      String name = column.name(preset, named, sequences, masked);
      if (name != null) {
        names.put(column, name);
      }
    }
    return new ShardColumns(sequences, names, sequences ? List.of() : kept);
  }

  /**
   * The columns of a shard, by its schema and metadata.
   *
   * @param file names the shard in errors
   * @throws UnusableFileException if the metadata name a column that this program does not know
   */
  static ShardColumns ofFile(MessageType schema, Map<String, String> metadata, String file) {
    String declared = metadata.get(METADATA);
    if (declared == null) {
      return schema.getColumns().equals(SEQUENCES.schema().getColumns()) ? SEQUENCES : DOCUMENTS;
    }
    Map<ShardColumn, String> names = declaredNames(declared, file);
    List<KeptField> kept = new ArrayList<>();
    for (Type field : schema.getFields()) {
      if (!names.containsValue(field.getName())) {
        kept.add(new KeptField(field.getName(), typeOfKept(field)));
      }
    }
    boolean sequences = metadata.containsKey(ParquetShardWriter.SEQUENCE_LENGTH);
    return new ShardColumns(sequences, names, kept);
  }

  /** The names in the JSON of {@link #METADATA}. */
  private static Map<ShardColumn, String> declaredNames(String declared, String file) {
    Map<String, ShardColumn> byKey = new HashMap<>();
    for (ShardColumn column : ShardColumn.values()) {
      byKey.put(column.key(), column);
    }
    JsonNode tree =
        Json.tree(
            declared.getBytes(StandardCharsets.UTF_8),
            file + ": " + METADATA,
            UnusableFileException::new);
    Map<ShardColumn, String> names = new EnumMap<>(ShardColumn.class);
    for (Map.Entry<String, JsonNode> named : tree.properties()) {
      ShardColumn column = byKey.get(named.getKey());
      if (column == null) {
        throw new UnusableFileException(
            ("%s: %s names a column \"%s\", which this program does not know;"
                    + " a later one wrote it")
                .formatted(file, METADATA, named.getKey()));
      }
      names.put(column, named.getValue().asText());
    }
    return names;
  }

  private static KeptField.Type typeOfKept(Type field) {
    if (!field.isPrimitive()) {
      return KeptField.Type.STRING; // a guess that cannot match: the schemas differ then
    }
    return switch (field.asPrimitiveType().getPrimitiveTypeName()) {
      case INT64 -> KeptField.Type.INTEGER;
      case DOUBLE -> KeptField.Type.DOUBLE;
      case BOOLEAN -> KeptField.Type.BOOLEAN;
      default -> KeptField.Type.STRING;
    };
  }

  /** The name of a column; null if it is left out. */
  public @Nullable String name(ShardColumn column) {
    return names.get(column);
  }

  /** Whether the column of this name is read to understand a row. */
  boolean isRead(String name) {
    ShardColumn padding = padding();
    boolean isPadding = padding != null && name.equals(names.get(padding));
    return isPadding || DERIVED.stream().noneMatch(column -> name.equals(names.get(column)));
  }

  /** Whether the column of this name in a shard of documents is needed to read only lengths. */
  boolean isOfRows(String name) {
    return OF_ROWS.stream().anyMatch(column -> name.equals(names.get(column)));
  }

  /**
   * The column that must be read to see which ids fill a sequence; null if the column of the parts
   * shows it, or no column does.
   */
  @Nullable ShardColumn padding() {
    if (!sequences || names.containsKey(ShardColumn.PARTS)) {
      return null;
    }
    if (names.containsKey(ShardColumn.ATTENTION_MASK)) {
      return ShardColumn.ATTENTION_MASK;
    }
    boolean labels = names.containsKey(ShardColumn.LABELS);
    return labels && !names.containsKey(ShardColumn.LOSS_MASK) ? ShardColumn.LABELS : null;
  }

  /** Whether the columns that show how many documents begin in a row exist. */
  public boolean countDocuments() {
    List<ShardColumn> needed =
        sequences
            ? List.of(ShardColumn.STARTS, ShardColumn.PARTS, ShardColumn.POSITIONS)
            : List.of(ShardColumn.PART);
    return names.keySet().containsAll(needed);
  }

  /** Whether the columns that show where each document comes from exist. */
  public boolean haveOrigins() {
    return names
        .keySet()
        .containsAll(
            List.of(ShardColumn.DOC_ID, ShardColumn.FILE, ShardColumn.OFFSET, ShardColumn.PART));
  }

  /** The Parquet schema of a shard with these columns. */
  public MessageType schema() {
    List<Type> fields = new ArrayList<>();
    names.forEach((column, name) -> fields.add(type(column, name)));
    for (KeptField field : kept) {
      fields.add(typeOf(field));
    }
    return new MessageType(sequences ? "packed" : "shard", fields);
  }

  private static Type type(ShardColumn column, String name) {
    return switch (column) {
      case DOC_ID, FILE, SEQUENCE_ID -> text(Type.Repetition.REQUIRED, name);
      case GROUP -> text(Type.Repetition.OPTIONAL, name);
      case OFFSET -> Types.required(INT64).named(name);
      case PART, NUM_TOKENS -> Types.required(INT32).named(name);
      case TOKEN_IDS, LABELS, STARTS, PARTS, POSITIONS, POSITION_IDS, CU_SEQLENS ->
          list(name, Types.required(INT32).named("element"));
      case ATTENTION_MASK, LOSS_MASK ->
          list(
              name,
              Types.required(INT32).as(LogicalTypeAnnotation.intType(8, true)).named("element"));
      case OFFSETS -> list(name, Types.required(INT64).named("element"));
      // The ids that fill a sequence belong to no document.
      case DOC_IDS -> list(name, text(Type.Repetition.OPTIONAL, "element"));
      case FILES -> list(name, text(Type.Repetition.REQUIRED, "element"));
    };
  }

  private static PrimitiveType text(Type.Repetition repetition, String name) {
    return Types.primitive(BINARY, repetition).as(LogicalTypeAnnotation.stringType()).named(name);
  }

  private static Type list(String name, Type element) {
    return Types.requiredGroup()
        .as(LogicalTypeAnnotation.listType())
        .addField(Types.repeatedGroup().addField(element).named("list"))
        .named(name);
  }

  private static Type typeOf(KeptField field) {
    return switch (field.type()) {
      case STRING -> text(Type.Repetition.OPTIONAL, field.column());
      case INTEGER -> Types.optional(INT64).named(field.column());
      case DOUBLE -> Types.optional(DOUBLE).named(field.column());
      case BOOLEAN -> Types.optional(BOOLEAN).named(field.column());
    };
  }

  /** The columns as HF's datasets describe them. */
  public List<ShardFeature> features() {
    return ShardFeature.of(schema());
  }

  /**
   * The key-value metadata about the columns, for a shard whose readers need {@code preset}: the
   * names of nonstandard columns, and for {@link Preset#HF} the features as datasets writes them.
   */
  public Map<String, String> metadata(Preset preset) {
    SortedMap<String, String> metadata = new TreeMap<>();
    if (!equals(sequences ? SEQUENCES : DOCUMENTS)) {
      ObjectNode columns = Json.MAPPER.createObjectNode();
      names.forEach((column, name) -> columns.put(column.key(), name));
      metadata.put(METADATA, columns.toString());
    }
    if (preset == Preset.HF) {
      ObjectNode info = Json.MAPPER.createObjectNode();
      info.putObject("info").set("features", ShardFeature.json(features()));
      metadata.put(FEATURES, info.toString());
    }
    return metadata;
  }

  /** The metadata of a shard without the entries about columns, for files with other columns. */
  public static Map<String, String> without(Map<String, String> metadata) {
    Map<String, String> others = new TreeMap<>(metadata);
    others.remove(METADATA);
    others.remove(FEATURES);
    return others;
  }
}
