package org.merganser.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.job.key.JobKey;

/**
 * Reads single values of a job file: constants, numbers, switches and texts. A value that {@link
 * JobKey} does not allow is null, and its problem is added.
 */
final class ScalarReader {
  /** A percentage, in place of which a fraction is to be written. */
  private static final Pattern PERCENT = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,9})? ?%");

  private final JobProblems problems;

  /**
   * @param problems receives the problem of each value that is not allowed
   */
  ScalarReader(JobProblems problems) {
    this.problems = problems;
  }

  /**
   * The value of a node.
   *
   * @param type of the value, which is no record
   * @param key has the bounds of numbers
   * @param path of the value in the file
   */
  @Nullable Object read(JsonNode node, Class<?> type, Key key, String path) {
    if (type.isEnum()) {
      return constant(node, type, path);
    }
    if (Key.isInteger(type)) {
      return integer(node, type, key, path);
    }
    if (Key.isReal(type)) {
      return real(node, key, path);
    }
    if (type == boolean.class) {
      return trueOrFalse(node, path);
    }
    return text(node, path);
  }

  private @Nullable Object text(JsonNode node, String path) {
    if (!node.isValueNode()) {
      return problems.addValue(path, node, "must be one text, without brackets");
    }
    if (node.asText().isEmpty()) {
      return problems.addValue(path, node, "must be a text that is not empty");
    }
    return node.asText();
  }

  /** True or false; the problem of a word such as yes names the value. */
  private @Nullable Object trueOrFalse(JsonNode node, String path) {
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    String no = node.asText().matches("(?i)n|no|off|false|0") ? "; write false" : "";
    String yes = node.asText().matches("(?i)y|yes|on|true|1") ? "; write true" : "";
    return problems.addValue(path, node, "must be true or false" + no + yes);
  }

  /**
   * A constant of an enum by its name in a file; the problem of another name has the nearest one.
   */
  private @Nullable Object constant(JsonNode node, Class<?> type, String path) {
    String name = node.asText(); // empty for a list or section
    Enum<?> constant = Spelling.constant(type, name);
    if (constant != null) {
      return constant;
    }
    List<String> allowed = Spelling.ofConstants(type);
    return problems.addValue(
        path,
        node,
        "is not allowed; allowed: "
            + String.join(", ", allowed)
            + NearestName.suggestion(name, allowed));
  }

  /** An {@code Integer} or {@code Long} within the bounds of the key. */
  private @Nullable Object integer(JsonNode node, Class<?> type, Key key, String path) {
    long min = key.declared().min();
    long max = key.max();
    Long number = node.isNumber() || node.isTextual() ? wholeNumber(node.asText()) : null;
    if (number == null || number < min || number > max) {
      boolean hasMin = min > Long.MIN_VALUE;
      boolean hasMax = max < Long.MAX_VALUE;
      String bounds = bounds(hasMin ? min : null, hasMax ? max : null);
      String examples = node.isTextual() ? ", " + WholeNumber.EXAMPLES : "";
      return problems.addValue(
          path, node, "must be an integer" + bounds + examples + WholeNumber.advice(node.asText()));
    }
    if (type == int.class || type == Integer.class) {
      return number.intValue();
    }
    return number;
  }

  /** The number of a text; null if the text is not an integer. */
  private static @Nullable Long wholeNumber(String text) {
    try {
      return WholeNumber.parse(text);
    } catch (NumberFormatException e) {
      return null; // the caller reports what is allowed
    }
  }

  /** A number that may have a fraction; the problem of a percentage names the fraction. */
  private @Nullable Object real(JsonNode node, Key key, String path) {
    double min = key.declared().minReal();
    double max = key.declared().maxReal();
    double value = node.doubleValue();
    String advice = WholeNumber.advice(node.asText()); // not empty for an ambiguous number
    if (PERCENT.matcher(node.asText()).matches()) {
      BigDecimal percent = new BigDecimal(node.asText().replaceFirst(" ?%", ""));
      advice = "; write " + percent.movePointLeft(2).stripTrailingZeros().toPlainString();
    }
    if (!node.isNumber()
        || !advice.isEmpty()
        || !(value >= min && value <= max)) { // NaN fails both comparisons
      boolean hasMin = min >= -Double.MAX_VALUE;
      boolean hasMax = max <= Double.MAX_VALUE;
      String bounds = bounds(hasMin ? min : null, hasMax ? max : null);
      return problems.addValue(path, node, "must be a number" + bounds + advice);
    }
    return value;
  }

  /** The bounds of a number for a message, each null if there is none; "" if both are null. */
  private static String bounds(@Nullable Number min, @Nullable Number max) {
    if (min == null) {
      return max == null ? "" : " of at most " + max;
    }
    return " of at least " + min + (max == null ? "" : " and at most " + max);
  }
}
