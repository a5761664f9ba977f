package org.merganser.pipeline.pretokens;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.merganser.binary.ByteBuilder;
import org.merganser.binary.LittleEndian;
import org.merganser.bpe.IdBuffer;

/**
 * Collects the pretokens of a document in blocks, from which {@link KeptPretokenIds} makes ids.
 *
 * <p>The pretokens of a segment are a block: whether numbers begin again, as a byte; the number of
 * new pretokens, and the bytes of their lengths and of the codes, as varints; the lengths, as
 * varints; the bytes of the new pretokens; and a code for each pretoken. Numbers count first
 * occurrences, from 0. A code is a number in two bytes, or a mark: {@link #LONG_NUMBER}, before a
 * number from {@link #FIRST_MARKER} on in four bytes, or {@link #NEXT} at the first occurrence of
 * such a number. So only rare pretokens have long codes. When the table that numbers the pretokens
 * is spilled, a block begins.
 *
 * <p>The order of the calls for a document: {@link #add} for the pretokens of a segment and then
 * {@link #endSegment}, for each segment; {@link #writeTo}; {@link #clear}. {@link #restart} follows
 * whenever the table was spilled.
 */
final class KeptPretokenBlocks {
  /** Codes from here on are marks; numbers from here on do not fit a code. */
  static final int FIRST_MARKER = 0xFFFE;

  /** Stands for the next number from {@link #FIRST_MARKER} on, at its first occurrence. */
  static final int NEXT = 0xFFFE;

  /** A number follows, in four bytes. */
  static final int LONG_NUMBER = 0xFFFF;

  /** The bytes of {@link #LONG_NUMBER} and its number. */
  private static final int LONGEST_CODE = Short.BYTES + Integer.BYTES;

  /** Whether numbers begin again with the current block. */
  private boolean restarted;

  /** The number of new pretokens of the current block. */
  private int newPretokens;

  // The parts of the current block: the lengths and bytes of the new pretokens, and all codes.
  private final ByteBuilder lengths = new ByteBuilder(1 << 10);
  private final ByteBuilder words = new ByteBuilder(1 << 14);
  private final ByteBuilder codes = new ByteBuilder(1 << 14);

  /** The blocks of the document that have ended. */
  private final ByteBuilder blocks = new ByteBuilder(1 << 16);

  /** Where the blocks of each segment end. */
  private final IdBuffer segmentEnds = new IdBuffer(1 << 4);

  /**
   * Adds the next pretokens of a segment; the first four arguments are those of {@code
   * PretokenSink}.
   *
   * @param numbers as {@code PretokenCounts.number} returns them: negative for a new pretoken
   */
  void add(byte[] text, int start, int[] ends, int count, int[] numbers) {
    int i = 0;
    while (i < count) {
      i = addKnown(i, count, numbers);
      if (i < count) {
        int from = i == 0 ? start : ends[i - 1];
        lengths.appendVarint(ends[i] - from);
        words.append(text, from, ends[i]);
        int number = ~numbers[i];
        codes.appendShort(number < FIRST_MARKER ? number : NEXT);
        newPretokens++;
        i++;
      }
    }
  }

  /**
   * Adds the numbers from {@code first} on until one is that of a new pretoken; returns its index.
   */
  private int addKnown(int first, int count, int[] numbers) {
    codes.ensure(LONGEST_CODE * (count - first));
    byte[] target = codes.bytes();
    int at = codes.length();
    int i = first;
    for (; i < count && numbers[i] >= 0; i++) {
      if (numbers[i] < FIRST_MARKER) {
        LittleEndian.SHORT.set(target, at, (short) numbers[i]);
        at += Short.BYTES;
      } else {
        LittleEndian.SHORT.set(target, at, (short) LONG_NUMBER);
        LittleEndian.INT.set(target, at + Short.BYTES, numbers[i]);
        at += LONGEST_CODE;
      }
    }
    codes.setLength(at);
    return i;
  }

  /** Begins numbers again with 0. */
  void restart() {
    endBlock();
    restarted = true;
  }

  /** Ends a segment of the document, or its whole text. */
  void endSegment() {
    endBlock();
    segmentEnds.add(blocks.length());
  }

  /** Ends the current block, unless it has no pretoken. */
  private void endBlock() {
    if (codes.length() == 0) {
      return; // the next block says whether numbers begin again
    }
    blocks.append((byte) (restarted ? 1 : 0));
    blocks.appendVarint(newPretokens);
    blocks.appendVarint(lengths.length());
    blocks.appendVarint(codes.length());
    for (ByteBuilder part : List.of(lengths, words, codes)) {
      blocks.append(part.bytes(), 0, part.length());
      part.clear();
    }
    restarted = false;
    newPretokens = 0;
  }

  /**
   * The bytes of the document so far, without the lengths of new pretokens in the current block.
   */
  long bytes() {
    return (long) blocks.length() + words.length() + codes.length();
  }

  /** Writes where the blocks of each segment end, and then the blocks. */
  void writeTo(DataOutputStream out) throws IOException {
    for (int i = 0; i < segmentEnds.size(); i++) {
      out.writeInt(segmentEnds.ids()[i]);
    }
    out.write(blocks.bytes(), 0, blocks.length());
  }

  /** Removes the blocks of the document. */
  void clear() {
    blocks.clear();
    segmentEnds.clear();
  }
}
