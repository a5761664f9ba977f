package org.merganser.corpus;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Writes the hashes of a unit's documents: 128 bits of the SHA-256 of each text as it is handed on,
 * so that not even a hostile corpus makes two texts look the same.
 *
 * <p>The file is blocks of documents in order, then an int 0 and the SHA-256 of all before it. A
 * block is its number of entries (int), the number of entries before the end of each of 256 buckets
 * (int each), and the entries by bucket, in the order of documents within one: the hash (16 bytes,
 * the first is the bucket) and the ordinal of the document in its unit (int).
 *
 * <p>A document that was cut into parts counts as one but has no entry: it may go on in another
 * unit, and is never taken for a duplicate. Memory: 40 bytes a document, {@value #MAX_ENTRIES}
 * documents at the most.
 */
public final class TextHashes implements DocumentHandler {
  static final int BUCKETS = 256;
  static final int ENTRY_BYTES = 20;
  static final int HEADER_BYTES = Integer.BYTES * (1 + BUCKETS);

  /** Entries of a block at the most: bounds the memory of a unit of any size. */
  private static final int MAX_ENTRIES = 1 << 21;

  private final MessageDigest digest = UnitReader.sha256();
  private final DataOutputStream out;
  private byte[] entries = new byte[ENTRY_BYTES * 1024];
  private int count;
  private int documents;

  private TextHashes(DataOutputStream out) {
    this.out = out;
  }

  /** Reads a unit and writes its file; {@code out} stays open. */
  public static void write(UnitReader reader, WorkUnit unit, OutputStream out) throws IOException {
    DigestOutputStream digested = new DigestOutputStream(out, UnitReader.sha256());
    DataOutputStream file = new DataOutputStream(digested);
    TextHashes hashes = new TextHashes(file);
    reader.read(unit, hashes);
    hashes.finishBlock();
    file.writeInt(0);
    file.flush();
    out.write(digested.getMessageDigest().digest());
  }

  @Override
  public void document(Document document) throws IOException {
    if (document.part > 0) {
      return;
    }
    if (document.lastPart) {
      digest.update(document.text, document.from, document.length());
      append(digest.digest(), documents);
    }
    documents = Math.addExact(documents, 1);
  }

  private void append(byte[] sha256, int ordinal) throws IOException {
    int at = count * ENTRY_BYTES;
    if (at == entries.length) {
      entries = Arrays.copyOf(entries, 2 * at);
    }
    System.arraycopy(sha256, 0, entries, at, 16);
    ByteBuffer.wrap(entries).putInt(at + 16, ordinal);
    count++;
    if (count == MAX_ENTRIES) {
      finishBlock();
    }
  }

  private void finishBlock() throws IOException {
    if (count == 0) {
      return;
    }
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
  public void deadLetter(DeadLetter letter) {}

  @Override
  public void rangeRead(RangeReceipt receipt) {}
}
