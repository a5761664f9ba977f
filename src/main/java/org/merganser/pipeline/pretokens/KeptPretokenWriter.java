package org.merganser.pipeline.pretokens;

import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.apache.commons.io.function.IORunnable;
import org.apache.commons.io.output.UnsynchronizedByteArrayOutputStream;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.Document.Selection;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.Segments;
import org.merganser.store.FileStore;

/**
 * Writes the file of the kept pretokens of a unit while the unit is counted: what the reader passes
 * on, in order, with the numbers of its pretokens in place of the text of a document.
 *
 * <p>The order of the calls for a document: {@link #begin}; {@link #add} for the pretokens of a
 * segment and then {@link #endSegment}, for each segment; {@link #end}. {@link #restart} follows
 * whenever the table that numbers the pretokens was spilled. {@link #publish} is called after the
 * last range, and {@link #close} always. If the file cannot be written, or becomes too large, it is
 * given up, and nothing more is written: encoding then reads the text again.
 *
 * <p>The file has its name, and then records that begin with a kind: {@link #RANGE}, {@link
 * #DOCUMENT} and so on. {@link KeptPretokenBlocks} describes the pretokens of a document. The file
 * ends with its CRC-32C, which detects damage: the folder belongs to the run, and the file is read
 * by the run that wrote it or by one that continues it.
 */
public final class KeptPretokenWriter implements Closeable {
  /** Kind of a record: the end of a range. */
  static final byte RANGE = 1;

  /** Kind of a record: a document, or a part of one, that is encoded. */
  static final byte DOCUMENT = 2;

  /** Kind of a record: a document, or a part of one, that is not encoded. */
  static final byte LEFT_OUT = 3;

  /** Kind of a record: a dead letter. */
  static final byte DEAD_LETTER = 4;

  /** Kind of the last record: the end of the file, before its checksum. */
  static final byte END = 5;

  /** In place of a number from 0 on that does not exist. */
  static final int NONE = -1;

  // The types of the value of a kept field.
  static final byte NO_VALUE = 0;
  static final byte BYTES = 1;
  static final byte LONG = 2;
  static final byte DOUBLE = 3;
  static final byte BOOLEAN = 4;

  /** The bytes that are collected before they are written to the file. */
  private static final int COLLECTED_BYTES = 1 << 16;

  /**
   * The bytes of a document or dead letter in the file, besides its text, that the limit allows.
   */
  private static final int DOCUMENT_BYTES = 256;

  private final FileStore.Draft draft;
  private final Path target;
  private final CRC32C sum = new CRC32C();
  private final OutputStream file;

  /** Collects what is written to the file at once. */
  private final UnsynchronizedByteArrayOutputStream collected =
      UnsynchronizedByteArrayOutputStream.builder().setBufferSize(2 * COLLECTED_BYTES).get();

  private final DataOutputStream out = new DataOutputStream(collected);

  /** The pretokens of the current document. */
  private final KeptPretokenBlocks blocks = new KeptPretokenBlocks();

  /**
   * The most bytes that {@link #written} may have so far: those of the text, a quarter more for
   * text of nothing but new pretokens, and {@link #DOCUMENT_BYTES} for each document.
   */
  private long limit;

  /** The bytes of blocks and dead letters that were written. */
  private long written;

  /** Whether the file was not given up; if it was, the rest of the unit is ignored. */
  private boolean open = true;

  private KeptPretokenWriter(FileStore.Draft draft, Path target) throws IOException {
    this.draft = draft;
    this.target = target;
    this.file = new CheckedOutputStream(Files.newOutputStream(draft.file()), sum);
  }

  /**
   * Begins the file of a unit.
   *
   * @param name of the kept pretokens, with which the file begins
   * @return null if no file can be written there
   */
  static @Nullable KeptPretokenWriter begin(String location, String name) throws IOException {
    FileStore.Draft draft;
    try {
      draft = FileStore.of(location).draft(location);
    } catch (IOException e) {
      return null; // the text is read again
    }
    try {
      KeptPretokenWriter writer = new KeptPretokenWriter(draft, FileStore.localPath(location));
      writer.writeString(name);
      return writer;
    } catch (IOException e) {
      draft.close();
      return null;
    }
  }

  /** Whether the pretokens of the unit may still be kept. */
  public boolean isOpen() {
    return open;
  }

  /** Gives the file up: the pretokens of the unit are not kept. */
  public void giveUp() {
    open = false;
  }

  /** Begins a document, or a part of one, whose pretokens follow. */
  public void begin(Document document) {
    limit += document.length() + document.length() / 4 + DOCUMENT_BYTES;
  }

  /**
   * Adds the next pretokens of a segment; the first four arguments are those of {@code
   * PretokenSink}. Gives the file up if it is too large already.
   *
   * @param numbers as {@code PretokenCounts.number} returns them
   */
  public void add(byte[] text, int start, int[] ends, int count, int[] numbers) {
    if (written + blocks.bytes() > limit) {
      open = false;
    }
    if (open) {
      blocks.add(text, start, ends, count, numbers);
    }
  }

