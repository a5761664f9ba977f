package org.merganser.layout;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.merganser.shard.ShardRow;

/**
 * The values of a column of a record batch, as they lie in its buffers.
 *
 * @param width of a number, in bytes
 * @param validity bits; empty where nothing is null
 * @param listEnds where each row's list begins; empty where the column has no lists
 * @param textEnds where each text begins; empty for numbers
 */
record ArrowValues(
    int width, ByteBuffer validity, ByteBuffer listEnds, ByteBuffer textEnds, ByteBuffer data) {

  /** The first value of a row's list. */
  int from(int row) {
    return listEnds.getInt(4 * row);
  }

  long number(int value) {
    return switch (width) {
      case 1 -> data.get(value);
      case 4 -> data.getInt(4 * value);
      default -> data.getLong(8 * value);
    };
  }

  @Nullable String text(int value) {
    if (validity.capacity() > 0
        && listEnds.capacity() == 0
        && (validity.get(value / 8) >> value % 8 & 1) == 0) {
      return null;
    }
    int from = textEnds.getInt(4 * value);
    byte[] utf8 = new byte[textEnds.getInt(4 * value + 4) - from];
    data.get(from, utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** The list of {@code rowNumber}, of bytes. */
  int[] bytes(int rowNumber) {
    int from = from(rowNumber);
    int[] values = new int[from(rowNumber + 1) - from];
    for (int i = 0; i < values.length; i++) {
      values[i] = data.get(from + i);
    }
    return values;
  }

  /** Fills a row's ids with the list of {@code rowNumber}. */
  void ids(int rowNumber, ShardRow row) {
    int from = from(rowNumber);
    row.count = from(rowNumber + 1) - from;
    if (row.ids.length < row.count) {
      row.ids = new int[row.count];
    }
    data.slice(4 * from, 4 * row.count)
        .order(data.order())
        .asIntBuffer()
        .get(row.ids, 0, row.count);
  }
}
