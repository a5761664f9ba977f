package org.merganser.report;

/** Shortens names of documents for a report: a corpus may have names of megabytes. */
public final class ShortName {
  private static final int LONGEST = 200;

  private ShortName() {}

  /** The name, or its first 200 UTF-16 units and an ellipsis; never ends inside a character. */
  public static String of(String name) {
    if (name.length() <= LONGEST) {
      return name;
    }
    int end = Character.isHighSurrogate(name.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return name.substring(0, end) + "…";
  }
}
