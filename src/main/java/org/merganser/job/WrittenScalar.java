package org.merganser.job;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;

/**
 * A scalar of YAML with its text as written, which is its value if a key takes a text. Its node
 * type is that of the core schema of YAML 1.2: {@code yes} and {@code 1_000} are texts, and so is
 * all that is quoted. There is one exception: what YAML 1.1 reads as a text is one here as well,
 * such as {@code 0o17}. {@link WholeNumber} reads the numbers in texts. A job file in JSON is read
 * in the same way.
 */
@SuppressWarnings("serial") // trees of jobs are not serialized
final class WrittenScalar extends TextNode {
  /** The texts that are null in the core schema. */
  private static final String NULL = "null|Null|NULL|~|";

  /** The texts that are booleans in the core schema. */
  private static final String BOOLEAN = "true|True|TRUE|false|False|FALSE";

  /** The texts that are numbers in the core schema. */
  private static final String NUMBER =
      "[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+"
          + "|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)";

  /** The beginning of the tags of the core schema. */
  private static final String CORE_TAG = "tag:yaml.org,2002:";

  /** The ends of the tags that are allowed. */
  private static final Set<String> ALLOWED_TAGS =
      Set.of("str", "int", "float", "bool", "null", "seq", "map");

  private final JsonNodeType type;

  private WrittenScalar(String text, JsonNodeType type) {
    super(text);
    this.type = type;
  }

  /** The type in the core schema of a text that is not quoted. */
  private static JsonNodeType typeOf(String text) {
    if (text.matches(NULL)) {
      return JsonNodeType.NULL;
    }
    if (text.matches(BOOLEAN)) {
      return JsonNodeType.BOOLEAN;
    }
    return text.matches(NUMBER) ? JsonNodeType.NUMBER : JsonNodeType.STRING;
  }

  /**
   * The tree of the next document.
   *
   * @return a missing node if there is no further document
   * @throws JsonParseException for invalid YAML, an alias, and a tag beyond the core schema
   */
  static JsonNode tree(JsonParser yaml) throws IOException {
    return yaml.nextToken() == null ? MissingNode.getInstance() : value(yaml);
  }

  /** Reads the value that begins at the current token; the parser is then at its last token. */
  private static JsonNode value(JsonParser yaml) throws IOException {
    JsonToken token = yaml.currentToken();
    requireCore(yaml);
    if (token == JsonToken.START_OBJECT) {
      ObjectNode section = JsonNodeFactory.instance.objectNode();
      while (yaml.nextToken() != JsonToken.END_OBJECT) {
        requireCore(yaml);
        String name = yaml.currentName();
        yaml.nextToken();
        section.set(name, value(yaml));
      }
      return section;
    }
    if (token == JsonToken.START_ARRAY) {
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      while (yaml.nextToken() != JsonToken.END_ARRAY) {
        list.add(value(yaml));
      }
      return list;
    }
    boolean isText = token == JsonToken.VALUE_STRING; // quoted, or a text by YAML 1.1
    String text = yaml.getText();
    return new WrittenScalar(text, isText ? JsonNodeType.STRING : typeOf(text));
  }

  /** Refuses an alias, and a tag beyond the core schema. */
  private static void requireCore(JsonParser yaml) throws IOException {
    if (yaml instanceof YAMLParser parser && parser.isCurrentAlias()) {
      String name = yaml.getText();
      throw new JsonParseException(
          yaml,
          "*%s is an alias, which a job file cannot have; repeat the value of &%s,"
                  .formatted(name, name)
              + " or quote a text that begins with *");
    }
    if (yaml.getTypeId() instanceof String tag
        && !(tag.startsWith(CORE_TAG) && ALLOWED_TAGS.contains(tag.substring(CORE_TAG.length())))) {
      throw new JsonParseException(
          yaml,
          "!%s is a tag, which a job file cannot have; write the value itself, or quote a text that begins with !"
              .formatted(tag));
    }
  }

  /**
   * An item of a list of texts or locations, as a text also if it is written like null, a boolean
   * or a number.
   */
  static JsonNode text(JsonNode item) {
    return item instanceof WrittenScalar scalar
        ? new WrittenScalar(scalar.textValue(), JsonNodeType.STRING)
        : item;
  }

  @Override
  public JsonNodeType getNodeType() {
    return type;
  }

  @Override
  public boolean booleanValue() {
    return type == JsonNodeType.BOOLEAN && textValue().equalsIgnoreCase("true");
  }

  @Override
  public double doubleValue() {
    String text = textValue().toLowerCase(Locale.ROOT);
    if (type != JsonNodeType.NUMBER || text.endsWith("nan")) {
      return Double.NaN;
    }
    if (text.startsWith("0x") || text.startsWith("0o")) {
      return new BigInteger(text.substring(2), text.startsWith("0x") ? 16 : 8).doubleValue();
    }
    return Double.parseDouble(text.replace(".inf", "Infinity"));
  }

  @Override
  public String toString() {
    if (type == JsonNodeType.STRING) {
      return super.toString();
    }
    return textValue().isEmpty() ? "null" : textValue();
  }
}
