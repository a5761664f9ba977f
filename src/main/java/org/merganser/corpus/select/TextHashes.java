package org.merganser.corpus.select;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.Document.Selection;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.read.UnitReader;

/**
 * Writes the hashes of a unit's documents: 128 bits of the SHA-256 of each text as it is passed on,
 * so that not even a hostile corpus makes two texts look equal.
 *
 * <p>Documents have the same text if they have the same parts, by number, length and SHA-256: the
 * cuts of a document depend on its bytes alone. The hash of a document in parts is the second half
 * of the SHA-256 over those of its parts; the hash of a text in one part is the first half of its
 * own. So nobody can make a text whose hash is that of the parts of another. A text file that
 * several units have ranges of is one document: the unit of its beginning reads it to its end, and
 * the others have no entries.
 *
 * <p>The file is blocks of documents in order, and an int 0. A block is its number of entries
 * (int), the number of entries before the end of each of 256 buckets (int each), and the entries by
 * bucket, in the order of documents within one: the hash (16 bytes, the first is the bucket) and
 * the ordinal of the document in its unit (int). Ordinals count the documents of which the unit
 * passes any part, as {@link DocumentOrdinals} does.
 *
 * <p>A document with a dead part has no entry, and is never a duplicate; nor has one that is left
 * out by its id or as part of a test split. Memory: at most 60 bytes a document of a block, and 84
 * MB.
 */
public final class TextHashes implements DocumentHandler {
  /** The number of buckets, one for each first byte of a hash. */
  public static final int BUCKETS = 256;

  /** The bytes of a hash: half of a SHA-256. */
  private static final int HASH_BYTES = 16;

  /** The bytes of an entry: a hash and an ordinal. */
  public static final int ENTRY_BYTES = HASH_BYTES + Integer.BYTES;

  /** The bytes of a block before its entries. */
  static final int HEADER_BYTES = Integer.BYTES * (1 + BUCKETS);

  /** The most entries of a block, which bound the memory of a unit of any size. */
  private static final int MOST_ENTRIES = 1 << 21;

  private final MessageDigest digest = Sha256.newDigest();
  private final DataOutputStream out;

  /** The entries of the block, in document order. */
  private byte[] entries = new byte[ENTRY_BYTES * 1024];

  /** The number of entries of the block. */
  private int count;

  /** The number of documents of the unit so far. */
  private int documents;

  /** The file of the document in parts that was begun last. */
  private String openFile = "";

  /** The offset of that document. */
  private long openOffset;

  /** The ordinal of that document; -1 before its first part. */
  private int openOrdinal;

  /**
   * Whether that document gets no entry: a part is dead or missing, or it is left out by its id or
   * as part of a test split.
   */
  private boolean openLeftOut;

  /** Sums the numbers, lengths and SHA-256 of that document's parts. */
  private final MessageDigest openParts = Sha256.newDigest();

  private TextHashes(DataOutputStream out) {
    this.out = out;
  }

  /**
   * Writes the hashes of a unit; {@link TextHashReader} reads them.
   *
   * @param excluded ids of documents that get no entry; null for none
   * @param out receives the file; left open
   */
  public static void write(
      UnitReader reader, WorkUnit unit, @Nullable ExcludedIds excluded, OutputStream out)
      throws IOException {
    DataOutputStream file = new DataOutputStream(out);
    TextHashes hashes = new TextHashes(file);
    if (!continuesDocument(unit)) {
      ValidationSplit noneHeldOut = new ValidationSplit(0);
      int[] noDuplicates = {}; // which are to be found
      reader.readAgain(
          extendedToFileEnd(unit),
          new SelectedDocuments(noneHeldOut, excluded, noDuplicates, hashes));
    }
    hashes.finishBlock();
    file.writeInt(0);
    file.flush();
  }

  /** Whether a unit is a later range of a text file, which belongs to the unit of its beginning. */
  static boolean continuesDocument(WorkUnit unit) {
    FileRange first = unit.ranges().get(0);
    return first.file().format() == InputFormat.TEXT && first.start() > 0;
  }

