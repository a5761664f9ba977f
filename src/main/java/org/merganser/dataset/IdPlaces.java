package org.merganser.dataset;

import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import org.merganser.bpe.Varints;

/**
 * The ids of a list that occur in some documents. They are stored as their places in the list,
 * ascending, each as the difference to the place before, in LEB128 and base64. The places 3 and 10
 * become the bytes 3 and 7.
 */
public final class IdPlaces {
  private int[] places = new int[16];
  private int count;

  /** Adds a place; it may be added several times. */
  public void add(int place) {
    if (count == places.length) {
      places = Arrays.copyOf(places, Math.multiplyExact(2, count));
    }
    places[count++] = place;
  }

  /** The places in the form of a receipt. */
  public String toText() {
    Arrays.sort(places, 0, count);
    byte[] bytes = new byte[Math.multiplyExact(5, count)];
    int length = 0;
    int last = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || places[i] != last) {
        length = Varints.write(bytes, length, places[i] - (i == 0 ? 0 : last));
        last = places[i];
      }
    }
    return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes, length));
  }

  /** Adds the places in a text to a set. */
  static void addTo(BitSet set, String text) {
    byte[] bytes = Base64.getDecoder().decode(text);
    int place = 0;
    for (int at = 0; at < bytes.length; ) {
      long difference = Varints.read(bytes, at);
      at += Varints.length(difference);
      place = Math.toIntExact(place + difference);
      set.set(place);
    }
  }
}
