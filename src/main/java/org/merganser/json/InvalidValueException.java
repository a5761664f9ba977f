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
   * The value is not what is allowed.
   *
   * @param allowed the end of a sentence: "it must be …"
   * @param at the names and indexes that lead from the object to the value; none for the object
   */
  public static InvalidValueException mustBe(String allowed, Object... at) {
    return new InvalidValueException("; it must be " + allowed, at);
  }

  /**
   * The value cannot be used for a reason.
   *
   * @param at as for {@link #mustBe}
   */
  public static InvalidValueException because(String reason, Object... at) {
    return new InvalidValueException(": " + reason, at);
  }

  /**
   * Checks that a member is one Unicode character.
   *
   * @param name of the member
   */
  public static void checkCharacter(String text, String name) {
    if (text.codePointCount(0, text.length()) != 1) {
      throw mustBe("a string of one character", name);
    }
  }

  /** The part of a message that follows the value. */
  public String complaint() {
    return complaint;
  }

  /** The names and indexes that lead from the object to the value. */
  public List<Object> at() {
    return at;
  }
}
