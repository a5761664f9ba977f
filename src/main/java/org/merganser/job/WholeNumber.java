package org.merganser.job;

import static java.util.Locale.ROOT;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads integers as people write them: {@code 32000}, {@code 32_000}, {@code 1e9}; with k, M, G and
 * T for powers of 1,000 ({@code 32k}, {@code 1.5TB}) and Ki, Mi, Gi and Ti for powers of 1,024
 * ({@code 64Ki}, {@code 5GiB}), in upper or lower case; and as YAML 1.2 writes numbers of base 8
 * and 16 ({@code 0o17}, {@code 0xff}). A leading 0 is refused: YAML 1.1 reads {@code 017} as 15.
 */
public final class WholeNumber {
  /**
   * The regular expression of all forms, also for other tools. Its groups are the decimal number,
   * the letter of the unit, and the i of powers of 1,024.
   */
  static final String FORM =
      "^([+-]?(?:0|[1-9][0-9_]{0,24})(?:\\.[0-9]{1,16})?(?:[eE][0-9]{1,2})?) ?"
          + "(?:([kKmMgGtT])([iI]?))?[bB]?$|^0x[0-9a-fA-F]{1,15}$|^0o[0-7]{1,20}$";

  /** Examples of allowed forms, for messages. */
  static final String EXAMPLES = "such as 32000, 32k, 64Ki, 5GiB or 1.5TB";

  private static final Pattern PATTERN = Pattern.compile(FORM);

  /** A point before three digits: thousands to some, and a fraction to others. */
  private static final Pattern THOUSANDS = Pattern.compile("[+-]?[0-9]{1,3}\\.[0-9]{3}");

  /** A number with leading zeros, and the rest of it. */
  private static final Pattern ZEROS = Pattern.compile("([+-]?)0[0_]*([0-9].*)");

  private WholeNumber() {}

  /**
   * The number of a text.
   *
   * @throws NumberFormatException for other texts, fractions, and numbers of more than 63 bits
   */
  public static long parse(String text) {
    Matcher matcher = PATTERN.matcher(text);
    if (!matcher.matches()) {
      throw notInteger(text);
    }
    boolean isDecimal = matcher.group(1) != null;
    if (!isDecimal) {
      return Long.parseLong(text.substring(2), text.charAt(1) == 'x' ? 16 : 8);
    }
    if (THOUSANDS.matcher(text).matches()) {
      throw notInteger(text);
    }
    BigDecimal number = new BigDecimal(matcher.group(1).replace("_", ""));
    if (matcher.group(2) != null) {
      BigDecimal base = BigDecimal.valueOf(matcher.group(3).isEmpty() ? 1000 : 1024);
      int power = 1 + "kmgt".indexOf(matcher.group(2).toLowerCase(ROOT));
      number = number.multiply(base.pow(power));
    }
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      throw (NumberFormatException) notInteger(text).initCause(e);
    }
  }

  private static NumberFormatException notInteger(String text) {
    return new NumberFormatException(
        "\"" + text + "\" is not an integer " + EXAMPLES + advice(text));
  }

  /**
   * What to write in place of an ambiguous number, as the end of a message: {@code ; write 7} for
   * one with leading zeros such as {@code 007}, {@code ; write 32000 or 32} for {@code 32.000}, or
   * "" for any other text.
   */
  static String advice(String number) {
    if (THOUSANDS.matcher(number).matches() && number.endsWith("000")) {
      return "; write %s or %s"
          .formatted(number.replace(".", ""), number.substring(0, number.indexOf('.')));
    }
    Matcher zeros = ZEROS.matcher(number);
    return zeros.matches() ? "; write " + zeros.group(1) + zeros.group(2) : "";
  }
}
