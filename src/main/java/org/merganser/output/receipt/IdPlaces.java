package org.merganser.output.receipt;

import java.util.Base64;
import java.util.BitSet;
import org.merganser.binary.ByteBuilder;
import org.merganser.binary.Varints;

/**
 * Which of the ids that a job leaves out are those of documents of a unit: their places in the list
 * of the job. They are stored ascending, each as the difference to the place before (0 before the
 * first), in LEB128 and base64. The places 3 and 10 become the bytes 3 and 7.
 */
public final class IdPlaces {
  private final BitSet places = new BitSet();

  /** Adds the place of an id in the list, from 0. */
  public void add(int place) {
    places.set(place);
  }

  /** The stored form of the places; empty for none. */
  public String toText() {
    ByteBuilder bytes = new ByteBuilder(places.cardinality());
    int last = 0;
    for (int place : places.stream().toArray()) {
      bytes.appendVarint(place - last);
      last = place;
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  /** Adds the places in the result of {@link #toText}, which is not checked, to a set. */
  public static void addTo(BitSet set, String text) {
    byte[] bytes = Base64.getDecoder().decode(text);
    int place = 0;
    int at = 0;
    while (at < bytes.length) {
      long difference = Varints.read(bytes, at);
      at += Varints.length(difference);
      place = Math.toIntExact(place + difference);
      set.set(place);
    }
  }
}
