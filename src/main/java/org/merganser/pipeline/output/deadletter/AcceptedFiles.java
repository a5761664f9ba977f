package org.merganser.pipeline.output.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.output.manifest.InputLine;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.finished.OutputJson;
import org.merganser.pipeline.output.version.OutputVersions;
import org.merganser.store.FileStore;

/**
 * The files of a growing output whose dead letters a person has accepted ({@code run --accept}), by
 * path. A file is accepted with the bytes that it had: if it changes, it waits again. What is
 * accepted is noted in {@code run/accepted.jsonl} at once, and in the lines of {@code inputs.jsonl}
 * of each version that has the file.
 *
 * @param sha256s the sha256 of each file by its path
 */
public record AcceptedFiles(SortedMap<String, String> sha256s) {
  /** The fields of a line of {@code run/accepted.jsonl}. */
  private static final String PATH = "path";

  private static final String SHA256 = "sha256";

  /**
   * The files that were accepted so far: those in the lines of a version, and those noted since.
   *
   * @param version the sha256 of the manifest of the version that the run adds to; null for none
   * @throws RunException if the file of accepted files is damaged
   */
  public static AcceptedFiles of(OutputPaths paths, @Nullable String version) throws IOException {
    SortedMap<String, String> sums = new TreeMap<>();
    if (version != null) {
      new OutputVersions(paths)
          .forEachInput(
              version,
              line -> {
                String sha256 = line.fileSha256();
                if (line.isAccepted() && sha256 != null) {
                  sums.put(line.path(), sha256);
                }
              });
    }
    byte[] noted = OutputJson.find(paths, OutputPaths.ACCEPTED);
    if (noted != null) {
      for (String line : new String(noted, UTF_8).lines().toList()) {
        JsonNode file = parse(paths, line);
        sums.put(file.path(PATH).asText(), file.path(SHA256).asText());
      }
    }
    return new AcceptedFiles(sums);
  }

  /**
   * Notes more accepted files; the caller holds the lock of the folder.
   *
   * @param more the sha256 of each file by its path
   */
  public static void note(OutputPaths paths, SortedMap<String, String> more) throws IOException {
    if (more.isEmpty()) {
      return;
    }
    String noVersion = null;
    SortedMap<String, String> all = new TreeMap<>(of(paths, noVersion).sha256s);
    all.putAll(more);
    StringBuilder lines = new StringBuilder();
    all.forEach(
        (path, sha256) -> {
          ObjectNode file = Json.MAPPER.createObjectNode();
          lines.append(Json.line(file.put(PATH, path).put(SHA256, sha256))).append('\n');
        });
    FileStore.publish(paths.at(OutputPaths.ACCEPTED), lines.toString().getBytes(UTF_8));
  }

  /** Whether a file was accepted with the bytes that this line says it has. */
  public boolean contains(InputLine file) {
    String sha256 = file.fileSha256();
    return sha256 != null && sha256.equals(sha256s.get(file.path()));
  }

  /** Parses a line of {@code run/accepted.jsonl}. */
  private static JsonNode parse(OutputPaths paths, String line) {
    try {
      return Json.MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw RunException.changed(
              "%s: is damaged: a line is not JSON; delete it, run again, and accept again the"
                  + " files that wait then",
              paths.at(OutputPaths.ACCEPTED))
          .causedBy(e);
    }
  }
}
