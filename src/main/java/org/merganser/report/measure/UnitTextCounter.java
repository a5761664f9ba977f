package org.merganser.report.measure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.shard.ShardRow;

/**
 * Counts the documents of a unit that have the same text, row by row; {@link TextCounts} joins the
 * counts of all units. A document at the beginning of a file that other units share is not counted,
 * since they may have parts of it: the hash of its parts is kept.
 *
 * <p>The rows of a document must be adjacent. The result does not depend on the order of documents.
 */
public final class UnitTextCounter {
  private final SampledTexts sampled;

  /** The documents that other units may have parts of, by the name of the file. */
  private final Map<String, UnitTexts.Open> open = new TreeMap<>();

  /** By name of a file, its index in the unit; the first one if the unit has several ranges. */
  private final Map<String, Integer> files = new HashMap<>();

  /** The names of the files that other units have ranges of. */
  private final List<String> cutFiles;

  /** The file of the document of the last row; null before the first row. */
  private @Nullable String file;

  /** The offset of that document in its file. */
  private long offset;

  /** The sum of the hashes of that document's parts so far. */
  private long parts;

  /**
   * Begins a unit.
   *
   * @param share of texts and of documents that is counted at most
   * @param files the names of the unit's files, in their order
   * @param cutFiles the names of those that other units have ranges of
   */
  public UnitTextCounter(TextSample share, List<String> files, List<String> cutFiles) {
    this(
        SampledTexts.of(share, SampledTexts.MOST_TEXTS, SampledTexts.MOST_DOCUMENTS),
        files,
        cutFiles);
  }

  UnitTextCounter(SampledTexts sampled, List<String> files, List<String> cutFiles) {
    this.sampled = sampled;
    for (int i = 0; i < files.size(); i++) {
      this.files.putIfAbsent(files.get(i), i);
    }
    this.cutFiles = cutFiles;
  }

  /** Adds a document for training, or the next part of one. */
  public void add(ShardRow row) {
    if (row.offset != offset || !row.file.equals(file)) {
      endDocument();
      file = row.file;
      offset = row.offset;
      parts = 0;
    }
    parts += TextHash.ofPart(row);
  }

  /** The counts of the unit; call once, after its last row. */
  public UnitTexts result() {
    endDocument();
    List<UnitTexts.Text> texts = new ArrayList<>();
    sampled.texts().values().forEach((hash, text) -> texts.add(stored(hash, text)));
    List<UnitTexts.Document> documents = new ArrayList<>();
    sampled.documents().values().forEach((hash, document) -> documents.add(stored(hash, document)));
    return new UnitTexts(
        sampled.texts().share().halvings(),
        texts,
        sampled.documents().share().halvings(),
        documents,
        List.copyOf(open.values()));
  }

  private static UnitTexts.Text stored(long hash, SampledTexts.Text text) {
    DocumentPlace first = text.first();
    return new UnitTexts.Text(hash, text.documents(), first.file(), first.offset());
  }

  private static UnitTexts.Document stored(long placeHash, SampledTexts.Document document) {
    DocumentPlace place = document.place();
    return new UnitTexts.Document(placeHash, document.textHash(), place.file(), place.offset());
  }

  /** Counts the document of the last row, or keeps it if other units may have parts of it. */
  private void endDocument() {
    String name = file;
    if (name == null) {
      return;
    }
    int index = Objects.requireNonNull(files.get(name), name);
    boolean mayHaveOtherParts = offset == 0 && cutFiles.contains(name);
    if (mayHaveOtherParts) {
      open.put(name, new UnitTexts.Open(index, parts));
    } else {
      sampled.add(name, parts, new DocumentPlace(0, index, offset));
    }
    file = null;
  }
}
