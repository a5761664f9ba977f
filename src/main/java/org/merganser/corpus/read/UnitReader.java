package org.merganser.corpus.read;

import java.io.IOException;
import java.security.MessageDigest;
import org.apache.commons.io.function.IOSupplier;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.RangeDigest;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.Compression;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.decode.DamagedStreamException;
import org.merganser.store.FileStore;
import org.merganser.text.scan.CutRule;

/**
 * Reads the documents of a work unit, and finds out whether an input has changed since the plan.
 * Not thread-safe; buffers are reused from unit to unit.
 *
 * <p>The records of a file do not depend on the division into ranges: a record belongs to the range
 * in which it begins, and one without an id has the id {@code file#offset}, with the offset of its
 * first byte in the uncompressed file ({@code file} if the file is the document; {@code file#row}
 * in Parquet, whose offsets are row indexes). Only the number of a record is relative to its range.
 *
 * <p>Memory: a document of {@code maxDocumentBytes} and half as much again, for JSON and CSV a
 * record of twice the limit and the text; a zstd window of at most 2^27 bytes, or 256 MiB for xz. A
 * larger document that cannot be cut is held completely, up to {@code maxWholeDocumentBytes}, by
 * one thread of a JVM at a time ({@link WholeDocumentMemory}).
 *
 * <p>{@link CutGrid} cuts a document above the limit into parts. The parts of a record that is its
 * own text, such as a line, are read without knowing the next ones. So a part that is not UTF-8, or
 * that is too large because it cannot be cut, is a separate dead letter. A text from a field is
 * completely a document or a dead letter.
 *
 * <p>A compressed file that is truncated or damaged has the documents before the damage. The reader
 * of its format ({@link RangeReader}) makes a dead letter of the record in which it ends, and
 * {@link RecordSink} of text before a checksum that does not match.
 */
public final class UnitReader {
  /** Ignores all that it receives. */
  private static final DocumentHandler DISCARD =
      new DocumentHandler() {
        @Override
        public void document(Document document) {}

        @Override
        public void deadLetter(DeadLetter letter) {}
      };

  private final CorpusSettings settings;
  private final RangeReader ranges;

  /** Sums the stored bytes of the range that is read. */
  private final RangeDigest stored = new RangeDigest();

  /** Sums the bytes of dead letters. */
  private final MessageDigest letters = Sha256.newDigest();

  /** Whether text of compressed files is passed on before the checksums after it were compared. */
  private boolean trusting;

  /**
   * @param cutRule where documents above {@code maxDocumentBytes} are cut; null: nowhere
   * @throws CorpusException for a {@code maxDocumentBytes} that is not allowed
   */
  public UnitReader(CorpusSettings settings, @Nullable CutRule cutRule) {
    long limit = settings.maxDocumentBytes();
    if (limit < 1 || limit > CorpusSettings.MAX_DOCUMENT_BYTES) {
      throw new CorpusException(
          "corpus.maxDocumentBytes is %s; allowed are 1 to %s (1 GiB)"
              .formatted(limit, CorpusSettings.MAX_DOCUMENT_BYTES));
    }
    this.settings = settings;
    CutGrid grid = new CutGrid(cutRule, limit, Math.max(limit, settings.maxWholeDocumentBytes()));
    this.ranges = new RangeReader(settings, grid, stored);
  }

  /**
   * Reads the unit's ranges in order, and sums their stored bytes.
   *
   * @throws IOException if a file cannot be read, or has changed since it was planned, as {@link
   *     #requireUnchanged} finds out, with file, place and next step; damage within a file (a
   *     broken record, a truncated compressed stream) is a dead letter instead
   * @see #readOnce
   */
  public void read(WorkUnit unit, DocumentHandler handler) throws IOException {
    read(unit, handler, /* withSha256= */ true);
  }

