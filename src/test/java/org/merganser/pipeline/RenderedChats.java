package org.merganser.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.merganser.json.Json;

/** Random documents with segments, some of them empty. */
public final class RenderedChats {
  private static final String[] PIECES = {
    "low", "er", " ", "  ", "\n", "don't", "'t", "é", "e\u0301", "\u0301", "🌲", "12", "3 4", "…"
  };

  public record Segment(String text, boolean loss) {}

  private RenderedChats() {}

  /** Writes documents as lines with {@code id}, {@code lang} and {@code messages}. */
  public static Map<String, List<Segment>> write(Path file, Random random, int count)
      throws IOException {
    Map<String, List<Segment>> chats = new TreeMap<>();
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      List<Segment> chat = new ArrayList<>();
      for (int n = 1 + random.nextInt(5); n > 0; n--) {
        StringBuilder text = new StringBuilder();
        for (int k = random.nextInt(6); k > 0; k--) {
          text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        chat.add(new Segment(text.toString(), random.nextBoolean()));
      }
      chats.put("chat" + i, chat);
      lines
          .append(
              Json.MAPPER
                  .createObjectNode()
                  .put("id", "chat" + i)
                  .put("lang", i % 3 == 0 ? "de" : "en")
                  .<JsonNode>set("messages", Json.MAPPER.valueToTree(chat)))
          .append('\n');
    }
    Files.writeString(file, lines);
    return chats;
  }
}
