package org.merganser.parquet;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.jspecify.annotations.Nullable;

/**
 * Fits the levels that a file has around the values of a list to those that parquet-avro's
 * converters know: {@code group {repeated value}} where the values themselves are repeated, and
 * {@code group {repeated group {value}}} where a group is. A file may have more groups, or none: a
 * column of bare repeated values.
 */
final class ListLevels<T> extends RecordMaterializer<T> {
  private final RecordMaterializer<T> rows;
  private final Row row;

  /**
   * @param columns the columns that are read, with the levels that the file has
   * @param rows the converters of these columns, with the levels that parquet-avro knows
   */
  ListLevels(MessageType columns, RecordMaterializer<T> rows) {
    this.rows = rows;
    this.row = new Row(columns, rows.getRootConverter());
  }

  @Override
  public T getCurrentRecord() {
    return rows.getCurrentRecord();
  }

  @Override
  public GroupConverter getRootConverter() {
    return row;
  }

  private static final class Row extends GroupConverter {
    private final GroupConverter fields;
    private final List<Converter> columns = new ArrayList<>();
    private final List<GroupConverter> bareLists = new ArrayList<>();

    Row(MessageType schema, GroupConverter fields) {
      this.fields = fields;
      for (int i = 0; i < schema.getFieldCount(); i++) {
        Type column = schema.getType(i);
        Converter field = fields.getConverter(i);
        boolean bare = column.isRepetition(Repetition.REPEATED);
        if (column.isPrimitive() && !bare) {
          columns.add(field);
          continue;
        }
        if (bare) {
          bareLists.add(field.asGroupConverter());
        }
        columns.add(bare ? entry(column, field) : outside(column.asGroupType(), field));
      }
    }

    /** Converts a group that is not repeated and holds the repeated field at some depth. */
    private static Converter outside(GroupType group, Converter list) {
      Type inner = group.getType(0);
      return inner.isRepetition(Repetition.REPEATED)
          ? new Level(list.asGroupConverter(), entry(inner, list))
          : new Level(null, outside(inner.asGroupType(), list));
    }

    /** Converts the repeated field. */
    private static Converter entry(Type repeated, Converter list) {
      Converter entry = list.asGroupConverter().getConverter(0);
      if (repeated.isPrimitive()) {
        return entry;
      }
      GroupConverter element = entry.asGroupConverter();
      return new Level(element, inside(repeated.asGroupType().getType(0), element.getConverter(0)));
    }

    /** Converts a field below the repeated one. */
    private static Converter inside(Type type, Converter value) {
      return type.isPrimitive()
          ? value
          : new Level(null, inside(type.asGroupType().getType(0), value));
    }

    @Override
    public Converter getConverter(int index) {
      return columns.get(index);
    }

    @Override
    public void start() {
      fields.start();
      bareLists.forEach(GroupConverter::start);
    }

    @Override
    public void end() {
      bareLists.forEach(GroupConverter::end);
      fields.end();
    }
  }

  /** A group of the file, and the converter that its start and its end are for. */
  private static final class Level extends GroupConverter {
    private final @Nullable GroupConverter group;
    private final Converter inner;

    Level(@Nullable GroupConverter group, Converter inner) {
      this.group = group;
      this.inner = inner;
    }

    @Override
    public Converter getConverter(int index) {
      return inner;
    }

    @Override
    public void start() {
      if (group != null) {
        group.start();
      }
    }

    @Override
    public void end() {
      if (group != null) {
        group.end();
      }
    }
  }
}
