package org.merganser.job;

import static java.util.Locale.ROOT;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads whole numbers as people write them: {@code 32000}, {@code 32_000}, {@code 1e9}; with k, M,
 * G and T for powers of 1,000 ({@code 32k}, {@code 1.5TB}) and Ki, Mi, Gi and Ti for powers of
 * 1,024 ({@code 64Ki}, {@code 5GiB}), in upper or lower case.
 */
public final class WholeNumber {
  /** The form, as a regular expression of Java and of JSON Schema. */
  static final String FORM =
      "^([+-]?[0-9][0-9_]{0,24}(?:\\.[0-9]{1,16})?(?:[eE][0-9]{1,2})?) ?"
          + "(?:([kKmMgGtT])([iI]?))?[bB]?$";

  static final String EXAMPLES = "such as 32000, 32k, 64Ki, 5GiB or 1.5TB";

  private static final Pattern PATTERN = Pattern.compile(FORM);

  private WholeNumber() {}

  /**
   * The number that a text means.
   *
   * @throws NumberFormatException for other texts, fractions, and numbers of more than 63 bits
   */
  public static long parse(String text) {
    Matcher matcher = PATTERN.matcher(text);
    if (!matcher.matches()) {
      throw none(text);
    }
    BigDecimal number = new BigDecimal(matcher.group(1).replace("_", ""));
    if (matcher.group(2) != null) {
      BigDecimal step = BigDecimal.valueOf(matcher.group(3).isEmpty() ? 1000 : 1024);
      number = number.multiply(step.pow(1 + "kmgt".indexOf(matcher.group(2).toLowerCase(ROOT))));
    }
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      throw (NumberFormatException) none(text).initCause(e);
    }
  }

  private static NumberFormatException none(String text) {
    return new NumberFormatException("\"" + text + "\" is no whole number " + EXAMPLES);
  }
}
