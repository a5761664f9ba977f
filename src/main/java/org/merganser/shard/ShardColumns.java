package org.merganser.shard;

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
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.KeptField;
import org.merganser.json.Json;
import org.merganser.store.UnusableFileException;

/**
 * The columns of a shard of documents or of packed sequences, with their names; {@link ShardSchema}
 * has their types. A file with nonstandard columns has the key-value metadata {@link #METADATA}:
 * the name of each column by the {@link ShardColumn#key} of its content. Columns that it does not
 * list are kept fields of the corpus.
 *
 * @param sequences whether rows are packed sequences, not documents
 * @param names the names of the existing columns, in the order of {@link ShardColumn}
 * @param kept the kept fields of the corpus, whose columns follow the others
 */
public record ShardColumns(boolean sequences, Map<ShardColumn, String> names, List<KeptField> kept)
    implements Serializable {
  /** A set of names for a program that reads the shards. */
  public enum Preset {
    /** The standard names. */
    MERGANSER,

    /** The names that the Trainer of transformers and its collators expect. */
    HF,

    /** The names that Levanter's format {@code prebuilt} expects. */
    MARIN
  }

  /** The key of the metadata with nonstandard names of columns, as JSON. */
  static final String METADATA = "merganser.columns";

  /** The key of the metadata with the columns in the format of HF's datasets. */
  private static final String FEATURES = "huggingface";

  /** The columns with one value for a row, which are enough to read lengths. */
  private static final List<ShardColumn> ONE_VALUE =
      List.of(
          ShardColumn.DOC_ID,
          ShardColumn.FILE,
          ShardColumn.OFFSET,
          ShardColumn.PART,
          ShardColumn.GROUP,
          ShardColumn.SEQUENCE_ID,
          ShardColumn.NUM_TOKENS);

  /** The columns that can be computed from the others, for programs that need them. */
  private static final List<ShardColumn> DERIVED =
      List.of(
          ShardColumn.ATTENTION_MASK,
          ShardColumn.LABELS,
          ShardColumn.POSITION_IDS,
          ShardColumn.CU_SEQLENS);

  /** The standard columns of documents without a loss mask. */
  public static final ShardColumns DOCUMENTS = standard(/* sequences= */ false);

  /** The standard columns of packed sequences without a loss mask. */
  public static final ShardColumns SEQUENCES = standard(/* sequences= */ true);

  /** Sorts the names by their columns. */
  public ShardColumns {
    Map<ShardColumn, String> ordered = new EnumMap<>(ShardColumn.class);
    ordered.putAll(names);
    names = Collections.unmodifiableMap(ordered);
    kept = List.copyOf(kept);
  }

  private static ShardColumns standard(boolean sequences) {
    return of(Preset.MERGANSER, Map.of(), List.of(), sequences, /* masked= */ false);
  }

  /**
   * The columns that a job asks for.
   *
   * @param preset the names of columns that the job does not name
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
   * The columns of a shard, by its schema and metadata. Without {@link #METADATA} they are standard
   * ones. The caller compares {@link #schema} with that of the file.
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
        kept.add(new KeptField(field.getName(), ShardSchema.keptType(field)));
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

  /** The name of a column; null if the shard does not have it. */
  public @Nullable String name(ShardColumn column) {
    return names.get(column);
  }

  /** Whether the column of this name is needed to read complete rows. */
  boolean isNeededForRows(String name) {
    ShardColumn padding = paddingColumn();
    boolean isPadding = padding != null && name.equals(names.get(padding));
    return isPadding || DERIVED.stream().noneMatch(column -> name.equals(names.get(column)));
  }

  /** Whether the column of this name is needed to read the lengths of documents. */
  boolean isNeededForLengths(String name) {
    return ONE_VALUE.stream().anyMatch(column -> name.equals(names.get(column)));
  }

  /**
   * The derived column that must be read to see which ids fill a sequence; null if the column of
   * the parts shows it, or no column does.
   */
  @Nullable ShardColumn paddingColumn() {
    if (!sequences || names.containsKey(ShardColumn.PARTS)) {
      return null;
    }
    if (names.containsKey(ShardColumn.ATTENTION_MASK)) {
      return ShardColumn.ATTENTION_MASK;
    }
    // With a loss mask, labels are also ignored for ids that do not fill a sequence.
    boolean labelsShowIt =
        names.containsKey(ShardColumn.LABELS) && !names.containsKey(ShardColumn.LOSS_MASK);
    return labelsShowIt ? ShardColumn.LABELS : null;
  }

  /** Whether there are the columns that show how many documents begin in a row. */
  public boolean haveDocumentStarts() {
    List<ShardColumn> needed =
        sequences
            ? List.of(ShardColumn.STARTS, ShardColumn.PARTS, ShardColumn.POSITIONS)
            : List.of(ShardColumn.PART);
    return names.keySet().containsAll(needed);
  }

  /** Whether there are the columns that show where each document comes from. */
  public boolean haveOrigins() {
    return names
        .keySet()
        .containsAll(
            List.of(ShardColumn.DOC_ID, ShardColumn.FILE, ShardColumn.OFFSET, ShardColumn.PART));
  }

  /** The Parquet schema of a shard with these columns. */
  public MessageType schema() {
    return ShardSchema.of(this);
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
      info.putObject("info").set("features", ShardFeature.toJson(features()));
      metadata.put(FEATURES, info.toString());
    }
    return metadata;
  }

  /** The metadata of a shard without the entries about columns, for files with other columns. */
  public static Map<String, String> metadataWithoutColumns(Map<String, String> metadata) {
    Map<String, String> others = new TreeMap<>(metadata);
    others.remove(METADATA);
    others.remove(FEATURES);
    return others;
  }
}
