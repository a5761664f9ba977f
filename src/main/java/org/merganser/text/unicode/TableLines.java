package org.merganser.text.unicode;

import java.util.Arrays;
import java.util.List;
import org.merganser.checksum.WholeFile;

/**
 * The lines of a generated Unicode table, a resource of this package; {@code #} starts a comment.
 */
public final class TableLines {
  private TableLines() {}

  public static List<String> read(String resource) {
    return WholeFile.resource(TableLines.class, resource)
        .lines()
        .filter(line -> !line.isEmpty() && line.charAt(0) != '#')
        .toList();
  }

  /** The numbers of a line from a place on, in hexadecimal, with spaces between them. */
  public static int[] numbers(String line, int from) {
    return Arrays.stream(line.substring(from).split(" ", -1))
        .mapToInt(word -> Integer.parseInt(word, 16))
        .toArray();
  }

  static void addRanges(String ranges, CodePointSet.Builder to) {
    for (int at = 0; at < ranges.length(); ) {
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
