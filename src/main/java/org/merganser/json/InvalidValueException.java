package org.merganser.json;

import java.util.List;

/**
 * A record cannot be made from a JSON object, since one of its values is not allowed. Records throw
 * it while they are made; who reads the JSON knows the file and the path of the object.
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

  /** Checks that the member {@code name} is a string of one character. */
  public static void checkCharacter(String text, String name) {
    if (text.isEmpty() || text.codePointCount(0, text.length()) != 1) {
      throw mustBe("a string of one character", name);
    }
  }

  /** What follows the value in a complaint about it. */
  public String complaint() {
    return complaint;
  }

  public List<Object> at() {
    return at;
  }
}
