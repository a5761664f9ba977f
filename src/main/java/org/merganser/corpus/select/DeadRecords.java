package org.merganser.corpus.select;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.DeadLetterReader;
import org.merganser.corpus.DeadLetterWriter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.read.UnitReader;

/**
 * Where the dead letters of a run lie in its input files, and a handler that lets only the records
 * at those places through. Memory: 8 to 16 bytes a dead letter, some 200 bytes one of a part.
 *
 * <p>Of a document that is read in parts those are let through that were dead letters, the others
 * having been encoded; or all of them, where the document as a whole was one. Where documents are
 * cut in other places now, nothing is known of their parts, and none is let through by itself.
 */
public final class DeadRecords {

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

  /** Where a part is. */
  private record PartOf(String file, long document, int number) {}

  /** Rows of a Parquet file that one letter stands for: from the first on, and how many. */
  private record Rows(long first, long count) {}

  private final Map<String, Offsets> byFile = new HashMap<>();
  private final Map<String, List<Rows>> rowsByFile = new HashMap<>();
  private final Set<PartOf> parts = new HashSet<>();

  private DeadRecords() {}

  /**
   * Reads the files of dead letters of a run, as {@link DeadLetterWriter} wrote them.
   *
   * @throws CorpusException naming a file that is none
   */
  public static DeadRecords read(List<String> locations) throws IOException {
    DeadRecords records = new DeadRecords();
    for (String location : locations) {
      try (DeadLetterReader letters = new DeadLetterReader(location)) {
        for (JsonNode letter = letters.next(); letter != null; letter = letters.next()) {
          records.add(letter, location);
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
    String file = letter.path("file").textValue();
    Offsets whole = byFile.computeIfAbsent(file, f -> new Offsets());
    if (letter.has("part")) {
      parts.add(
          new PartOf(file, letter.path("document").longValue(), letter.path("part").intValue()));
    } else if (letter.has("records")) {
      rowsByFile
          .computeIfAbsent(file, f -> new ArrayList<>())
          .add(new Rows(letter.path("offset").longValue(), letter.path("records").longValue()));
    } else {
      whole.add(letter.path("offset").longValue());
    }
  }

  /** The files that have any. */
  public Set<String> files() {
    return byFile.keySet();
  }

  private boolean contains(String file, long offset) {
    Offsets offsets = byFile.get(file);
    return offsets != null && Arrays.binarySearch(offsets.values, 0, offsets.count, offset) >= 0
        || rowsByFile.getOrDefault(file, List.of()).stream()
            .anyMatch(rows -> offset >= rows.first && offset - rows.first < rows.count);
  }

  /** Whether any is a part of a document. */
  public boolean hasParts() {
    return !parts.isEmpty();
  }

  /** Whether a part of a document was a dead letter by itself. */
  public boolean containsPart(String file, long document, int number) {
    return parts.contains(new PartOf(file, document, number));
  }

  /**
   * Hands on to {@code handler} what a unit has at these places, as if there were nothing else.
   *
   * @param sameParts whether documents are cut where they were: with the same tokenizer and {@link
   *     UnitReader#cutsAlike limits that cut alike}
   */
  public DocumentHandler only(DocumentHandler handler, boolean sameParts) {
    return new Only(handler, sameParts);
  }

  private final class Only implements DocumentHandler {
    private final DocumentHandler handler;
    private final boolean sameParts;
    private long documents;
    private long deadLetters;
    private long textBytes;

    Only(DocumentHandler handler, boolean sameParts) {
      this.handler = handler;
      this.sameParts = sameParts;
    }

    @Override
    public void document(Document document) throws IOException {
      // Where the last part is dead again, the empty one that ends the document is there already.
      boolean all = contains(document.file, document.offset);
      document.alone =
          !all
              && sameParts
              && document.length() > 0
              && !document.isWhole()
              && containsPart(document.file, document.offset, document.part);
      if (all || document.alone) {
        documents += document.part == 0 ? 1 : 0;
        textBytes += document.length();
        handler.document(document);
      }
    }

    @Override
    public void deadLetter(DeadLetter letter) throws IOException {
      DeadLetter.Part part = letter.part();
      boolean ours =
          part == null
              ? contains(letter.file(), letter.offset())
              : contains(letter.file(), part.document())
                  || sameParts && containsPart(letter.file(), part.document(), part.number());
      if (ours) {
        deadLetters = Math.addExact(deadLetters, letter.records());
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
