package org.merganser.corpus.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.merganser.json.Json;

final class ChatAdviceTest {
  private static String advice(String path) throws IOException {
    JsonNode chat = Json.MAPPER.readTree("[{\"role\":\"user\",\"content\":\"a\"}]");
    return ChatAdvice.advice(path, chat, null, "merganser init");
  }

  @Test
  void namesTheFieldAsPythonReadsIt() throws IOException {
    assertThat(advice("messages")).contains("json.loads(line)[\"messages\"]");
    assertThat(advice("meta.turns[0]")).contains("json.loads(line)[\"meta\"][\"turns\"][0]");
    assertThat(advice("[\"a\\\"b\\\\c\"]")).contains("json.loads(line)[\"a\\\"b\\\\c\"]");
  }
}
