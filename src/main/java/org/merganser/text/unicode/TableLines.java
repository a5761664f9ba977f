package org.merganser.text.unicode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The lines of a generated Unicode table, a resource of this package; {@code #} starts a comment.
 */
public final class TableLines {
  private TableLines() {}

  public static List<String> read(String resource) {
    try (InputStream in = TableLines.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(
            "resource org/merganser/text/" + resource + " is not in the jar: it was built wrongly");
      }
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .lines()
          .filter(line -> !line.isEmpty() && line.charAt(0) != '#')
          .collect(Collectors.toList());
    } catch (IOException e) {
      throw new UncheckedIOException("resource org/merganser/text/" + resource, e);
    }
  }

  static void addRanges(String ranges, CodePointSet.Builder to) {
    for (int at = 0; at < ranges.length(); ) {
      int end = ranges.indexOf(' ', at);
      end = end < 0 ? ranges.length() : end;
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
