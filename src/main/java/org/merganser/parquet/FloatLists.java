package org.merganser.parquet;

import java.nio.file.Path;
import java.util.Arrays;
import org.apache.parquet.column.ColumnReader;
import org.merganser.store.UnusableFileException;

/**
 * Reads the lists of a column of numbers as floats, however deep the numbers are nested in groups.
 */
public final class FloatLists {
  /** Reads the current number of a column without consuming it. */
  @FunctionalInterface
  public interface ToFloat {
    /** The current number of a column as a float. */
    float of(ColumnReader column);
  }

  private final Path path;
  private final ColumnReader column;
  private final ToFloat value;

  /** The lowest definition level of a list entry, which may be null. */
  private final int entryLevel;

  /** The definition level of a number. */
  private final int valueLevel;

  private float[] floats = new float[16];

  /**
   * @param path names the file in errors
   * @param column the column, before its first list
   * @param entryLevel the definition level of the repeated field in the path of the column
   */
  FloatLists(Path path, ColumnReader column, int entryLevel, ToFloat value) {
    this.path = path;
    this.column = column;
    this.entryLevel = entryLevel;
    this.valueLevel = column.getDescriptor().getMaxDefinitionLevel();
    this.value = value;
  }

  /**
   * Reads the next list into {@link #floats} and returns its length.
   *
   * @throws UnusableFileException if an entry has no value
   */
  public int read() {
    int count = 0;
    do {
      int level = column.getCurrentDefinitionLevel();
      if (level == valueLevel) {
        if (count == floats.length) {
          floats = Arrays.copyOf(floats, 2 * count);
        }
        floats[count++] = value.of(column);
      } else if (level >= entryLevel) {
        throw new UnusableFileException(path + ": a list has no value (null) at " + count);
      }
      column.consume();
    } while (column.getCurrentRepetitionLevel() > 0);
    return count;
  }

  /** The list that was read last, at the beginning of an array that is reused. */
  public float[] floats() {
    return floats;
  }
}
