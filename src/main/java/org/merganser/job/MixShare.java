package org.merganser.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Optional;
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
    return isQuota(node.asText())
        ? Optional.of(new MixShare(null, node.textValue()))
        : Optional.empty();
  }

  /** Whether a text is a size of zero bytes or more; with a unit, since a number is a weight. */
  private static boolean isQuota(String text) {
    try {
      return WholeNumber.parse(text) >= 0 && !text.matches(".*[0-9]");
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** The bytes of a quota. */
  public long bytes() {
    return WholeNumber.parse(String.valueOf(quota));
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
