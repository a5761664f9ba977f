package org.merganser.corpus.select;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;

/**
 * The parts that one unit has of a document, by number, length and SHA-256. Documents have the same
 * text where they have the same parts: where one is cut depends on its bytes alone, and not on the
 * ranges that its file is read in.
 *
 * <p>The hash of a document in parts is the second half of the SHA-256 over those of its parts; the
 * hash of a text that is read as a whole is the first half of its own. So no text can be made up
 * that looks like the parts of another.
 *
 * <p>Memory: 40 bytes a part where they are kept for another unit to go on with, else none.
 */
final class TextFragment {
  private static final int PART_BYTES = 2 * Integer.BYTES + 32;
  private static final int THERE = 1;
  private static final int ENDS = 2;
  private static final int DEAD = 4;

  /** The number of the document in the unit; -1 while the unit has handed on no part of it. */
  int ordinal = -1;

  /** Whether a part became a dead letter. */
  boolean dead;

  /** Whether the last part is here. */
  boolean ends;

  private final MessageDigest digest = Sha256.newDigest();
  private final @Nullable ByteArrayOutputStream kept;

  /**
   * @param kept whether the parts can be written
   */
  TextFragment(boolean kept) {
    this.kept = kept ? new ByteArrayOutputStream() : null;
  }

  void add(int part, int length, byte[] sha256) {
    byte[] entry = ByteBuffer.allocate(PART_BYTES).putInt(part).putInt(length).put(sha256).array();
    digest.update(entry);
    if (kept != null) {
      kept.writeBytes(entry);
    }
  }

  /** Goes on with the parts that another unit has. */
  void add(TextFragment next) {
    digest.update(next.bytes());
    dead |= next.dead;
  }

  /** The 16 bytes that stand for the text; ends the fragment. */
  byte[] hash() {
    return Arrays.copyOfRange(digest.digest(), 16, 32);
  }

  private byte[] bytes() {
    if (kept == null) {
      throw new IllegalStateException("the parts were not kept");
    }
    return kept.toByteArray();
  }

  static void write(@Nullable TextFragment fragment, DataOutputStream out) throws IOException {
    if (fragment == null) {
      out.writeByte(0);
      return;
    }
    out.writeByte(THERE | (fragment.ends ? ENDS : 0) | (fragment.dead ? DEAD : 0));
    out.writeInt(fragment.ordinal);
    byte[] parts = fragment.bytes();
    out.writeInt(parts.length / PART_BYTES);
    out.write(parts);
  }

  /** What {@link #write} wrote. */
  static @Nullable TextFragment read(DataInputStream in) throws IOException {
    int state = in.readByte();
    if (state == 0) {
      return null;
    }
    TextFragment fragment = new TextFragment(true);
    fragment.ends = (state & ENDS) != 0;
    fragment.dead = (state & DEAD) != 0;
    fragment.ordinal = in.readInt();
    byte[] entry = new byte[PART_BYTES];
    for (int i = in.readInt(); i > 0; i--) {
      in.readFully(entry);
      fragment.digest.update(entry);
      if (fragment.kept != null) {
        fragment.kept.writeBytes(entry);
      }
    }
    return fragment;
  }

  /** How many bytes {@link #write} wrote. */
  static long size(@Nullable TextFragment fragment) {
    return fragment == null ? 1 : 1 + 2 * Integer.BYTES + fragment.bytes().length;
  }
}
