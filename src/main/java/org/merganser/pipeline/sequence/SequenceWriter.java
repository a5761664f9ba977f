package org.merganser.pipeline.sequence;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.corpus.Document;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.Selection;
import org.merganser.store.FileStore;

/**
 * Writes the sequence of a unit while the unit is counted. For each document it has the data of its
 * row and the numbers of its pretokens in the table of counts. The distinct pretokens follow after
 * all documents, in the order of their numbers. A number takes two bytes, or six bytes above
 * 65,534. So only rare pretokens have long numbers, and both passes rarely take the branch for
 * these.
 *
 * <p>A unit gets a sequence only if it holds whole documents alone, each of them counted, kept for
 * validation or left out. It gets none if the sequence would be larger than the text: {@link
 * #giveUp}.
 *
 * <p>The checksum is CRC-32C, which detects damage only: the folder belongs to the run, and the
 * file is read by the run that wrote it or by one that continues it.
 */
public final class SequenceWriter implements Closeable {
  static final byte RANGE = 1;
  static final byte DOCUMENT = 2;
  static final byte LEFT_OUT = 3;
  static final byte END = 4;

  /** A marker: the number follows in four bytes. */
  static final int LONG_NUMBER = 0xFFFF;

  static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final int LONGEST_NUMBER = 6;

  /** The most bytes of a document in the sequence beside its pretokens. */
  private static final int DOCUMENT_BYTES = 256;

  private final FileStore.Draft draft;
  private final CRC32C sum = new CRC32C();
  private final DataOutputStream out;
  private byte[] numbers = new byte[1 << 16];
  private int length;

  /** The most bytes that the sequence may have so far. */
  private long limit;

  private long written;
  private boolean open = true;

  SequenceWriter(FileStore.Draft draft) throws IOException {
    this.draft = draft;
    this.out =
        new DataOutputStream(
            new BufferedOutputStream(
                new CheckedOutputStream(Files.newOutputStream(draft.file()), sum), 1 << 16));
  }

  /** Whether the unit may still get a sequence. */
  public boolean isOpen() {
    return open;
  }

  /** The unit gets no sequence. */
  public void giveUp() {
    open = false;
  }

  /** Begins a whole document whose pretokens follow. */
  public void begin(Document document) {
    length = 0;
    limit += document.length() + DOCUMENT_BYTES;
  }

  /** Adds the numbers of the next pretokens of the document. */
  public void add(int[] of, int count) {
    if (!open || written + length > limit) {
      open = false;
      return;
    }
    int most = Math.addExact(length, Math.multiplyExact(count, LONGEST_NUMBER));
    if (most > numbers.length) {
      numbers = Arrays.copyOf(numbers, (int) Math.min(Integer.MAX_VALUE - 16L, 2L * most));
    }
    byte[] to = numbers;
    int at = length;
    for (int i = 0; i < count; i++) {
      int number = of[i];
      if (number < LONG_NUMBER) {
        SHORT.set(to, at, (short) number);
        at += Short.BYTES;
      } else {
        SHORT.set(to, at, (short) LONG_NUMBER);
        INT.set(to, at + Short.BYTES, number);
        at += LONGEST_NUMBER;
      }
    }
    length = at;
  }

  /** Ends the document that was begun. */
  public void end(Document document) throws IOException {
    if (!open) {
      return;
    }
    out.writeByte(DOCUMENT);
    out.writeBoolean(document.selection == Selection.VALIDATION);
    string(document.id);
    out.writeBoolean(document.group != null);
    if (document.group != null) {
      string(document.group);
    }
    out.writeLong(document.offset);
    out.writeInt(document.length());
    out.writeInt(length);
    out.write(numbers, 0, length);
    written += length;
  }

  /** Adds a document that is not encoded: a duplicate, or one whose id is excluded. */
  public void leftOut(Document document) throws IOException {
    if (open) {
      out.writeByte(LEFT_OUT);
      out.writeInt(document.selection == Selection.EXCLUDED ? document.excludedPlace : -1);
    }
  }

  /** Adds the end of a range of the unit. */
  public void rangeRead(RangeReceipt read) throws IOException {
    if (open) {
      out.writeByte(RANGE);
      out.writeLong(read.records());
      out.writeLong(read.documents());
      out.writeLong(read.blank());
      out.writeLong(read.textBytes());
      out.writeLong(read.rawBytes());
      string(read.sha256());
    }
  }

  private void string(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** Publishes the sequence of a unit that has been read, unless it was given up. */
  public void publish(PretokenCounts table) throws IOException {
    if (!open) {
      return;
    }
    out.writeByte(END);
    out.flush();
    long distinctAt = Files.size(draft.file());
    out.writeInt(table.distinct());
    table.forEachNumbered((bytes, from, to, count) -> pretoken(bytes, from, to - from));
    out.writeLong(distinctAt);
    out.flush();
    out.writeInt((int) sum.getValue());
    out.close();
    draft.publish();
  }

  private void pretoken(byte[] bytes, int from, int length) {
    try {
      out.writeInt(length);
      out.write(bytes, from, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes the file; the sequence exists only after {@link #publish}. */
  @Override
  public void close() throws IOException {
    try {
      out.close();
    } finally {
      draft.close();
    }
  }
}
