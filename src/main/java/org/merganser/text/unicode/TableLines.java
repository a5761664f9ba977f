package org.merganser.text.unicode;

import java.util.Arrays;
import java.util.List;
import org.merganser.checksum.WholeFile;

/**
 * The lines of a generated Unicode table, a resource of this package; {@code #} starts a comment.
 */
public final class TableLines {
  private TableLines() {}

  /** The lines of a resource without comments and empty lines. */
  public static List<String> read(String resource) {
    return WholeFile.resource(TableLines.class, resource)
        .lines()
        .filter(line -> !line.isEmpty() && line.charAt(0) != '#')
        .toList();
  }

  /** The hexadecimal numbers, with spaces between them, of a line from index {@code from} on. */
  public static int[] numbers(String line, int from) {
    return Arrays.stream(line.substring(from).split(" ", -1))
        .mapToInt(word -> Integer.parseInt(word, 16))
        .toArray();
  }

  /**
   * Adds ranges such as {@code 0041-005A 0061} to a set, without a string for each number: lines
   * can have thousands.
   */
  static void addRanges(String ranges, CodePointSet.Builder to) {
    int at = 0;
    while (at < ranges.length()) {
      int end = ranges.indexOf(' ', at);
      if (end < 0) {
        end = ranges.length();
      }
      int dash = ranges.indexOf('-', at);
      if (dash < 0 || dash > end) {
        to.add(Integer.parseInt(ranges, at, end, 16));
      } else {
        to.add(Integer.parseInt(ranges, at, dash, 16), Integer.parseInt(ranges, dash + 1, end, 16));
      }
      at = end + 1;
    }
  }
}
