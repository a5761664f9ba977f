package org.merganser.store;

import java.util.Comparator;

/**
 * Orders strings by code point, which is the order of their UTF-8 bytes; {@link String#compareTo}
 * differs between characters above U+FFFF and U+E000 to U+FFFF.
 */
public final class CodePointOrder implements Comparator<String> {
  public static final CodePointOrder INSTANCE = new CodePointOrder();

  private CodePointOrder() {}

  @Override
  public int compare(String a, String b) {
    int shared = Math.min(a.length(), b.length());
    for (int i = 0; i < shared; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean surrogate = Character.isSurrogate(x); // half of a code point above U+FFFF
        if (surrogate == Character.isSurrogate(y)) {
          return x - y;
        }
        return surrogate ? 1 : -1;
      }
    }
    return a.length() - b.length();
  }
}
