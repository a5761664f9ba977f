package org.merganser.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The share of a group in the text for training a tokenizer: a number, which is a weight, or a
 * quota of bytes such as {@code 50MB}.
 *
 * @param weight 0 to {@value #MAX_WEIGHT}, with at most 9 decimals; null for a quota
 * @param quota as it was written; null for a weight
 */
public record MixShare(@Nullable BigDecimal weight, @Nullable String quota)
    implements Serializable {
  static final String ALLOWED =
      "must be a weight from 0 to 1000000000 with at most 9 decimals, such as 0.3, or a quota of"
          + " bytes, such as 50MB or 2GiB";

  private static final int MAX_WEIGHT = 1_000_000_000;
  private static final int MAX_DECIMALS = 9;
  private static final Pattern QUOTA =
      Pattern.compile("(\\d{1,12}) ?(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)");

  private static final Map<String, Long> UNITS =
      Map.of(
          "B", 1L,
          "kB", 1_000L,
          "MB", 1_000_000L,
          "GB", 1_000_000_000L,
          "TB", 1_000_000_000_000L,
          "KiB", 1L << 10,
          "MiB", 1L << 20,
          "GiB", 1L << 30,
          "TiB", 1L << 40);

  /** The share in a value of the job file; empty where the value is not a share. */
  static Optional<MixShare> of(JsonNode node) {
    if (node.isNumber()) {
      BigDecimal weight = node.decimalValue();
      boolean fits =
          weight.signum() >= 0
              && weight.compareTo(BigDecimal.valueOf(MAX_WEIGHT)) <= 0
              && weight.stripTrailingZeros().scale() <= MAX_DECIMALS;
      return fits
          ? Optional.of(new MixShare(weight.setScale(MAX_DECIMALS).stripTrailingZeros(), null))
          : Optional.empty();
    }
    if (node.isTextual()) {
      MixShare share = new MixShare(null, node.textValue());
      return QUOTA.matcher(node.textValue()).matches() && share.quotaFits()
          ? Optional.of(share)
          : Optional.empty();
    }
    return Optional.empty();
  }

  private boolean quotaFits() {
    try {
      return bytes() >= 0;
    } catch (ArithmeticException e) {
      return false; // more than 2^63 - 1 bytes
    }
  }

  /** The bytes of a quota. */
  public long bytes() {
    Matcher matcher = QUOTA.matcher(String.valueOf(quota));
    if (!matcher.matches()) {
      throw new IllegalStateException(this + " is no quota");
    }
    Long unit = UNITS.get(matcher.group(2));
    return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit == null ? 1 : unit);
  }

  boolean isNothing() {
    return weight == null ? bytes() == 0 : weight.signum() == 0;
  }

  /** The share in the form of the job file. */
  JsonNode toNode() {
    return weight == null
        ? JsonNodeFactory.instance.textNode(quota)
        : JsonNodeFactory.instance.numberNode(new BigDecimal(weight.toPlainString()));
  }

  /** The weight without an exponent, or the quota. */
  @Override
  public String toString() {
    return weight == null ? String.valueOf(quota) : weight.toPlainString();
  }
}
