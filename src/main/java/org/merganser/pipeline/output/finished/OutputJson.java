package org.merganser.pipeline.output.finished;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.BufferedReader;
import java.io.IOException;
import org.apache.commons.io.function.IOConsumer;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.pipeline.output.FileLocations;
import org.merganser.store.ChecksummedFile;
import org.merganser.store.FileStore;
import org.merganser.store.UnusableFileException;

/**
 * Reads the small files of an output folder: lists of JSON lines, and records below {@code run/}.
 */
public final class OutputJson {
  private OutputJson() {}

  /**
   * The bytes of a file of an output folder; null if it does not exist.
   *
   * @throws java.nio.file.FileSystemException for a location that is not a file, such as a FIFO
   */
  public static byte @Nullable [] find(FileLocations paths, String path) throws IOException {
    String location = paths.at(path);
    FileStore store = FileStore.of(location);
    return store.exists(location) ? store.readAll(location) : null;
  }

  /** A record below {@code run/}; null if it is missing, damaged or of another version. */
  public static <T> @Nullable T record(FileLocations paths, String path, Class<T> type)
      throws IOException {
    byte[] json = ChecksummedFile.find(paths.at(path));
    try {
      return json == null ? null : Json.MAPPER.readValue(json, type);
    } catch (IOException otherVersion) {
      return null;
    }
  }

  /** A record below {@code run/} as JSON; a missing node if it is missing or damaged. */
  public static JsonNode fields(FileLocations paths, String path) throws IOException {
    JsonNode record = record(paths, path, JsonNode.class);
    return record == null ? MissingNode.getInstance() : record;
  }

  /**
   * Reads a list of a finished run, and passes each line to a handler.
   *
   * @throws UnusableFileException naming the first line that is not a value of the type
   */
  public static <T> void forEachLine(
      FileLocations paths, String path, Class<T> type, IOConsumer<T> handler) throws IOException {
    try (BufferedReader lines = FileStore.lines(paths.at(path))) {
      long number = 1;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        handler.accept(value(paths, path, number, line, type));
        number++;
      }
    }
  }

  /** The value of a line; {@code number} counts lines from 1. */
  private static <T> T value(
      FileLocations paths, String path, long number, String line, Class<T> type) {
    try {
      return Json.MAPPER.readValue(line, type);
    } catch (JsonProcessingException e) {
      throw damaged(paths, path, ": line " + number, e);
    }
  }

  /**
   * The error that a file is damaged.
   *
   * @param place the place in the file after a colon, or ""
   */
  static UnusableFileException damaged(
      FileLocations paths, String path, String place, Exception e) {
    return new UnusableFileException(
        ("%s%s is damaged; verify %s says what else is, and the job that wrote the folder, run"
                + " again, repairs it")
            .formatted(paths.at(path), place, paths.root()),
        e);
  }
}
