package org.merganser.pipeline.train;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.store.FileStore;

/**
 * The partial tables of some units as a file: for each block that is not empty its partition (int),
 * its size (int) and its compressed bytes; then partition -1 and the SHA-256 of all before it, so
 * that the file is its own receipt.
 */
public final class PartialCountFile {
  private static final int END = -1;
  private static final int SUM_BYTES = 32;

  /** Makes the tables that a file holds. */
  @FunctionalInterface
  public interface Tables {
    void writeTo(DataOutputStream file) throws IOException;
  }

  private PartialCountFile() {}

  /** Appends a table's blocks, one a partition. */
  public static void append(byte[][] blocks, DataOutputStream file) {
    for (int partition = 0; partition < blocks.length; partition++) {
      append(partition, blocks[partition], file);
    }
  }

  /** Appends the block of a partition, where it is not empty. */
  public static void append(int partition, byte[] block, DataOutputStream file) {
    if (block.length == 0) {
      return;
    }
    byte[] compressed = CompressedBlocks.compress(block);
    try {
      file.writeInt(partition);
      file.writeInt(compressed.length);
      file.write(compressed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a whole file. */
  public static void write(OutputStream out, Tables tables) throws IOException {
    DigestOutputStream digested = new DigestOutputStream(out, Sha256.newDigest());
    DataOutputStream file = new DataOutputStream(digested);
    tables.writeTo(file);
    file.writeInt(END);
    file.flush();
    out.write(digested.getMessageDigest().digest());
  }

  /**
   * The file of a unit of work, found whole or written now, and read back; the meter, which has
   * begun, is told which.
   */
  public static byte[] keep(String location, StageMeter meter, Tables tables) throws IOException {
    FileStore store = FileStore.of(location);
    byte[] found = find(location);
    if (found != null) {
      meter.unitSkipped();
      return found;
    }
    store.publish(location, sink -> write(sink, tables));
    byte[] written = store.readAll(location);
    meter.unitDone();
    return written;
  }

  /** The bytes of a file; null where there is none, or none as it was written to its end. */
  public static byte @Nullable [] find(String location) throws IOException {
    FileStore store = FileStore.of(location);
    try {
      byte[] file = store.exists(location) ? store.readAll(location) : new byte[0];
      return isWhole(file) ? file : null;
    } catch (FileSystemException unreadable) {
      return null; // its unit is counted anew
    }
  }

  private static boolean isWhole(byte[] file) {
    int end = file.length - SUM_BYTES;
    if (end < Integer.BYTES) {
      return false;
    }
    MessageDigest digest = Sha256.newDigest();
    digest.update(file, 0, end);
    return Arrays.equals(digest.digest(), Arrays.copyOfRange(file, end, file.length));
  }

  /** Receives where the blocks of a file are. */
  @FunctionalInterface
  public interface PlaceVisitor {
    void visit(int partition, long offset, int size);
  }

  /** Visits the places of the blocks of a whole file in order. */
  public static void forEachPlace(byte[] whole, PlaceVisitor visitor) {
    ByteBuffer file = ByteBuffer.wrap(whole);
    for (int partition = file.getInt(); partition != END; partition = file.getInt()) {
      int size = file.getInt();
      visitor.visit(partition, file.position(), size);
      file.position(file.position() + size);
    }
  }
}
