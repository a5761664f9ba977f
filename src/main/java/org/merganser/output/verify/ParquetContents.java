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
import org.merganser.output.ListedFolders;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.DocumentMarks;
import org.merganser.output.manifest.Manifest;
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

  /** The folder of the shards that were compared last; empty before the first. */
  private String orderFolder = "";

  /** The rows that were read so far. */
  private long rows;

  // The sums of the DocumentMarks of the folders before.

  private long begun;
  private long ended;

  ParquetContents(String root, Manifest manifest, Findings findings) {
    this.root = root;
    this.manifest = manifest;
    this.findings = findings;
  }

  /** The number of rows that were read. */
  long rows() {
    return rows;
  }

  /**
   * Checks one file; if the folder is not local, a temporary copy of the file. Call for the files
   * in the order of the manifest, and {@link #finish} after the last one.
   *
   * @param everyRow whether each row of a file with ids is read, not only the footer
   */
  void check(WrittenFile file, boolean everyRow) throws IOException {
    String location = root + "/" + file.path();
    if (FileStore.isLocal(root)) {
      checkLocal(file, FileStore.localPath(location), everyRow);
      return;
    }
    Path copy = Files.createTempFile(Scratch.processFolder(), "verified-", ".copy");
    try (InputStream in = FileStore.of(location).open(location, 0)) {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      checkLocal(file, copy, everyRow);
    } finally {
      Files.delete(copy);
    }
  }

  /** Checks a file, of which {@code local} is the file itself or a copy. */
  private void checkLocal(WrittenFile file, Path local, boolean everyRow) throws IOException {
    try {
      boolean hasIds;
      try (ColumnarReader in = new ColumnarReader(local)) {
        checkTokenizer(file, in);
        hasIds =
            ListedFolders.isCanonicalShard(file.path())
                || ShardReader.isShard(in.schema(), in.metadata());
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
            ? ListedFolders.isCanonicalShard(file.path())
            : !sha256.equals(manifest.tokenizerSha256());
    if (isWrong) {
      findings.add(
          "tokenizer",
          file.path(),
          "written with " + sha256 + ", the manifest says " + manifest.tokenizerSha256());
    }
  }

  /** Checks the ids of a file, by its footer and, on demand, in each row. */
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
        && (ids.getMin() < 0 || ids.getMax() >= manifest.idBound())) {
      findings.add(
          "ids",
          file.path(),
          "from %s to %s, the vocabulary ends before %s"
              .formatted(ids.getMin(), ids.getMax(), manifest.idBound()));
    }
  }

  /**
   * Checks each row, and the sums over all; of masks and of ids only the first problem is added.
   */
  private void checkRows(WrittenFile file, ShardReader in) throws IOException {
    DocumentOrder documentOrder = in.columns().haveOrigins() ? orderFor(file) : null;
    long documents = 0;
    long tokens = 0;
    boolean masksAreGood = true;
    boolean idsAreGood = true;
    ShardRow row = new ShardRow();
    while (in.next(row)) {
      documents += row.documents();
      tokens += row.count;
      rows++;
      masksAreGood = masksAreGood && checkMask(file, row);
      idsAreGood = idsAreGood && checkRowIds(file, row);
      if (documentOrder != null) {
        documentOrder.check(row, file.path());
      }
    }
    if (in.columns().haveDocumentStarts()) {
      findings.addIfUnequal("documents", file.path(), documents, file.documents());
    }
    findings.addIfUnequal("tokens", file.path(), tokens, file.tokens());
  }

  /** Checks that the loss mask of a row, if it has one, is of 0 and 1; returns whether it is. */
  private boolean checkMask(WrittenFile file, ShardRow row) {
    int[] mask = row.mask;
    if (mask == null) {
      return true;
    }
    int bits = 0;
    for (int i = 0; i < row.count; i++) {
      bits |= mask[i];
    }
    boolean isGood = (bits & ~1) == 0;
    if (!isGood) {
      findings.add(
          "mask", file.path(), "document " + row.docId + " has a loss mask not of 0 and 1");
    }
    return isGood;
  }

  /** Checks that the ids of a row are in the vocabulary; returns whether they are. */
  private boolean checkRowIds(WrittenFile file, ShardRow row) {
    for (int i = 0; i < row.count; i++) {
      int id = row.ids[i];
      if (id < 0 || id >= manifest.idBound()) {
        findings.add("ids", file.path(), "document " + row.docId + " has id " + id);
        return false;
      }
    }
    return true;
  }

  /**
   * The comparison for the rows of a file; null if it is not a canonical shard. The first file of a
   * folder ends the comparison of the folder before.
   */
  private @Nullable DocumentOrder orderFor(WrittenFile file) throws IOException {
    if (!ListedFolders.isCanonicalShard(file.path())) {
      return null;
    }
    String folder = file.path().substring(0, file.path().lastIndexOf('/') + 1);
    if (order == null || !folder.equals(orderFolder)) {
      endOrder();
      orderFolder = folder;
      boolean isForTraining = file.path().startsWith(ListedFolders.CANONICAL_SHARDS);
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

  /** Ends the comparison of a folder, if one is open, and adds its marks. */
  private void endOrder() throws IOException {
    if (order != null) {
      order.end();
      DocumentMarks counted = order.marks();
      begun += counted == null ? 0 : counted.begun();
      ended += counted == null ? 0 : counted.ended();
      close();
    }
  }

  /** Ends the last folder; returns the marks that were counted, or null if none were. */
  ManifestVerification.@Nullable MarkedDocuments finish() throws IOException {
    boolean wasCompared = order != null;
    endOrder();
    DocumentMarks marks = manifest.totals().sums().marks();
    if (!wasCompared || marks == null) {
      return null;
    }
    findings.addIfUnequal("ids", Manifest.FILE + " (begun)", begun, marks.begun());
    findings.addIfUnequal("ids", Manifest.FILE + " (ended)", ended, marks.ended());
    return new ManifestVerification.MarkedDocuments(
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
