package org.merganser.pipeline.pretokens;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.checksum.RangeSum;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.Document.Selection;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.Segments;
import org.merganser.corpus.WorkUnit;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Encoder;

/**
 * Reads the file that {@link KeptPretokenWriter} has written of a unit: passes on its documents
 * without their text, and appends their ids. {@link #read} passes on a document, and the handler
 * that receives it calls {@link #appendIds} for each segment in order. Memory: the file, if it has
 * at most 16 MiB, the pretokens of a document, and the entries of {@link KeptPretokenIds}.
 */
public final class KeptPretokenReader implements Closeable {
  private static final int BUFFER_BYTES = 1 << 16;

  /** The bytes of the largest file that is held in memory. */
  private static final int MAX_IN_MEMORY = 1 << 24;

  /** A little less than the largest array of a JVM. */
  private static final long MAX_ARRAY = Integer.MAX_VALUE - 16L;

  private final KeptPretokenInput in;

  /** The document that is passed on; each is read into this object. */
  private final Document document = new Document();

  private final Segments segments = new Segments();

  /** The {@link KeptPretokenBlocks} of the document. */
  private byte[] blocks = new byte[BUFFER_BYTES];

  /** Where the blocks of each segment end. */
  private int[] segmentEnds = new int[16];

  /** Null before {@link #read}. */
  private @Nullable KeptPretokenIds ids;

  private KeptPretokenReader(KeptPretokenInput in) {
    this.in = in;
  }

  /**
   * Opens the kept pretokens of a unit.
   *
   * @param name of the kept pretokens, with which the file begins
   * @return null if there is no file, or if its bytes are not those that were written
   */
  static @Nullable KeptPretokenReader open(String location, String name) throws IOException {
    return open(location, name, MAX_IN_MEMORY);
  }

  /**
   * {@link #open(String, String)} with another limit.
   *
   * @param maxInMemory the bytes of the largest file that is held in memory; a larger one is read
   *     twice, since its checksum is at its end
   */
  static @Nullable KeptPretokenReader open(String location, String name, int maxInMemory)
      throws IOException {
    FileStore store = FileStore.of(location);
    if (!store.exists(location)) {
      return null;
    }
    KeptPretokenInput in = openIfWhole(store, location, maxInMemory);
    if (in == null) {
      return null;
    }
    KeptPretokenReader reader = new KeptPretokenReader(in);
    boolean hasName = false;
    try {
      hasName = reader.readString().equals(name);
    } finally {
      if (!hasName) {
        in.close();
      }
    }
    return hasName ? reader : null;
  }

  /** Opens a file if its checksum is right; null if it is not. */
  private static @Nullable KeptPretokenInput openIfWhole(
      FileStore store, String location, int maxInMemory) throws IOException {
    long size = store.stat(location).size();
    if (size <= maxInMemory) {
      byte[] file = store.readAll(location);
      return isWhole(file) ? new KeptPretokenInput(file) : null;
    }
    try (InputStream file = store.open(location, 0)) {
      if (!isWhole(file, size)) {
        return null;
      }
    }
    return new KeptPretokenInput(store.open(location, 0));
  }

  /**
   * Passes the documents and dead letters of the unit to the handler, each with its selection.
   *
   * @param encoder encodes the distinct pretokens
   * @throws IOException if the handler fails, or the file is shorter now than when it was opened
   */
  public void read(WorkUnit unit, Encoder encoder, DocumentHandler handler) throws IOException {
    ids = new KeptPretokenIds(encoder);
    for (FileRange range : unit.ranges()) {
      document.file = range.file().path();
      byte kind = in.readByte();
      while (kind != KeptPretokenWriter.RANGE) {
        passOn(kind, handler);
        kind = in.readByte();
      }
      handler.rangeRead(readRange(range));
    }
    byte end = in.readByte();
    if (end != KeptPretokenWriter.END) {
      throw new IllegalStateException("kind " + end + " after the last range of kept pretokens");
    }
  }

  /** Reads a record of this kind, and passes it on. */
  private void passOn(byte kind, DocumentHandler handler) throws IOException {
    switch (kind) {
      case KeptPretokenWriter.DOCUMENT -> {
        readDocument();
        handler.document(document);
      }
      case KeptPretokenWriter.LEFT_OUT -> {
        readLeftOut();
        handler.document(document);
      }
      case KeptPretokenWriter.DEAD_LETTER -> handler.deadLetter(readDeadLetter());
      default -> throw new IllegalStateException("kind " + kind + " among kept pretokens");
    }
  }

