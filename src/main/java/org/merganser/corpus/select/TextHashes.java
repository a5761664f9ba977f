package org.merganser.corpus.select;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.Selection;
import org.merganser.corpus.ValidationSplit;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.read.UnitReader;

/**
 * Writes the hashes of a unit's documents: 128 bits of the SHA-256 of each text as it is handed on,
 * so that not even a hostile corpus makes two texts look the same.
 *
 * <p>The file is the {@link TextFragment} of a document that an earlier unit began, blocks of
 * documents in order, an int 0, and the fragment of a document that the next unit goes on with. A
 * block is its number of entries (int), the number of entries before the end of each of 256 buckets
 * (int each), and the entries by bucket, in the order of documents within one: the hash (16 bytes,
 * the first is the bucket) and the ordinal of the document in its unit (int). Ordinals count
 * documents of which the unit hands on anything, as {@link SelectedDocuments} does.
 *
 * <p>A document with a part that is a dead letter has no entry, and is never taken for a duplicate.
 * Memory: 40 bytes a document, {@value #MAX_ENTRIES} documents at most, and 40 bytes a part of the
 * documents that are shared with other units.
 */
public final class TextHashes implements DocumentHandler {
  static final int BUCKETS = 256;
  static final int ENTRY_BYTES = 20;
  static final int HEADER_BYTES = Integer.BYTES * (1 + BUCKETS);

  /** The most entries of a block: bounds the memory of a unit of any size. */
  private static final int MAX_ENTRIES = 1 << 21;

  private final MessageDigest digest = Sha256.newDigest();
  private final DataOutputStream out;
  private byte[] entries = new byte[ENTRY_BYTES * 1024];
  private int count;
  private int documents;

  /** Whether a document may have parts in other units. */
  private final boolean shares;

  /** The parts of the document before the first one that begins here. */
  private @Nullable TextFragment earlier;

  private boolean earlierWritten;

  /** The parts of the document that was read last and has not ended; its file and offset. */
  private @Nullable TextFragment open;

  private String openFile = "";
  private long openOffset;

  private TextHashes(WorkUnit unit, DataOutputStream out) {
    this.out = out;
    FileRange first = unit.ranges().get(0);
    FileRange last = unit.ranges().get(unit.ranges().size() - 1);
    this.shares = first.start() > 0 || last.end() < last.file().size();
  }

  /**
   * Reads a unit and writes its file; {@code out} stays open.
   *
   * @param excluded ids of documents that have no entries, so that none is kept for them; or null
   */
  public static void write(
      UnitReader reader, WorkUnit unit, @Nullable ExcludedIds excluded, OutputStream out)
      throws IOException {
    DataOutputStream file = new DataOutputStream(out);
    TextHashes hashes = new TextHashes(unit, file);
    reader.read(unit, new SelectedDocuments(new ValidationSplit(0), excluded, new int[0], hashes));
    hashes.finish();
    file.flush();
  }

  @Override
  public void document(Document document) throws IOException {
    boolean excluded = document.selection == Selection.EXCLUDED;
    digest.update(document.text, document.from, document.length());
    byte[] sha256 = digest.digest();
    if (document.isWhole()) {
      open = null;
      int ordinal = nextOrdinal();
      if (!excluded) {
        append(sha256, ordinal);
      }
      return;
    }
    TextFragment fragment = fragment(document.file, document.offset, document.part);
    if (fragment.ordinal < 0) {
      fragment.ordinal = nextOrdinal();
    }
    fragment.dead |= excluded;
    fragment.add(document.part, document.length(), sha256);
    if (document.lastPart) {
      open = null;
      fragment.ends = true;
      if (fragment != earlier && !fragment.dead) {
        append(fragment.hash(), fragment.ordinal);
      }
    }
  }

  private int nextOrdinal() {
    int ordinal = documents;
    documents = Math.addExact(documents, 1);
    return ordinal;
  }

  /** The fragment of the document that a part belongs to. */
  private TextFragment fragment(String file, long offset, int part) {
    TextFragment fragment = open;
    if (fragment == null || openOffset != offset || !openFile.equals(file)) {
      fragment = new TextFragment(shares);
      if (part > 0) {
        if (shares && documents == 0 && earlier == null) {
          earlier = fragment;
        } else {
          fragment.dead = true; // not all of it is here
        }
      }
      open = fragment;
      openFile = file;
      openOffset = offset;
    }
    return fragment;
  }

  private void append(byte[] hash, int ordinal) throws IOException {
    int at = count * ENTRY_BYTES;
    if (at == entries.length) {
      entries = Arrays.copyOf(entries, 2 * at);
    }
    System.arraycopy(hash, 0, entries, at, 16);
    ByteBuffer.wrap(entries).putInt(at + 16, ordinal);
    count++;
    if (count == MAX_ENTRIES) {
      finishBlock();
    }
  }

  private void finish() throws IOException {
    finishBlock();
    writeEarlier();
    out.writeInt(0);
    TextFragment.write(shares && open != earlier ? open : null, out);
  }

  /** What comes first in the file, and is known before the first block is full. */
  private void writeEarlier() throws IOException {
    if (!earlierWritten) {
      TextFragment.write(earlier, out);
      earlierWritten = true;
    }
  }

  private void finishBlock() throws IOException {
    if (count == 0) {
      return;
    }
    writeEarlier();
    int[] ends = new int[BUCKETS];
    for (int i = 0; i < count; i++) {
      ends[entries[i * ENTRY_BYTES] & 0xFF]++;
    }
    int[] places = new int[BUCKETS];
    for (int bucket = 1; bucket < BUCKETS; bucket++) {
      places[bucket] = places[bucket - 1] + ends[bucket - 1];
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
      fragment(letter.file(), part.document(), part.number()).dead = true;
    }
  }
}
