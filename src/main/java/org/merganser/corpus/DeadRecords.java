package org.merganser.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.merganser.store.FileStore;

/**
 * Where the dead letters of a run lie in its input files, and a handler that lets only the records
 * at those places through. Memory: 8 to 16 bytes a dead letter.
 *
 * <p>A document that is read in parts is not let through: some of its parts may have been encoded.
 */
public final class DeadRecords {
  private static final ObjectReader JSON = new JsonMapper().reader();

  private static final class Offsets {
    long[] values = new long[4];
    int count;

    void add(long offset) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = offset;
    }
  }

  private final Map<String, Offsets> byFile = new HashMap<>();

  private DeadRecords() {}

  /**
   * Reads the files of dead letters of a run, as {@link DeadLetterWriter} wrote them.
   *
   * @throws CorpusException naming a file that is none
   */
  public static DeadRecords read(List<String> locations) throws IOException {
    DeadRecords records = new DeadRecords();
    for (String location : locations) {
      try (InputStream in = FileStore.of(location).open(location, 0);
          BufferedReader lines =
              new BufferedReader(
                  new InputStreamReader(
                      new ZstdInputStreamNoFinalizer(in), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          records.add(JSON.readTree(line), location);
        }
      }
    }
    records.byFile.values().forEach(o -> Arrays.sort(o.values, 0, o.count));
    return records;
  }

  private void add(JsonNode letter, String location) {
    if (!letter.path("file").isTextual() || !letter.path("offset").isIntegralNumber()) {
      throw new CorpusException(location + ": holds a line that is no dead letter");
    }
    byFile
        .computeIfAbsent(letter.path("file").textValue(), file -> new Offsets())
        .add(letter.path("offset").longValue());
  }

  /** The files that have any. */
  public Set<String> files() {
    return byFile.keySet();
  }

  private boolean contains(String file, long offset) {
    Offsets offsets = byFile.get(file);
    return offsets != null && Arrays.binarySearch(offsets.values, 0, offsets.count, offset) >= 0;
  }

  /** Hands on to {@code handler} what a unit has at these places, as if there were nothing else. */
  public DocumentHandler only(DocumentHandler handler) {
    return new Only(handler);
  }

  private final class Only implements DocumentHandler {
    private final DocumentHandler handler;
    private long documents;
    private long deadLetters;
    private long textBytes;

    Only(DocumentHandler handler) {
      this.handler = handler;
    }

    @Override
    public void document(Document document) throws IOException {
      boolean whole = document.part == 0 && document.lastPart;
      if (whole && contains(document.file, document.offset)) {
        documents++;
        textBytes += document.length();
        handler.document(document);
      }
    }

    @Override
    public void deadLetter(DeadLetter letter) throws IOException {
      if (contains(letter.file(), letter.offset())) {
        deadLetters++;
        handler.deadLetter(letter);
      }
    }

    @Override
    public void rangeRead(RangeReceipt all) throws IOException {
      handler.rangeRead(
          new RangeReceipt(
              all.range(),
              documents + deadLetters,
              documents,
              deadLetters,
              0,
              textBytes,
              all.rawBytes(),
              all.sha256()));
      documents = 0;
      deadLetters = 0;
      textBytes = 0;
    }
  }
}
