package org.merganser.cli.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.Tokenizer;

/** Writes tokens and decoded text as JSON. */
public final class TokenJson {
  private TokenJson() {}

  /**
   * An object with {@code id}, {@code token} as tokenizer.json spells it, and {@code text}. The
   * text is null if the token's bytes are not complete characters, and for an id without a token.
   *
   * @param id in [0, {@link Tokenizer#idBound})
   */
  public static ObjectNode of(Tokenizer tokenizer, int id) {
    String token = tokenizer.token(id);
    return Json.MAPPER
        .createObjectNode()
        .put("id", id)
        .put("token", token)
        .put("text", token == null ? null : text(tokenizer.bytes(id)));
  }

  /**
   * Adds decoded bytes to an object as {@code text}, or in Base64 as {@code bytes} if they are not
   * UTF-8; returns the object.
   */
  public static ObjectNode addText(ObjectNode line, byte[] decoded) {
    String text = text(decoded);
    return text == null ? line.put("bytes", decoded) : line.put("text", text);
  }

  /** Bytes as text; null if they are not complete characters. */
  private static @Nullable String text(byte[] utf8) {
    return Utf8.firstIllFormed(utf8, 0, utf8.length) < 0
        ? new String(utf8, StandardCharsets.UTF_8)
        : null;
  }
}
