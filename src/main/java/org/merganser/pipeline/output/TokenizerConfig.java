package org.merganser.pipeline.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;

/** The tokens that a {@code tokenizer_config.json} beside a tokenizer.json names. */
public final class TokenizerConfig {
  private TokenizerConfig() {}

  /**
   * The token that ends a text; null where the file is missing or names none of the tokenizer's.
   *
   * @param tokenizer location of a tokenizer.json
   * @throws RunException for a file that is not JSON
   */
  public static @Nullable String endOfText(String tokenizer) throws IOException {
    String location =
        tokenizer.substring(0, tokenizer.lastIndexOf('/') + 1) + "tokenizer_config.json";
    FileStore store = FileStore.of(location);
    if (!store.exists(location)) {
      return null;
    }
    JsonNode named;
    try {
      named = Json.MAPPER.readTree(store.readAll(location)).path("eos_token");
    } catch (JsonProcessingException e) {
      throw new RunException(location + ": is not JSON: " + e.getOriginalMessage(), e);
    }
    String token = named.isObject() ? named.path("content").textValue() : named.textValue();
    byte[] json = store.readAll(tokenizer);
    return token != null && Tokenizer.read(json, tokenizer).id(token) >= 0 ? token : null;
  }
}
