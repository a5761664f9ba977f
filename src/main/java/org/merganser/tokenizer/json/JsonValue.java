package org.merganser.tokenizer.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.tokenizer.parts.TokenizerException;

/**
 * A value in a component of tokenizer.json with its place, so that every error names the file, the
 * JSON path, the value and what is allowed.
 *
 * @param file the file's name in errors
 * @param path the JSON path, {@code $.normalizer.type}
 * @param node the value; a null node if it is {@code null} in the file
 */
record JsonValue(String file, String path, JsonNode node) {
  /** The maximum length of a name that a path has without quotes; a longer one is cut short. */
  private static final int LONGEST_PLAIN_NAME = 60;

  /** The maximum number of steps of the path of a parser's place. */
  private static final int MAX_STEPS = 8;

  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*");

  /**
   * Reads the value that begins at the parser's current token; the parser limits the nesting.
   *
   * @throws TokenizerException if a member occurs twice in an object
   */
  static JsonValue read(JsonParser parser, String file, String path) throws IOException {
    try {
      return new JsonValue(file, path, ComponentJson.MAPPER.readTree(parser));
    } catch (MismatchedInputException e) {
      throw new TokenizerException(file + ": " + pathOf(parser) + " occurs twice", e);
    }
  }

  /** The JSON path of a parser's place; only the beginning of a deep one. */
  static String pathOf(JsonParser parser) {
    Deque<String> steps = new ArrayDeque<>();
    JsonStreamContext at = parser.getParsingContext();
    while (at != null && !at.inRoot()) {
      if (at.inArray()) {
        steps.push("[" + at.getCurrentIndex() + "]");
      } else if (at.getCurrentName() != null) {
        steps.push(member("", at.getCurrentName()));
      }
      at = at.getParent();
    }
    return "$"
        + steps.stream().limit(MAX_STEPS).collect(Collectors.joining())
        + (steps.size() > MAX_STEPS ? "…" : "");
  }

  /** The path of a member: {@code $.a} or {@code $["a b"]}. */
  static String member(String path, String key) {
    boolean plain = key.length() <= LONGEST_PLAIN_NAME && PLAIN_NAME.matcher(key).matches();
    return plain ? path + "." + key : path + "[\"" + TokenizerException.shortened(key) + "\"]";
  }

  /**
   * The member {@code key} of this object; null if it is absent or {@code null}.
   *
   * @throws TokenizerException if the value is not an object
   */
  @Nullable JsonValue optional(String key) {
    if (!node.isObject()) {
      throw mustBe("an object");
    }
    JsonNode member = node.get(key);
    return member == null || member.isNull()
        ? null
        : new JsonValue(file, member(path, key), member);
  }

  /**
   * The member {@code key} of this object.
   *
   * @throws TokenizerException if it is absent or {@code null}, or the value is not an object
   */
  JsonValue required(String key) {
    JsonValue member = optional(key);
    if (member == null) {
      throw new TokenizerException(file + ": " + member(path, key) + " is missing");
    }
    return member;
  }

  /**
   * The string that this value is.
   *
   * @throws TokenizerException if the value is not a string
   */
  String string() {
    if (!node.isTextual()) {
      throw mustBe("a string");
    }
    return node.textValue();
  }

  /**
   * The boolean that this value is.
   *
   * @throws TokenizerException if the value is not a boolean
   */
  boolean bool() {
    if (!node.isBoolean()) {
      throw mustBe("true or false");
    }
    return node.booleanValue();
  }

  /**
   * The elements of this array.
   *
   * @throws TokenizerException if the value is not an array
   */
  List<JsonValue> items() {
    if (!node.isArray()) {
      throw mustBe("an array");
    }
    List<JsonValue> items = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      items.add(new JsonValue(file, path + "[" + i + "]", node.get(i)));
    }
    return items;
  }

  /** The {@code type} of this component, which it must have. */
  String type() {
    return required("type").string();
  }

  /** The error that the value must be something else; {@code allowed} ends "it must be …". */
  TokenizerException mustBe(String allowed) {
    return invalid("; it must be " + allowed);
  }

  /** The error that only other values are supported. */
  TokenizerException unsupported(String... supported) {
    return new TokenizerException(
        "%s: %s is %s; only %s supported"
            .formatted(
                file,
                path,
                shown(node),
                String.join(", ", supported) + (supported.length == 1 ? " is" : " are")));
  }

  /** The error that the value cannot be used, for a reason. */
  TokenizerException because(String why) {
    return invalid(": " + why);
  }

  /** The error that the value cannot be used; {@code tail} continues the sentence. */
  TokenizerException invalid(String tail) {
    return new TokenizerException(file + ": " + path + " is " + shown(node) + tail);
  }

  /** The value in a message: an object or an array by its kind, any other value as JSON. */
  private static String shown(JsonNode node) {
    if (node.isObject()) {
      return "an object";
    }
    if (node.isArray()) {
      return "an array";
    }
    return TokenizerException.shortened(node.toString());
  }
}
