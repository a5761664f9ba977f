package org.merganser.text.unicode;

/**
 * Counts of characters (code points). A page of 256 of them comes into being with the first that
 * occurs, so that a table of one script is small. For one thread.
 */
public final class CharacterCounts {
  private static final int PAGE_BITS = 8;
  private static final int PAGE = 1 << PAGE_BITS;

  private final long[][] pages = new long[UnicodeCategories.CODE_POINTS >> PAGE_BITS][];

  public CharacterCounts() {}

  /** Adds the characters of {@code text[from, to)}, well-formed UTF-8. */
  public void addAll(byte[] text, int from, int to) {
    long[] ascii = page(0);
    for (int at = from; at < to; ) {
      int b = text[at];
      if (b >= 0) {
        ascii[b]++;
        at++;
      } else {
        int codePoint = Utf8.codePoint(text, at);
        page(codePoint >> PAGE_BITS)[codePoint & PAGE - 1]++;
        at += CodePoints.length(text[at]);
      }
    }
  }

  private long[] page(int number) {
    long[] page = pages[number];
    if (page == null) {
      page = new long[PAGE];
      pages[number] = page;
    }
    return page;
  }

  /** Receives what occurs, in ascending order. */
  @FunctionalInterface
  public interface Visitor {
    void visit(int codePoint, long count);
  }

  /** Visits each character that occurs. */
  public void forEach(Visitor visitor) {
    for (int number = 0; number < pages.length; number++) {
      long[] page = pages[number];
      for (int i = 0; page != null && i < PAGE; i++) {
        if (page[i] > 0) {
          visitor.visit(number << PAGE_BITS | i, page[i]);
        }
      }
    }
  }
}
