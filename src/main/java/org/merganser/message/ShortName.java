package org.merganser.message;

/** Shortens names of documents for messages and reports: a corpus may have names of megabytes. */
public final class ShortName {
  /** The most UTF-16 units of a name. */
  private static final int LONGEST = 200;

  private ShortName() {}

  /**
   * The name, or its first {@value #LONGEST} UTF-16 units and an ellipsis. It never ends inside a
   * character.
   */
  public static String of(String name) {
    if (name.length() <= LONGEST) {
      return name;
    }
    int end = Character.isHighSurrogate(name.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return name.substring(0, end) + "…";
  }
}