  /**
   * A unit that reads its text file to the end. Only a unit with a part of a single file needs to
   * be extended, see {@link WorkUnit#ranges}.
   */
  private static WorkUnit extendedToFileEnd(WorkUnit unit) {
    FileRange last = unit.ranges().get(unit.ranges().size() - 1);
    return last.file().format() == InputFormat.TEXT && last.end() < last.file().size()
        ? new WorkUnit(unit.number(), List.of(new FileRange(last.file(), 0, last.file().size())))
        : unit;
  }

  @Override
  public void document(Document document) throws IOException {
    boolean excluded =
        document.selection == Selection.EXCLUDED || document.selection == Selection.TEST_SPLIT;
    digest.update(document.text, document.from, document.length());
    byte[] sha256 = digest.digest();
    if (document.isWhole()) {
      int ordinal = nextOrdinal();
      if (!excluded) {
        append(sha256, 0, ordinal);
      }
      return;
    }
    openDocument(document.file, document.offset, document.part);
    if (openOrdinal < 0) {
      openOrdinal = nextOrdinal();
    }
    openLeftOut |= excluded;
    openParts.update(
        ByteBuffer.allocate(2 * Integer.BYTES + sha256.length)
            .putInt(document.part)
            .putInt(document.length())
            .put(sha256)
            .flip());
    if (document.lastPart && !openLeftOut) {
      append(openParts.digest(), HASH_BYTES, openOrdinal);
    }
  }

  /** The ordinal of the next document, which it counts. */
  private int nextOrdinal() {
    int ordinal = documents;
    documents = Math.addExact(documents, 1);
    return ordinal;
  }

  /** Begins a document in parts, unless the part belongs to the one that is open. */
  private void openDocument(String file, long offset, int part) {
    if (openOffset != offset || !openFile.equals(file)) {
      openFile = file;
      openOffset = offset;
      openOrdinal = -1;
      openLeftOut = part > 0; // its first parts are missing
      openParts.reset();
    }
  }

  /** Adds an entry whose hash are the bytes of {@code hash} from {@code from} on. */
  private void append(byte[] hash, int from, int ordinal) throws IOException {
    int at = count * ENTRY_BYTES;
    if (at == entries.length) {
      entries = Arrays.copyOf(entries, 2 * at);
    }
    System.arraycopy(hash, from, entries, at, HASH_BYTES);
    ByteBuffer.wrap(entries).putInt(at + HASH_BYTES, ordinal);
    count++;
    if (count == MOST_ENTRIES) {
      finishBlock();
    }
  }

  /** Writes the entries as a block: sorted by bucket, which keeps the order within each one. */
  private void finishBlock() throws IOException {
    if (count == 0) {
      return;
    }
    int[] counts = new int[BUCKETS];
    for (int i = 0; i < count; i++) {
      counts[entries[i * ENTRY_BYTES] & 0xFF]++;
    }
    // By bucket, where its next entry belongs: first its beginning, after the loop its end.
    int[] places = new int[BUCKETS];
    for (int bucket = 1; bucket < BUCKETS; bucket++) {
      places[bucket] = places[bucket - 1] + counts[bucket - 1];
    }
    byte[] sorted = new byte[count * ENTRY_BYTES];
    for (int i = 0; i < count; i++) {
      int place = places[entries[i * ENTRY_BYTES] & 0xFF]++;
      System.arraycopy(entries, i * ENTRY_BYTES, sorted, place * ENTRY_BYTES, ENTRY_BYTES);
    }
    out.writeInt(count);
    for (int end : places) {
      out.writeInt(end);
    }
    out.write(sorted);
    count = 0;
  }

  @Override
  public void deadLetter(DeadLetter letter) {
    DeadLetter.Part part = letter.part();
    if (part != null) {
      openDocument(letter.file(), part.document(), part.number());
      openLeftOut = true;
    }
  }
}