  /** Appends the ids of a segment of the document that the handler received last. */
  public void appendIds(int segment, IdBuffer out) {
    int from = segment == 0 ? 0 : segmentEnds[segment - 1];
    Objects.requireNonNull(ids, "read was called").append(blocks, from, segmentEnds[segment], out);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Reads the counts of a range, after its kind. */
  private RangeReceipt readRange(FileRange range) throws IOException {
    long records = in.readLong();
    long documents = in.readLong();
    long deadLetters = in.readLong();
    long blank = in.readLong();
    long textBytes = in.readLong();
    long rawBytes = in.readLong();
    String sha256 = readString();
    Integer noCrc32c = null;
    RangeSum sum = new RangeSum(sha256, noCrc32c);
    return new RangeReceipt(
        range, records, documents, deadLetters, blank, textBytes, rawBytes, sum);
  }

  /** Reads a document that is encoded, after its kind. */
  private void readDocument() throws IOException {
    document.selection = in.readBoolean() ? Selection.VALIDATION : Selection.TRAINING;
    document.id = readString();
    document.group = in.readBoolean() ? readString() : null;
    document.offset = in.readLong();
    document.part = in.readInt();
    document.lastPart = in.readBoolean();
    document.to = in.readInt();
    document.kept = new @Nullable Object[in.readInt()];
    for (int i = 0; i < document.kept.length; i++) {
      document.kept[i] = readValue();
    }
    document.segments = readSegments();
    readBlocks();
  }

  /** Reads the segments of a document; null if it has none. */
  private @Nullable Segments readSegments() throws IOException {
    segments.clear();
    int count = in.readInt();
    if (count == KeptPretokenWriter.NONE) {
      return null;
    }
    for (int i = 0; i < count; i++) {
      int end = in.readInt();
      segments.add(end, in.readBoolean());
    }
    return segments;
  }

  /** Reads the blocks of the document, without decoding them. */
  private void readBlocks() throws IOException {
    int parts = document.segmentCount();
    if (parts > segmentEnds.length) {
      segmentEnds = new int[2 * parts];
    }
    for (int i = 0; i < parts; i++) {
      segmentEnds[i] = in.readInt();
    }
    int length = parts == 0 ? 0 : segmentEnds[parts - 1];
    if (length > blocks.length) {
      blocks = new byte[(int) Math.min(MAX_ARRAY, 2L * length)];
    }
    in.readFully(blocks, length);
  }

  /** Reads a document that is left out, of which only these fields are valid. */
  private void readLeftOut() throws IOException {
    document.part = in.readInt();
    document.selection = Selection.valueOf(readString());
    document.excludedPlace = in.readInt();
  }

  /** Reads a dead letter, after its kind. */
  private DeadLetter readDeadLetter() throws IOException {
    long record = in.readLong();
    long offset = in.readLong();
    long length = in.readLong();
    String sha256 = readString();
    DeadLetter.Reason reason = DeadLetter.Reason.valueOf(readString());
    String detail = readString();
    byte[] raw = readBytes();
    long begin = in.readLong();
    int number = in.readInt();
    DeadLetter.Part part =
        number == KeptPretokenWriter.NONE ? null : new DeadLetter.Part(begin, number);
    return new DeadLetter(
        document.file, record, offset, length, sha256, reason, detail, raw, part, in.readLong());
  }

  /** Reads the value of a kept field, after its type. */
  private @Nullable Object readValue() throws IOException {
    byte type = in.readByte();
    return switch (type) {
      case KeptPretokenWriter.NO_VALUE -> null;
      case KeptPretokenWriter.BYTES -> readBytes();
      case KeptPretokenWriter.LONG -> (Object) in.readLong();
      case KeptPretokenWriter.DOUBLE -> (Object) in.readDouble();
      case KeptPretokenWriter.BOOLEAN -> (Object) in.readBoolean();
      default -> throw new IllegalStateException("value " + type + " among kept pretokens");
    };
  }

  private String readString() throws IOException {
    return new String(readBytes(), StandardCharsets.UTF_8);
  }

  private byte[] readBytes() throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes, bytes.length);
    return bytes;
  }

  /** Whether the checksum at the end is that of all bytes before it. */
  private static boolean isWhole(byte[] file) {
    int end = file.length - Integer.BYTES;
    CRC32C sum = new CRC32C();
    sum.update(file, 0, Math.max(0, end));
    return end >= 0 && ByteBuffer.wrap(file).getInt(end) == (int) sum.getValue();
  }

  /**
   * Whether the checksum at the end of a file is that of all bytes before it.
   *
   * @param size of the file
   */
  private static boolean isWhole(InputStream file, long size) throws IOException {
    CRC32C sum = new CRC32C();
    long left = size - Integer.BYTES;
    byte[] buffer = new byte[BUFFER_BYTES];
    while (left > 0) {
      int read = file.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        return false;
      }
      sum.update(buffer, 0, read);
      left -= read;
    }
    return left == 0 && new DataInputStream(file).readInt() == (int) sum.getValue();
  }
}