  /** Begins numbers again with 0. */
  public void restart() {
    blocks.restart();
  }

  /** Ends a segment of the document, or its whole text. */
  public void endSegment() {
    blocks.endSegment();
  }

  /** Ends the document, or the part of one, that {@link #begin} began. */
  public void end(Document document) {
    write(
        () -> {
          out.writeByte(DOCUMENT);
          out.writeBoolean(document.selection == Selection.VALIDATION);
          writeString(document.id);
          out.writeBoolean(document.group != null);
          if (document.group != null) {
            writeString(document.group);
          }
          out.writeLong(document.offset);
          out.writeInt(document.part);
          out.writeBoolean(document.lastPart);
          out.writeInt(document.length());
          out.writeInt(document.kept.length);
          for (Object value : document.kept) {
            writeValue(value);
          }
          writeSegments(document.segments);
          blocks.writeTo(out);
        });
    written += blocks.bytes();
    blocks.clear();
  }

  /** Adds a document that is not encoded: neither for training nor for validation. */
  public void leftOut(Document document) {
    write(
        () -> {
          out.writeByte(LEFT_OUT);
          out.writeInt(document.part);
          writeString(document.selection.name());
          out.writeInt(document.selection == Selection.EXCLUDED ? document.excludedPlace : NONE);
        });
  }

  /** Adds a dead letter. */
  public void deadLetter(DeadLetter letter) {
    write(
        () -> {
          out.writeByte(DEAD_LETTER);
          out.writeLong(letter.record());
          out.writeLong(letter.offset());
          out.writeLong(letter.length());
          writeString(letter.sha256());
          writeString(letter.reason().name());
          writeString(letter.detail());
          writeBytes(letter.raw());
          DeadLetter.Part part = letter.part();
          out.writeLong(part == null ? NONE : part.document());
          out.writeInt(part == null ? NONE : part.number());
          out.writeLong(letter.records());
        });
    limit += letter.raw().length + DOCUMENT_BYTES;
    written += letter.raw().length;
  }

  /** Adds the end of a range of the unit. */
  public void rangeRead(RangeReceipt read) {
    write(
        () -> {
          out.writeByte(RANGE);
          out.writeLong(read.records());
          out.writeLong(read.documents());
          out.writeLong(read.deadLetters());
          out.writeLong(read.blank());
          out.writeLong(read.textBytes());
          out.writeLong(read.rawBytes());
          writeString(Objects.requireNonNull(read.sum().sha256(), "a first reading"));
        });
  }

  /** Publishes the file of a unit that has been read completely, unless it was given up. */
  public void publish() {
    write(
        () -> {
          out.writeByte(END);
          flush();
          out.writeInt((int) sum.getValue());
          flush();
          file.close();
          Files.move(draft.file(), target, StandardCopyOption.ATOMIC_MOVE);
        });
  }

  /** Closes the file; others find it only after {@link #publish}. */
  @Override
  public void close() throws IOException {
    try (draft) {
      file.close();
    } catch (IOException e) {
      open = false; // what was not written is not needed
    }
  }

  /** Writes the value of a kept field, after its type. */
  private void writeValue(@Nullable Object value) throws IOException {
    if (value instanceof byte[] bytes) {
      out.writeByte(BYTES);
      writeBytes(bytes);
    } else if (value instanceof Long number) {
      out.writeByte(LONG);
      out.writeLong(number);
    } else if (value instanceof Double number) {
      out.writeByte(DOUBLE);
      out.writeDouble(number);
    } else if (value instanceof Boolean truth) {
      out.writeByte(BOOLEAN);
      out.writeBoolean(truth);
    } else if (value == null) {
      out.writeByte(NO_VALUE);
    } else {
      throw new IllegalStateException("a kept value is a " + value.getClass());
    }
  }

  /** Writes the number of segments and the end and loss of each; {@link #NONE} for null. */
  private void writeSegments(@Nullable Segments segments) throws IOException {
    if (segments == null) {
      out.writeInt(NONE);
      return;
    }
    out.writeInt(segments.count());
    for (int i = 0; i < segments.count(); i++) {
      out.writeInt(segments.end(i));
      out.writeBoolean(segments.hasLoss(i));
    }
  }

  /** Writes unless the file was given up; gives it up if it cannot be written. */
  private void write(IORunnable content) {
    if (!open) {
      return;
    }
    try {
      content.run();
      if (collected.size() >= COLLECTED_BYTES) {
        flush();
      }
    } catch (IOException e) {
      open = false; // such as a full disk; the text is read again
    }
  }

  private void flush() throws IOException {
    collected.writeTo(file);
    collected.reset();
  }

  private void writeString(String text) throws IOException {
    writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private void writeBytes(byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
