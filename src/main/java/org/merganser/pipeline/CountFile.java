package org.merganser.pipeline;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The partial tables of a unit as a file: for each block that is not empty its partition (int), its
 * size (int) and its compressed bytes; closed by partition -1, so that a cut file is noticed.
 */
final class CountFile {
  private static final int END = -1;

  /** Receives the blocks of a file. */
  @FunctionalInterface
  interface BlockVisitor {
    void visit(int partition, byte[] compressed);
  }

  private CountFile() {}

  /** Appends a table's blocks, one a partition. */
  static void append(byte[][] blocks, DataOutputStream file) {
    try {
      for (int partition = 0; partition < blocks.length; partition++) {
        if (blocks[partition].length > 0) {
          byte[] compressed = CompressedBlocks.compress(blocks[partition]);
          file.writeInt(partition);
          file.writeInt(compressed.length);
          file.write(compressed);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the file. */
  static void end(DataOutputStream file) throws IOException {
    file.writeInt(END);
    file.flush();
  }

  /**
   * Visits the blocks in order.
   *
   * @throws EOFException for a file without its end
   */
  static void forEach(DataInputStream file, BlockVisitor visitor) throws IOException {
    for (int partition = file.readInt(); partition != END; partition = file.readInt()) {
      byte[] compressed = new byte[file.readInt()];
      file.readFully(compressed);
      visitor.visit(partition, compressed);
    }
  }
}
