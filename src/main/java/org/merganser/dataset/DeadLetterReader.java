package org.merganser.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.store.FileStore;

/** Reads a file of dead letters as {@link DeadLetterWriter} wrote it. */
public final class DeadLetterReader implements Closeable {
  private final BufferedReader lines;

  public DeadLetterReader(String location) throws IOException {
    lines =
        FileStore.lines(new ZstdInputStreamNoFinalizer(FileStore.of(location).open(location, 0)));
  }

  /** The next letter, or null after the last one. */
  public @Nullable JsonNode next() throws IOException {
    String line = lines.readLine();
    return line == null ? null : Json.MAPPER.readTree(line);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
