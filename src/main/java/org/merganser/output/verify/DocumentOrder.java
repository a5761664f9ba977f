package org.merganser.output.verify;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.output.ListedFolders;
import org.merganser.output.figures.DocumentMarks;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.manifest.InputLine;
import org.merganser.output.manifest.Manifest;
import org.merganser.shard.ShardRow;
import org.merganser.store.UnusableFileException;

/**
 * Compares the rows of the canonical shards in one folder with {@code inputs.jsonl}. Files must
 * come in the order of that list, the documents of a file in the order of their offsets, and the
 * parts of a document in the order of their numbers. Parts may be missing (no allowed cut, or a
 * dead letter). Each file must have the number of documents and ids in its line, unless the folder
 * is that of a group. Rows and lines are streamed: the heap has one line.
 */
final class DocumentOrder implements Closeable {
  private final Findings findings;
  private final BufferedReader lines;

  /** Whether the folder is that of all documents for validation. */
  private final boolean isValidation;

  /** Whether the folder has all documents of its side of the split. */
  private final boolean hasAllDocuments;

  /** The line of the file whose rows are read; null before the first row. */
  private @Nullable InputLine file;

  /** The documents of that file so far. */
  private long documents;

  /** The ids of that file so far. */
  private long tokens;

  // The offset, part and document of the row before; 0, 0 and "" before the first row of a file.
  private long lastOffset;
  private int lastPart;
  private String lastDocId = "";

  /** Whether a row was of a file that does not come next; later rows are not compared. */
  private boolean isLost;

  /** The marks so far, without the end of the row before; null if they are not counted. */
  private @Nullable DocumentMarks marks;

  /** Whether the row before ends with the id that ends a document. */
  private boolean lastRowEnds;

  /**
   * @param lines the lines of the list of inputs; closed with this object
   * @param folder the folder of the shards; that of a group has only some documents of each file,
   *     so the counts of files are not compared
   * @param marks the ids to count, with counts of 0; null if they are not counted
   */
  DocumentOrder(
      BufferedReader lines, String folder, @Nullable DocumentMarks marks, Findings findings) {
    this.marks = marks;
    this.findings = findings;
    this.lines = lines;
    this.isValidation = folder.equals(ListedFolders.CANONICAL_VALIDATION);
    this.hasAllDocuments = isValidation || folder.equals(ListedFolders.CANONICAL_SHARDS);
  }

  /**
   * Compares the next row.
   *
   * @param shard the path of its shard, for findings
   */
  void check(ShardRow row, String shard) throws IOException {
    if (isLost) {
      return;
    }
    boolean isOfNextFile = file == null || !file.path().equals(row.file);
    if (isOfNextFile && !moveTo(row.file)) {
      findings.add(
          "order",
          shard,
          "document %s is of %s, which %s doesn't have at this place"
              .formatted(row.docId, row.file, Manifest.INPUTS));
      isLost = true;
      return;
    }
    if (!isOfNextFile && isOutOfOrder(row)) {
      findings.add(
          "order",
          shard,
          "document %s part %s at offset %s follows %s part %s at %s"
              .formatted(row.docId, row.part, row.offset, lastDocId, lastPart, lastOffset));
    }
    countMarks(row);
    lastOffset = row.offset;
    lastPart = row.part;
    lastDocId = row.docId;
    if (row.part == 0) {
      documents++;
    }
    tokens += row.count;
  }

  /**
   * Whether a row must be before the last one of the same file, or be the same one, or is at its
   * offset and of another document.
   */
  private boolean isOutOfOrder(ShardRow row) {
    if (row.offset != lastOffset) {
      return row.offset < lastOffset;
    }
    return row.part <= lastPart || !row.docId.equals(lastDocId);
  }

  /**
   * Counts a row that begins a document with the id for that purpose, and the row before if it has
   * ended one so.
   */
  private void countMarks(ShardRow row) {
    DocumentMarks before = marks;
    if (before == null) {
      return;
    }
    boolean continues = row.part > 0 && row.offset == lastOffset && row.docId.equals(lastDocId);
    int begun = row.part == 0 && before.begins(row.ids, row.count) ? 1 : 0;
    int ended = lastRowEnds && !continues ? 1 : 0;
    marks = before.plus(begun, ended);
    lastRowEnds = before.ends(row.ids, row.count);
  }

  /** The marks of all rows; null if they are not counted. */
  @Nullable DocumentMarks marks() {
    return marks == null ? null : marks.plus(0, lastRowEnds ? 1 : 0);
  }

  /** Ends the current file and searches forward for another; returns false if it is not found. */
  private boolean moveTo(String path) throws IOException {
    do {
      endFile();
      file = readLine();
    } while (file != null && !file.path().equals(path));
    return file != null;
  }

  /** The next line of the list of inputs; null at its end. */
  private @Nullable InputLine readLine() throws IOException {
    String line = lines.readLine();
    if (line == null) {
      return null;
    }
    byte[] json = line.getBytes(StandardCharsets.UTF_8);
    return Json.read(json, InputLine.class, Manifest.INPUTS, UnusableFileException::new);
  }

  /** Ends the comparison of the current file, if there is one. */
  private void endFile() {
    if (file != null) {
      checkEnded(file);
    }
    documents = 0;
    tokens = 0;
    lastOffset = 0;
    lastPart = 0;
    lastDocId = "";
  }

  /** Checks the side of a file whose rows were read, and their sums if all were read. */
  private void checkEnded(InputLine ended) {
    if (ended.validationInput() != null && ended.sums().documents() > 0) {
      findings.add("sums", ended.path(), "is for validation, and training has documents of it");
    }
    if (!hasAllDocuments) {
      return;
    }
    GroupCounts declared = isValidation ? ended.sums().validation() : ended.sums().training();
    if (documents != declared.documents() || tokens != declared.tokens()) {
      findings.add(
          "sums",
          ended.path(),
          String.format(
              Locale.ROOT,
              "the shards hold %d documents and %d ids of it, %s says %d and %d",
              documents,
              tokens,
              Manifest.INPUTS,
              declared.documents(),
              declared.tokens()));
    }
  }

  /** Compares the remaining lines if the folder has all documents; call after the last row. */
  void end() throws IOException {
    if (hasAllDocuments && !isLost) {
      boolean found;
      do {
        found = moveTo(""); // no file has an empty path, so this reads to the end of the list
      } while (found);
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
