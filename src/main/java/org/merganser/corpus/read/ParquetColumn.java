package org.merganser.corpus.read;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.field.FieldPath;

/**
 * A column of a Parquet file, or one value of a repeated column. A field path names it as in JSON:
 * {@code meta.id} is column {@code id} of group {@code meta}, and {@code messages[0].content} that
 * of the first element of a list, in any of Parquet's forms of lists.
 *
 * @param names of the groups that lead to it, and its own
 * @param occurrences by name, the index of the value that is meant; 0 for a name that is not
 *     repeated
 * @param type of the column; of its values if it is a list
 * @param isList whether it is repeated, and the path chooses no element
 */
record ParquetColumn(List<String> names, List<Integer> occurrences, Type type, boolean isList) {
  /** The types besides strings that a field of a template may have. */
  private static final Set<PrimitiveTypeName> SCALARS =
      EnumSet.of(PrimitiveTypeName.INT32, PrimitiveTypeName.INT64, PrimitiveTypeName.BOOLEAN);

  /**
   * The column at a field path; null if the file has none. A path leads through a repeated column
   * only with an index.
   */
  static @Nullable ParquetColumn find(MessageType schema, FieldPath path) {
    Walk walk = new Walk(schema);
    for (FieldPath.Step step : path.steps()) {
      if (!walk.go(step)) {
        return null;
      }
    }
    return new ParquetColumn(
        List.copyOf(walk.names), List.copyOf(walk.occurrences), walk.at, walk.isList);
  }

  /** Whether a name of the path is that of two fields in one group. */
  static boolean isAmbiguous(MessageType schema, FieldPath path) {
    Walk walk = new Walk(schema);
    for (FieldPath.Step step : path.steps()) {
      String name = step.name();
      if (name != null && walk.hasTwo(name)) {
        return true;
      }
      if (!walk.go(step)) {
        return false;
      }
    }
    return false;
  }

  /**
   * Whether the repeated field of a list only wraps the element, as in the current three-level
   * form; the rules for older files are those of parquet-format's LogicalTypes.md.
   *
   * @param repeated the field of the list
   */
  static boolean isWrapper(Type repeated, GroupType list) {
    return !repeated.isPrimitive()
        && repeated.asGroupType().getFieldCount() == 1
        && !repeated.getName().equals("array")
        && !repeated.getName().equals(list.getName() + "_tuple");
  }

  /** Whether it is one string. */
  boolean isString() {
    return !isList && ParquetTypes.isString(type);
  }

  /** Whether it is one value that a template may have: a string, an integer or a boolean. */
  boolean isScalar() {
    PrimitiveTypeName primitive = primitive();
    return primitive != null && (isString() || SCALARS.contains(primitive));
  }

  /** Whether it is a list of strings. */
  boolean hasStrings() {
    Type element = elementType();
    return element != null && ParquetTypes.isString(element);
  }

  /**
   * The type of the elements of a list, in each of the forms that {@link ParquetList} has; null for
   * any other column.
   */
  @Nullable Type elementType() {
    if (isList) {
      return type;
    }
    GroupType list = listOf(type);
    if (list == null) {
      return null;
    }
    Type repeated = list.getType(0);
    return isWrapper(repeated, list) ? repeated.asGroupType().getType(0) : repeated;
  }

  /** Its primitive type; null for a nested value or a list. */
  @Nullable PrimitiveTypeName primitive() {
    return isList || !type.isPrimitive() ? null : type.asPrimitiveType().getPrimitiveTypeName();
  }

  /** Its own name. */
  String lastName() {
    return names.get(names.size() - 1);
  }

  /** The index of its value in its group; 0 if it is not repeated. */
  int lastOccurrence() {
    return occurrences.get(occurrences.size() - 1);
  }

  /** A type as a list, which is a group of one repeated field, but no map; null for any other. */
  private static @Nullable GroupType listOf(Type type) {
    if (type.isPrimitive()) {
      return null;
    }
    GroupType group = type.asGroupType();
    return group.getFieldCount() == 1
            && group.getType(0).isRepetition(Type.Repetition.REPEATED)
            && !LogicalTypeAnnotation.mapType().equals(group.getLogicalTypeAnnotation())
        ? group
        : null;
  }

  /** The way from the row to a column, by the steps of a path. */
  private static final class Walk {
    final List<String> names = new ArrayList<>();
    final List<Integer> occurrences = new ArrayList<>();

    /** The type that was reached. */
    Type at;

    /** Whether it is repeated, and no element was chosen. */
    boolean isList;

    Walk(Type row) {
      at = row;
    }

    /** Whether two fields of the group that was reached have a name. */
    boolean hasTwo(String name) {
      return !at.isPrimitive()
          && at.asGroupType().getFields().stream()
                  .filter(field -> field.getName().equals(name))
                  .count()
              > 1;
    }

    /** Goes one step; false if the schema has nothing there, and the walk has ended. */
    boolean go(FieldPath.Step step) {
      String name = step.name();
      return name == null ? goToElement(step.index()) : goToField(name);
    }

    /** Goes to a field of a group; false if there is none. */
    private boolean goToField(String name) {
      if (isList || at.isPrimitive() || !at.asGroupType().containsField(name)) {
        return false;
      }
      enter(at.asGroupType().getType(name));
      return true;
    }

    /** Goes to an element of a list, which is a repeated field or a group around one. */
    private boolean goToElement(int index) {
      if (isList) { // a repeated field
        occurrences.set(occurrences.size() - 1, index);
        isList = false;
        return true;
      }
      GroupType list = listOf(at);
      if (list == null) {
        return false;
      }
      enter(list.getType(0));
      occurrences.set(occurrences.size() - 1, index);
      isList = false;
      if (isWrapper(at, list)) {
        enter(at.asGroupType().getType(0));
      }
      return true;
    }

    /** Goes to a field of the group at {@link #at}. */
    private void enter(Type field) {
      at = field;
      names.add(field.getName());
      occurrences.add(0);
      isList = field.isRepetition(Type.Repetition.REPEATED);
    }
  }
}
