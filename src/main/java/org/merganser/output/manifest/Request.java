package org.merganser.output.manifest;

import java.io.Serializable;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.merganser.checksum.LineSum;
import org.merganser.store.CodePointOrder;
import org.merganser.store.UnusableFileException;

/**
 * What a run is asked for: the keys of the job that decide its data. Equal requests lead to equal
 * data; {@code docs/identity.md} has the rules.
 *
 * @param sha256 the name of the request: the sum of a line with the format, and of a line for each
 *     key with its value
 * @param format the version of the rules, {@link #FORMAT_VERSION}
 * @param keys the keys of the job that decide data and differ from their defaults, with their
 *     values; for a key that names a location, the sha256 of its content
 */
public record Request(String sha256, int format, SortedMap<String, String> keys)
    implements Serializable {
  /** Raised when a default changes, and with every other change of the data for the same keys. */
  public static final int FORMAT_VERSION = 1;

  /** Checks that {@code sha256} is the name of the other values. */
  public Request {
    keys = Collections.unmodifiableSortedMap(new TreeMap<>(keys));
    if (!sha256.equals(sum(format, keys))) {
      throw new UnusableFileException(
          "the request " + sha256 + " is not the sum of its format and keys");
    }
  }

  /** The request for these keys, by the rules of this version. */
  public static Request of(SortedMap<String, String> keys) {
    return new Request(sum(FORMAT_VERSION, keys), FORMAT_VERSION, keys);
  }

  /** The name of a request with these keys. */
  private static String sum(int format, SortedMap<String, String> keys) {
    SortedMap<String, String> sorted = new TreeMap<>(CodePointOrder.INSTANCE);
    sorted.putAll(keys);
    LineSum sum = new LineSum().add("merganser request " + format);
    sorted.forEach(sum::add);
    return sum.sha256();
  }
}
