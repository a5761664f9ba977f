package org.merganser.layout;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.ByteSink;

/**
 * A column of a record batch that is being filled: numbers, texts, or lists of them. Buffers are
 * those of Arrow's columnar format; without nulls a column has no validity bits.
 */
final class ArrowColumn {
  /** What a value is. */
  enum Type {
    INT8,
    INT32,
    INT64,
    TEXT
  }

  private final String name;
  private final Type type;
  private final boolean list;
  private final ByteSink validity = new ByteSink();
  private final ByteSink listEnds = new ByteSink();
  private final ByteSink textEnds = new ByteSink();
  private final ByteSink data = new ByteSink();
  private int rows;
  private int values;
  private int nulls;

  ArrowColumn(String name, Type type, boolean list) {
    this.name = name;
    this.type = type;
    this.list = list;
    clear();
  }

  String name() {
    return name;
  }

  Type type() {
    return type;
  }

  boolean isList() {
    return list;
  }

  void clear() {
    validity.clear();
    listEnds.clear();
    listEnds.putInt(0);
    textEnds.clear();
    textEnds.putInt(0);
    data.clear();
    rows = 0;
    values = 0;
    nulls = 0;
  }

  void addInt(int value) {
    data.putInt(value);
    endValue(true);
  }

  void addInts(int[] from, int count) {
    for (int i = 0; i < count; i++) {
      data.putInt(from[i]);
    }
    values += count;
  }

  void addBytes(int[] from, int count) {
    for (int i = 0; i < count; i++) {
      data.putByte(from[i]);
    }
    values += count;
  }

  void addLong(long value) {
    data.putLong(value);
    endValue(true);
  }

  /** Adds a text, or null outside of lists. */
  void addText(@Nullable String text) {
    byte[] utf8 = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    data.put(utf8, 0, utf8.length);
    textEnds.putInt(data.size());
    endValue(text != null);
  }

  private void endValue(boolean present) {
    values++;
    if (!list) {
      endRow(present);
    }
  }

  /** Ends the list of a row. */
  void endList() {
    listEnds.putInt(values);
    endRow(true);
  }

  private void endRow(boolean present) {
    if (rows % 8 == 0) {
      validity.putByte(0);
    }
    if (present) {
      validity.bytes()[rows / 8] |= (byte) (1 << rows % 8);
    } else {
      nulls++;
    }
    rows++;
  }

  /** Bytes held, for ending a batch. */
  long bytes() {
    return (long) data.size() + textEnds.size() + listEnds.size();
  }

  /** Length and count of nulls of each level, the outermost first. */
  List<long[]> nodes() {
    List<long[]> nodes = new ArrayList<>();
    nodes.add(new long[] {rows, nulls});
    if (list) {
      nodes.add(new long[] {values, 0});
    }
    return nodes;
  }

  /** The buffers of each level in turn: validity, ends, values. */
  List<ByteSink> buffers() {
    List<ByteSink> buffers = new ArrayList<>();
    buffers.add(nulls == 0 ? new ByteSink() : validity);
    if (list) {
      buffers.add(listEnds);
      buffers.add(new ByteSink());
    }
    if (type == Type.TEXT) {
      buffers.add(textEnds);
    }
    buffers.add(data);
    return buffers;
  }
}
