package org.merganser.output.verify;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.parquet.column.statistics.IntStatistics;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.jspecify.annotations.Nullable;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.DocumentMarks;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.manifest.ManifestWriter;
import org.merganser.parquet.ColumnarReader;
import org.merganser.shard.ParquetShardWriter;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.store.FileStore;
import org.merganser.store.Scratch;
import org.merganser.store.UnusableFileException;

/**
 * Checks what Parquet files of an output contain: their footers and, on demand, each row of files
 * with ids. {@link ManifestVerification} checks their sizes and checksums.
 */
final class ParquetContents implements Closeable {
  private final String root;
  private final Manifest manifest;
  private final Findings findings;

  /** The comparison of the canonical shards in {@link #orderFolder}; null before the first. */
  private @Nullable DocumentOrder order;

  private String orderFolder = "";
  private long rows;

  /** The marks in the folders whose comparison has ended. */
  private long begun;

  private long ended;

  ParquetContents(String root, Manifest manifest, Findings findings) {
    this.root = root;
    this.manifest = manifest;
    this.findings = findings;
  }

  /** The rows that were read. */
  long rows() {
    return rows;
  }

  /**
   * Checks one file; if the folder is not local, a temporary copy of the file. The files come in
   * the order of the manifest, and {@link #finish} after the last one.
   */
  void check(WrittenFile file, boolean everyRow) throws IOException {
    String location = root + "/" + file.path();
    if (FileStore.isLocal(root)) {
      check(file, FileStore.localPath(location), everyRow);
      return;
    }
    Path copy = Files.createTempFile(Scratch.processFolder(), "verified-", ".copy");
    try (InputStream in = FileStore.of(location).open(location, 0)) {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      check(file, copy, everyRow);
    } finally {
      Files.delete(copy);
    }
  }

  private void check(WrittenFile file, Path local, boolean everyRow) throws IOException {
    try {
      boolean hasIds;
      try (ColumnarReader in = new ColumnarReader(local)) {
        checkTokenizer(file, in);
        hasIds =
            ManifestWriter.isShard(file.path()) || ShardReader.isShard(in.schema(), in.metadata());
      }
      if (hasIds) {
        checkIds(file, local, everyRow);
      }
    } catch (UnusableFileException e) {
      findings.add("unreadable", file.path(), String.valueOf(e.getMessage()));
    }
  }

  /** Shards must name their tokenizer; any other file that names one must name the same. */
  private void checkTokenizer(WrittenFile file, ColumnarReader in) {
    String sha256 = in.metadata().get(ParquetShardWriter.TOKENIZER_SHA256);
    boolean isWrong =
        sha256 == null
            ? ManifestWriter.isShard(file.path())
            : !sha256.equals(manifest.tokenizerSha256());
    if (isWrong) {
      findings.add(
          "tokenizer",
          file.path(),
          "written with " + sha256 + ", the manifest says " + manifest.tokenizerSha256());
    }
  }

  private void checkIds(WrittenFile file, Path local, boolean everyRow) throws IOException {
    try (ShardReader in = new ShardReader(local)) {
      in.idChunks().forEach(chunk -> checkStatistics(file, chunk));
      if (everyRow) {
        checkRows(file, in);
      }
    }
  }

  /** Checks the smallest and the largest id of a row group, from the footer. */
  private void checkStatistics(WrittenFile file, ColumnChunkMetaData chunk) {
    if (chunk.getStatistics() instanceof IntStatistics ids
        && ids.hasNonNullValue()
        && (ids.getMin() < 0 || ids.getMax() >= manifest.vocabulary())) {
      findings.add(
          "ids",
          file.path(),
          "from %s to %s, the vocabulary ends before %s"
              .formatted(ids.getMin(), ids.getMax(), manifest.vocabulary()));
    }
  }

  /** Checks each row, and the sums over all; of masks and of ids only the first problem counts. */
  private void checkRows(WrittenFile file, ShardReader in) throws IOException {
    DocumentOrder documentOrder = in.columns().haveOrigins() ? order(file) : null;
    long documents = 0;
    long tokens = 0;
    boolean masksAreGood = true;
    boolean idsAreGood = true;
    ShardRow row = new ShardRow();
    while (in.next(row)) {
      documents += row.documents();
      tokens += row.count;
      rows++;
      if (masksAreGood && row.mask != null && hasOther(row.mask, row.count)) {
        findings.add(
            "mask", file.path(), "document " + row.docId + " has a loss mask not of 0 and 1");
        masksAreGood = false;
      }
      int outside = idsAreGood ? firstIdOutside(row) : -1;
      if (outside >= 0) {
        findings.add("ids", file.path(), "document " + row.docId + " has id " + row.ids[outside]);
        idsAreGood = false;
      }
      if (documentOrder != null) {
        documentOrder.check(row, file.path());
      }
    }
    if (in.columns().countDocuments()) {
      findings.requireEqual("documents", file.path(), documents, file.documents());
    }
    findings.requireEqual("tokens", file.path(), tokens, file.tokens());
  }

  /** The index of the first id outside the vocabulary; -1 if there is none. */
  private int firstIdOutside(ShardRow row) {
    for (int i = 0; i < row.count; i++) {
      if (row.ids[i] < 0 || row.ids[i] >= manifest.vocabulary()) {
        return i;
      }
    }
    return -1;
  }

  /** Whether a mask has another value than 0 and 1. */
  private static boolean hasOther(int[] mask, int count) {
    int bits = 0;
    for (int i = 0; i < count; i++) {
      bits |= mask[i];
    }
    return (bits & ~1) != 0;
  }

  /**
   * The comparison for the rows of a file; null if it is not a canonical shard. The first file of a
   * folder ends the comparison of the folder before.
   */
  private @Nullable DocumentOrder order(WrittenFile file) throws IOException {
    if (!ManifestWriter.isShard(file.path())) {
      return null;
    }
    String folder = file.path().substring(0, file.path().lastIndexOf('/') + 1);
    if (order == null || !folder.equals(orderFolder)) {
      endOrder();
      orderFolder = folder;
      boolean isForTraining = file.path().startsWith(ManifestWriter.SHARDS);
      order =
          new DocumentOrder(
              FileStore.lines(root + "/" + Manifest.INPUTS),
              folder,
              isForTraining ? withoutCounts(manifest.totals().sums().marks()) : null,
              findings);
    }
    return order;
  }

  /** The same ids with counts of 0. */
  private static @Nullable DocumentMarks withoutCounts(@Nullable DocumentMarks marks) {
    return marks == null ? null : DocumentMarks.of(marks.begin(), marks.end());
  }

  private void endOrder() throws IOException {
    if (order != null) {
      order.end();
      DocumentMarks counted = order.marks();
      begun += counted == null ? 0 : counted.begun();
      ended += counted == null ? 0 : counted.ended();
      close();
    }
  }

  /** Ends the last folder; returns the marks that were counted, null if none were. */
  ManifestVerification.@Nullable Marked finish() throws IOException {
    boolean wasCompared = order != null;
    endOrder();
    DocumentMarks marks = manifest.totals().sums().marks();
    if (!wasCompared || marks == null) {
      return null;
    }
    findings.requireEqual("ids", Manifest.FILE + " (begun)", begun, marks.begun());
    findings.requireEqual("ids", Manifest.FILE + " (ended)", ended, marks.ended());
    return new ManifestVerification.Marked(
        manifest.totals().sums().documents(),
        new DocumentMarks(marks.begin(), marks.end(), begun, ended));
  }

  @Override
  public void close() throws IOException {
    if (order != null) {
      order.close();
      order = null;
    }
  }
}
