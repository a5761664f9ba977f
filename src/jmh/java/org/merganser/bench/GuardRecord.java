package org.merganser.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The file of {@code bench guard}: what is measured, and the ratios that were recorded.
 *
 * @param tokenizer the location of the tokenizer.json
 * @param input the corpus, as for {@code run}
 * @param textSha256 of the documents of the corpus that HF's library encodes; another corpus has
 *     other ratios
 * @param release what the release says to {@code --version}; another one has other ratios
 * @param ratios by name, in the order in which they are measured
 */
record GuardRecord(
    String tokenizer, String input, String textSha256, String release, Map<String, Double> ratios) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  static GuardRecord read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), GuardRecord.class);
  }

  void write(Path file) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(this) + System.lineSeparator());
  }

  /** The same record with the results of a new measurement. */
  GuardRecord with(String newTextSha256, String newRelease, Map<String, Double> newRatios) {
    return new GuardRecord(tokenizer, input, newTextSha256, newRelease, newRatios);
  }

  /**
   * Requires that the ratios of a corpus and a release can be compared with the recorded ones.
   *
   * @throws IllegalStateException if the corpus or the release is another one
   */
  void check(String newTextSha256, String newRelease, Path file) {
    if (!textSha256.equals(newTextSha256)) {
      throw new IllegalStateException(
          "%s was recorded on other text: SHA-256 %s, that of %s is %s; --write records it anew"
              .formatted(file, textSha256, input, newTextSha256));
    }
    if (!release.equals(newRelease)) {
      throw new IllegalStateException(
          "%s was recorded beside '%s', and --release is '%s'; --write records it anew"
              .formatted(file, release, newRelease));
    }
  }

  /**
   * The recorded ratio of a name.
   *
   * @throws IllegalStateException if none was recorded
   */
  double recorded(String ratio) {
    Double recorded = ratios.get(ratio);
    if (recorded == null) {
      throw new IllegalStateException(
          "no ratio '" + ratio + "' was recorded, only " + ratios.keySet() + "; --write does it");
    }
    return recorded;
  }
}
