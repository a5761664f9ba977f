package org.merganser.tokenizer.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.ByteBuilder;

/**
 * Writes JSON with the bytes of Rust's serde_json: indented by two spaces ({@code
 * to_string_pretty}) or on one line ({@code to_string}), raw UTF-8, only what must be escaped is.
 */
public final class JsonOutput {
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private final ByteBuilder out = new ByteBuilder(1 << 16);
  private final boolean pretty;
  private int depth;
  private boolean empty = true;
  private boolean afterKey;

  private JsonOutput(boolean pretty) {
    this.pretty = pretty;
  }

  public static JsonOutput pretty() {
    return new JsonOutput(true);
  }

  public static JsonOutput compact() {
    return new JsonOutput(false);
  }

  public byte[] toByteArray() {
    return out.toByteArray();
  }

  public JsonOutput beginObject() {
    return open('{');
  }

  public JsonOutput endObject() {
    return close('}');
  }

  public JsonOutput beginArray() {
    return open('[');
  }

  public JsonOutput endArray() {
    return close(']');
  }

  public JsonOutput key(String key) {
    separate();
    quoted(key);
    out.append((byte) ':');
    if (pretty) {
      out.append((byte) ' ');
    }
    afterKey = true;
    return this;
  }

  public JsonOutput value(@Nullable String value) {
    separate();
    if (value == null) {
      raw("null");
    } else {
      quoted(value);
    }
    return this;
  }

  public JsonOutput value(boolean value) {
    separate();
    raw(value ? "true" : "false");
    return this;
  }

  public JsonOutput value(long value) {
    separate();
    raw(Long.toString(value));
    return this;
  }

  JsonOutput nullValue() {
    return value((String) null);
  }

  /** A number as it is spelled. */
  public JsonOutput number(String spelling) {
    separate();
    raw(spelling);
    return this;
  }

  public JsonOutput member(String key, @Nullable String value) {
    return key(key).value(value);
  }

  public JsonOutput member(String key, boolean value) {
    return key(key).value(value);
  }

  /** A tree in the order in which it was read. */
  public JsonOutput tree(@Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return nullValue();
    }
    if (node.isObject()) {
      beginObject();
      for (Iterator<Map.Entry<String, JsonNode>> members = node.properties().iterator();
          members.hasNext(); ) {
        Map.Entry<String, JsonNode> member = members.next();
        key(member.getKey()).tree(member.getValue());
      }
      return endObject();
    }
    if (node.isArray()) {
      beginArray();
      for (JsonNode item : node) {
        tree(item);
      }
      return endArray();
    }
    return node.isTextual() ? value(node.textValue()) : number(node.toString());
  }

  private JsonOutput open(char bracket) {
    separate();
    out.append((byte) bracket);
    depth++;
    empty = true;
    return this;
  }

  private JsonOutput close(char bracket) {
    depth--;
    if (!empty) {
      newLine();
    }
    out.append((byte) bracket);
    empty = false;
    return this;
  }

  private void separate() {
    if (afterKey) {
      afterKey = false;
      return;
    }
    if (depth > 0) {
      if (!empty) {
        out.append((byte) ',');
      }
      newLine();
    }
    empty = false;
  }

  private void newLine() {
    if (pretty) {
      out.append((byte) '\n');
      for (int i = 0; i < depth; i++) {
        out.append((byte) ' ');
        out.append((byte) ' ');
      }
    }
  }

  private void raw(String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      out.append((byte) ascii.charAt(i));
    }
  }

  private void quoted(String text) {
    out.append((byte) '"');
    int c;
    for (int i = 0; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      switch (c) {
        case '"' -> raw("\\\"");
        case '\\' -> raw("\\\\");
        case '\b' -> raw("\\b");
        case '\f' -> raw("\\f");
        case '\n' -> raw("\\n");
        case '\r' -> raw("\\r");
        case '\t' -> raw("\\t");
        default -> {
          if (c < 0x20) {
            raw("\\u00");
            out.append(HEX[c >> 4]);
            out.append(HEX[c & 15]);
          } else {
            out.appendCodePoint(c);
          }
        }
      }
    }
    out.append((byte) '"');
  }
}