  /** Reads a unit again like {@link #read}, without the SHA-256 of its ranges in the receipts. */
  public void readAgain(WorkUnit unit, DocumentHandler handler) throws IOException {
    read(unit, handler, /* withSha256= */ false);
  }

  private void read(WorkUnit unit, DocumentHandler handler, boolean withSha256) throws IOException {
    for (FileRange range : unit.ranges()) {
      readRange(range, handler, withSha256);
    }
  }

  /** Reads a range; a compressed file is read twice, unless its text is trusted. */
  private void readRange(FileRange range, DocumentHandler handler, boolean withSha256)
      throws IOException {
    boolean whole = range.start() == 0 && range.end() == range.file().size();
    if (!whole && range.file().compression() != Compression.NONE) {
      throw new IllegalArgumentException(
          range + " is a part of a compressed file, which one reader must read");
    }
    boolean isVerifiedLate = isVerifiedLate(range.file());
    ChecksumProof proof = isVerifiedLate && !trusting ? proofByReading(range) : new ChecksumProof();
    RecordSink sink = newSink(range, proof, handler);
    stored.begin(withSha256);
    long rawBytes = ranges.read(range, sink);
    if (isVerifiedLate && proof.acceptedUnproved(ranges.damage())) {
      throw new UnprovedTextException(range.file().location());
    }
    requireUnchanged(range.file());
    sink.endRange(rawBytes, stored.sum());
  }

  /** Reads a compressed file without passing anything on, to know its damage beforehand. */
  private ChecksumProof proofByReading(FileRange range) throws IOException {
    ChecksumProof unread = new ChecksumProof();
    stored.begin(/* withSha256= */ false);
    ranges.read(range, newSink(range, unread, DISCARD));
    DamagedStreamException damage = ranges.damage();
    return damage == null ? new ChecksumProof() : new ChecksumProof(damage, unread);
  }

  private RecordSink newSink(FileRange range, ChecksumProof proof, DocumentHandler handler) {
    int keptFields = settings.kept().size();
    return new RecordSink(range, settings.invalidUtf8(), proof, handler, letters, keptFields);
  }

  /**
   * Reads undamaged compressed files once instead of twice. {@link #read} reads each of them twice,
   * since a checksum comes after the text that it verifies. An attempt passes text on at once. If a
   * checksum then fails, the results of the attempt are discarded, and it is repeated with a check
   * of each compressed file first.
   *
   * @param attempt reads units from the first to the last; it must be repeatable: the second call
   *     must not keep results of the first
   */
  public <T> T readOnce(IOSupplier<T> attempt) throws IOException {
    trusting = true;
    try {
      return attempt.get();
    } catch (UnprovedTextException e) {
      trusting = false;
      return attempt.get();
    } finally {
      trusting = false;
    }
  }

  /** Whether text of the file comes before the checksum that verifies it. */
  private static boolean isVerifiedLate(InputFile file) {
    return file.compression() != Compression.NONE && file.format().isStream();
  }

  /**
   * Compares size, modification time and {@link FileStore.Entry#state} of each file with the plan.
   *
   * @throws IOException naming a file that has changed
   */
  public static void requireUnchanged(WorkUnit unit) throws IOException {
    for (FileRange range : unit.ranges()) {
      requireUnchanged(range.file());
    }
  }

  private static void requireUnchanged(InputFile file) throws IOException {
    FileStore.Entry now = FileStore.of(file.location()).stat(file.location());
    if (now.size() != file.size()
        || now.modified() != file.modified()
        || now.differsFrom(file.state())) {
      throw new IOException(
          ("corpus file %s changed while the job ran (it had %s bytes and has %s, or its times,"
                  + " inode or checksum are others): run again once nothing writes to it")
              .formatted(file.location(), file.size(), now.size()));
    }
  }

  /** An attempt of {@link #readOnce} has passed on text whose checksum then failed. */
  private static final class UnprovedTextException extends IOException {
    UnprovedTextException(String location) {
      super("corpus file " + location + " is damaged after text that was used already");
    }
  }
}
