package org.merganser.pipeline.spec;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.pipeline.output.RunException;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;

/**
 * The ids that a {@code tokenizer_config.json} next to a tokenizer.json names; null for none.
 *
 * @param begin of the token that begins a text
 * @param end of the token that ends a text
 */
public record TokenizerConfig(@Nullable Integer begin, @Nullable Integer end)
    implements Serializable {
  /** No file, or a file that names no token of the tokenizer. */
  public static final TokenizerConfig NONE = new TokenizerConfig(null, null);

  /**
   * Reads the file next to a tokenizer.json; {@link #NONE} if there is none. A token that the
   * tokenizer does not have counts as none.
   *
   * @param location of the tokenizer.json
   * @throws RunException for a file that is not JSON
   */
  public static TokenizerConfig beside(String location, Tokenizer tokenizer) throws IOException {
    String file = location.substring(0, location.lastIndexOf('/') + 1) + "tokenizer_config.json";
    FileStore store = FileStore.of(file);
    if (!store.exists(file)) {
      return NONE;
    }
    byte[] json = store.readAll(file);
    try {
      JsonNode config = Json.MAPPER.readTree(json);
      return new TokenizerConfig(
          id(config.path("bos_token"), tokenizer), id(config.path("eos_token"), tokenizer));
    } catch (IOException e) {
      throw RunException.wrong("%s: is not JSON: %s", file, Json.problem(e)).causedBy(e);
    }
  }

  /**
   * The id of a token; null if the tokenizer does not have it.
   *
   * @param named the text of the token, an object with the text as its {@code content}, or missing
   */
  private static @Nullable Integer id(JsonNode named, Tokenizer tokenizer) {
    String token = named.isObject() ? named.path("content").textValue() : named.textValue();
    if (token == null) {
      return null;
    }
    int id = tokenizer.id(token);
    return id < 0 ? null : (Integer) id;
  }
}
