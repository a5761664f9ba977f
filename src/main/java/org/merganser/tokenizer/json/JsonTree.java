package org.merganser.tokenizer.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.merganser.tokenizer.parts.TokenizerException;

/**
 * Reads the small parts of a tokenizer.json (everything but vocabulary, merges and added tokens)
 * into trees of bounded size. The parser bounds the nesting.
 */
final class JsonTree {
  /** No published tokenizer comes near it; a hostile file stops here, not at the end of memory. */
  static final int MAX_VALUES = 100_000;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final JsonParser parser;
  private final String file;
  private int values;

  private JsonTree(JsonParser parser, String file) {
    this.parser = parser;
    this.file = file;
  }

  /** Reads the value that begins at the parser's current token. */
  static JsonValue read(JsonParser parser, String file, String path) throws IOException {
    return new JsonValue(file, path, new JsonTree(parser, file).value(path));
  }

  private JsonNode value(String path) throws IOException {
    if (++values > MAX_VALUES) {
      throw new TokenizerException(
          "%s: %s holds more than %s values; is it a tokenizer.json?"
              .formatted(file, path, MAX_VALUES));
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(path);
      case START_ARRAY -> array(path);
      case VALUE_STRING -> NODES.textNode(TokenizerReader.wellFormed(parser.getText(), file, path));
      case VALUE_NUMBER_INT ->
          switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
          };
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      default -> NODES.nullNode();
    };
  }

  private JsonNode array(String path) throws IOException {
    ArrayNode array = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(path + "[" + array.size() + "]"));
    }
    return array;
  }

  private JsonNode object(String path) throws IOException {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = TokenizerReader.wellFormed(parser.currentName(), file, path);
      String member = JsonValue.member(path, key);
      if (object.has(key)) {
        throw new TokenizerException(file + ": " + member + " stands there twice");
      }
      parser.nextToken();
      object.set(key, value(member));
    }
    return object;
  }
}
