package org.merganser.json;

import java.util.List;

/**
 * A record refuses a value of a JSON object. The constructors of records throw it; the reader of
 * the JSON knows the file and the path of the object.
 */
public final class InvalidValueException extends IllegalArgumentException {
  private final String complaint;
  private final transient List<Object> at;

  private InvalidValueException(String complaint, Object... at) {
    super(complaint);
    this.complaint = complaint;
    this.at = List.of(at);
  }

  /**
   * @param at the names and indexes that lead from the object to the value; none for the object
   */
  public static InvalidValueException mustBe(String allowed, Object... at) {
    return new InvalidValueException("; it must be " + allowed, at);
  }

  /**
   * @param at as for {@link #mustBe}
   */
  public static InvalidValueException because(String reason, Object... at) {
    return new InvalidValueException(": " + reason, at);
  }

  public static void checkCharacter(String text, String name) {
    if (text.isEmpty() || text.codePointCount(0, text.length()) != 1) {
      throw mustBe("a string of one character", name);
    }
  }

  /** The part of a message that follows the value. */
  public String complaint() {
    return complaint;
  }

  public List<Object> at() {
    return at;
  }
}
