package org.merganser.corpus.read;

import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a list in a row of a Parquet file, where T is their type. A list has one of these
 * forms:
 *
 * <ul>
 *   <li>{@code repeated T name}: a repeated field alone;
 *   <li>{@code group name { repeated T array }}: a repeated field in a group, as in older files;
 *   <li>{@code group name { repeated group list { T element } }}: in a group, a repeated group that
 *       only wraps the element ({@link ParquetColumn#isWrapper}). Only in this form an element may
 *       be null.
 * </ul>
 *
 * @param group has the repeated field
 * @param field the index of the repeated field in the group
 * @param wrapped whether each value of the repeated field wraps an element
 */
record ParquetList(Group group, int field, boolean wrapped) {
  /**
   * The list in a column.
   *
   * @param holder the group that has the column's value
   */
  static ParquetList of(ParquetColumn column, Group holder) {
    if (column.isList()) {
      int field = holder.getType().getFieldIndex(column.lastName());
      return new ParquetList(holder, field, /* wrapped= */ false);
    }
    GroupType type = column.type().asGroupType();
    Type repeated = type.getType(0);
    Group group = holder.getGroup(column.lastName(), column.lastOccurrence());
    return new ParquetList(group, 0, ParquetColumn.isWrapper(repeated, type));
  }

  /** The number of elements. */
  int size() {
    return group.getFieldRepetitionCount(field);
  }

  /** The bytes of an element of a list of strings; null if the element is null. */
  byte @Nullable [] string(int element) {
    if (!wrapped) {
      return group.getBinary(field, element).getBytesUnsafe();
    }
    Group wrapper = group.getGroup(field, element);
    return isEmpty(wrapper) ? null : wrapper.getBinary(0, 0).getBytesUnsafe();
  }

  /** An element of a list of groups; null if the element is null. */
  @Nullable Group group(int element) {
    Group value = group.getGroup(field, element);
    if (!wrapped) {
      return value;
    }
    return isEmpty(value) ? null : value.getGroup(0, 0);
  }

  private static boolean isEmpty(Group wrapper) {
    return wrapper.getFieldRepetitionCount(0) == 0;
  }
}
