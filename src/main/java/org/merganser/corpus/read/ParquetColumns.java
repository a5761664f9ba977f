package org.merganser.corpus.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * The values of text, id and group in the current row, filled by parquet-java. A column is named by
 * a field path, as in JSON: {@code meta.id} is column {@code id} of group {@code meta}. An id or
 * group column may be a string, an integer or a boolean; one of another type, or missing, counts as
 * null.
 */
final class ParquetColumns extends RecordMaterializer<ParquetColumns> {
  private final Value text = new Value();
  private final Value id = new Value();
  private final Value group = new Value();
  private final Map<String, Value> byPath = new TreeMap<>();
  private final Value idValue;
  private final Value groupValue;
  private final MessageType schema;
  private final GroupConverter root;

  ParquetColumns(MessageType file, String textField, String idField, @Nullable String groupField) {
    // One column may serve twice: whoever names it first has it filled.
    byPath.put(textField, text);
    idValue = isScalar(find(file, idField)) ? shared(idField, id) : id;
    groupValue =
        groupField != null && isScalar(find(file, groupField)) ? shared(groupField, group) : group;
    this.schema = new MessageType(file.getName(), fields(file, ""));
    this.root = new Fields(schema, "");
  }

  private Value shared(String path, Value own) {
    Value other = byPath.putIfAbsent(path, own);
    return other != null ? other : own;
  }

  /** The column at a field path that no repetition leads to, or null. */
  static @Nullable Type find(MessageType schema, String path) {
    GroupType at = schema;
    String[] names = path.split("\\.", -1);
    for (int i = 0; i < names.length; i++) {
      if (!at.containsField(names[i])) {
        return null;
      }
      Type type = at.getType(names[i]);
      if (i == names.length - 1) {
        return type;
      }
      if (type.isPrimitive() || type.isRepetition(Type.Repetition.REPEATED)) {
        return null;
      }
      at = type.asGroupType();
    }
    return null;
  }

  static boolean isString(Type type) {
    if (!type.isPrimitive()
        || type.isRepetition(Type.Repetition.REPEATED)
        || type.asPrimitiveType().getPrimitiveTypeName() != PrimitiveTypeName.BINARY) {
      return false;
    }
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    return logical == null
        || logical.equals(LogicalTypeAnnotation.stringType())
        || logical.equals(LogicalTypeAnnotation.jsonType())
        || logical.equals(LogicalTypeAnnotation.enumType());
  }

  private static boolean isScalar(@Nullable Type type) {
    if (type == null || !type.isPrimitive() || type.isRepetition(Type.Repetition.REPEATED)) {
      return false;
    }
    PrimitiveTypeName name = type.asPrimitiveType().getPrimitiveTypeName();
    return isString(type)
        || name == PrimitiveTypeName.INT32
        || name == PrimitiveTypeName.INT64
        || name == PrimitiveTypeName.BOOLEAN;
  }

  private List<Type> fields(GroupType in, String prefix) {
    List<Type> kept = new ArrayList<>();
    for (Type type : in.getFields()) {
      String path = prefix + type.getName();
      if (byPath.containsKey(path)) {
        kept.add(type);
      } else if (byPath.keySet().stream().anyMatch(p -> p.startsWith(path + "."))
          && !type.isPrimitive()) {
        kept.add(type.asGroupType().withNewFields(fields(type.asGroupType(), path + ".")));
      }
    }
    return kept;
  }

  /** The columns to read. */
  MessageType schema() {
    return schema;
  }

  /** Forgets the row. */
  void clear() {
    text.value = null;
    id.value = null;
    group.value = null;
  }

  @Nullable Binary text() {
    return text.value instanceof Binary binary ? binary : null;
  }

  @Nullable String id() {
    return idValue.string();
  }

  @Nullable String group() {
    return groupValue.string();
  }

  @Override
  public ParquetColumns getCurrentRecord() {
    return this;
  }

  @Override
  public GroupConverter getRootConverter() {
    return root;
  }

  private final class Fields extends GroupConverter {
    private final List<Converter> converters = new ArrayList<>();

    Fields(GroupType type, String prefix) {
      for (Type field : type.getFields()) {
        String path = prefix + field.getName();
        Value value = byPath.get(path);
        converters.add(value != null ? value : new Fields(field.asGroupType(), path + "."));
      }
    }

    @Override
    public Converter getConverter(int index) {
      return converters.get(index);
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }

  private static final class Value extends PrimitiveConverter {
    private @Nullable Object value;

    @Nullable String string() {
      return value == null
          ? null
          : value instanceof Binary binary ? binary.toStringUsingUTF8() : value.toString();
    }

    @Override
    public void addBinary(Binary binary) {
      value = binary;
    }

    @Override
    public void addBoolean(boolean flag) {
      value = flag;
    }

    @Override
    public void addInt(int number) {
      value = number;
    }

    @Override
    public void addLong(long number) {
      value = number;
    }
  }
}
