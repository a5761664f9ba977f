package org.merganser.tokenizer.json;

import java.math.BigInteger;

/**
 * The form of {@code truncation} and {@code padding}, which HF demands although only its own
 * encoding applies them (HF: {@code utils/truncation.rs}, {@code utils/padding.rs}).
 */
final class LengthJson {
  private static final BigInteger SIZE = BigInteger.ONE.shiftLeft(64);
  private static final BigInteger ID = BigInteger.ONE.shiftLeft(32);

  private LengthJson() {}

  static void checkTruncation(JsonValue truncation) {
    if (truncation.node().isNull()) {
      return;
    }
    // An absent direction is Right; null is none.
    if (truncation.node().has("direction")) {
      oneOf(truncation.required("direction"), "Left", "Right");
    }
    below(SIZE, truncation.required("max_length"));
    oneOf(truncation.required("strategy"), "LongestFirst", "OnlyFirst", "OnlySecond");
    below(SIZE, truncation.required("stride"));
  }

  static void checkPadding(JsonValue padding) {
    if (padding.node().isNull()) {
      return;
    }
    JsonValue strategy = padding.required("strategy");
    if (strategy.node().isObject() && strategy.node().size() == 1) {
      below(SIZE, strategy.required("Fixed"));
    } else if (!strategy.node().isTextual() || !strategy.string().equals("BatchLongest")) {
      throw strategy.wrong("\"BatchLongest\" or {\"Fixed\": length}");
    }
    oneOf(padding.required("direction"), "Left", "Right");
    JsonValue multiple = padding.optional("pad_to_multiple_of");
    if (multiple != null) {
      below(SIZE, multiple);
    }
    below(ID, padding.required("pad_id"));
    below(ID, padding.required("pad_type_id"));
    padding.required("pad_token").string();
  }

  private static void oneOf(JsonValue value, String... names) {
    for (String name : names) {
      if (value.string().equals(name)) {
        return;
      }
    }
    throw value.wrong("one of " + String.join(", ", names));
  }

  private static void below(BigInteger limit, JsonValue value) {
    if (!value.node().isIntegralNumber()
        || value.node().bigIntegerValue().signum() < 0
        || value.node().bigIntegerValue().compareTo(limit) >= 0) {
      throw value.wrong("an integer from 0 to " + limit.subtract(BigInteger.ONE));
    }
  }
}
