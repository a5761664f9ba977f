package org.merganser;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The conformance data, in {@code -Dmerganser.shared} or {@code ../shared}. */
public final class SharedData {
  private SharedData() {}

  /** The folder; if it is missing, the test is aborted with a message. */
  public static Path dir() {
    Path dir = Path.of(System.getProperty("merganser.shared", "../shared"));
    if (!Files.isDirectory(dir)) {
      Assumptions.abort("NO CONFORMANCE DATA: " + dir.toAbsolutePath() + " is not a folder");
    }
    return dir;
  }

  /**
   * The texts of the first documents of each corpus file in a folder of data, without empty ones.
   */
  public static List<String> firstTexts(Path dir, int documents) throws IOException {
    List<String> texts = new ArrayList<>();
    ObjectMapper json = new ObjectMapper();
    try (Stream<Path> files = Files.list(dir.resolve("corpus"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".zst")).sorted().toList()) {
        try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    new ZstdInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
          for (int i = 0; i < documents; i++) {
            String line = lines.readLine();
            if (line != null) {
              texts.add(json.readTree(line).get("text").asText());
            }
          }
        }
      }
    }
    return texts.stream().filter(text -> !text.isEmpty()).toList();
  }
}
