package org.merganser.pipeline.sequence;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.Segments;
import org.merganser.corpus.Selection;
import org.merganser.corpus.WorkUnit;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Encoder;

/**
 * Passes on what a unit holds without reading its text, and has the ids of its documents. Memory:
 * the pretokens of a document, eight bytes a distinct pretoken, and the ids of pretokens with more
 * than three.
 */
public final class SequenceReader implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final DataInputStream in;
  private final Document document = new Document();
  private final Segments segments = new Segments();
  private int[] segmentEnds = new int[16];
  private byte[] blocks = new byte[BUFFER];
  private @Nullable SequenceIds ids;

  private SequenceReader(DataInputStream in) {
    this.in = in;
  }

  /** Opens a sequence; null if its bytes are not those that were written. */
  static @Nullable SequenceReader open(String location, String name) throws IOException {
    FileStore store = FileStore.of(location);
    if (!store.exists(location) || !isWhole(store, location)) {
      return null;
    }
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(store.open(location, 0), BUFFER));
    try {
      SequenceReader reader = new SequenceReader(in);
      if (reader.string().equals(name)) {
        return reader;
      }
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
    in.close();
    return null;
  }

  /** Whether the checksum at the end is that of all bytes before it. */
  private static boolean isWhole(FileStore store, String location) throws IOException {
    CRC32C sum = new CRC32C();
    long left = store.stat(location).size() - Integer.BYTES;
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = store.open(location, 0)) {
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          return false;
        }
        sum.update(buffer, 0, read);
        left -= read;
      }
      DataInputStream last = new DataInputStream(in);
      return left == 0 && last.readInt() == (int) sum.getValue();
    }
  }

  /** Passes the documents and dead letters of the unit to the handler, each with its selection. */
  public void read(WorkUnit unit, Encoder encoder, DocumentHandler handler) throws IOException {
    ids = new SequenceIds(encoder);
    for (FileRange range : unit.ranges()) {
      document.file = range.file().path();
      byte kind = in.readByte();
      for (; kind != SequenceWriter.RANGE; kind = in.readByte()) {
        switch (kind) {
          case SequenceWriter.DOCUMENT -> {
            readDocument();
            handler.document(document);
          }
          case SequenceWriter.LEFT_OUT -> {
            readLeftOut();
            handler.document(document);
          }
          case SequenceWriter.DEAD_LETTER -> handler.deadLetter(readLetter());
          default -> throw new IllegalStateException("kind " + kind + " in a sequence");
        }
      }
      long records = in.readLong();
      long documents = in.readLong();
      long deadLetters = in.readLong();
      long blank = in.readLong();
      long textBytes = in.readLong();
      long rawBytes = in.readLong();
      handler.rangeRead(
          new RangeReceipt(
              range, records, documents, deadLetters, blank, textBytes, rawBytes, string()));
    }
  }

  private void readDocument() throws IOException {
    document.selection = in.readBoolean() ? Selection.VALIDATION : Selection.TRAINING;
    document.id = string();
    document.group = in.readBoolean() ? string() : null;
    document.offset = in.readLong();
    document.part = in.readInt();
    document.lastPart = in.readBoolean();
    document.to = in.readInt();
    document.kept = new @Nullable Object[in.readInt()];
    for (int i = 0; i < document.kept.length; i++) {
      document.kept[i] = value();
    }
    int count = in.readInt();
    document.segments = count < 0 ? null : segments;
    segments.clear();
    for (int i = 0; i < count; i++) {
      int end = in.readInt();
      segments.add(end, in.readBoolean());
    }
    int parts = document.segmentCount();
    if (parts > segmentEnds.length) {
      segmentEnds = new int[2 * parts];
    }
    for (int i = 0; i < parts; i++) {
      segmentEnds[i] = in.readInt();
    }
    int length = parts == 0 ? 0 : segmentEnds[parts - 1];
    if (length > blocks.length) {
      blocks = new byte[(int) Math.min(Integer.MAX_VALUE - 16L, 2L * length)];
    }
    in.readFully(blocks, 0, length);
  }

  private void readLeftOut() throws IOException {
    document.part = in.readInt();
    document.selection = Selection.valueOf(string());
    document.excludedPlace = in.readInt();
  }

  private DeadLetter readLetter() throws IOException {
    long record = in.readLong();
    long offset = in.readLong();
    long length = in.readLong();
    String sha256 = string();
    DeadLetter.Reason reason = DeadLetter.Reason.valueOf(string());
    String detail = string();
    byte[] raw = bytes();
    long begin = in.readLong();
    int number = in.readInt();
    DeadLetter.Part part = number < 0 ? null : new DeadLetter.Part(begin, number);
    return new DeadLetter(
        document.file, record, offset, length, sha256, reason, detail, raw, part, in.readLong());
  }

  private @Nullable Object value() throws IOException {
    byte kind = in.readByte();
    return switch (kind) {
      case SequenceWriter.NO_VALUE -> null;
      case SequenceWriter.BYTES -> bytes();
      case SequenceWriter.LONG -> (Object) in.readLong();
      case SequenceWriter.DOUBLE -> (Object) in.readDouble();
      case SequenceWriter.BOOLEAN -> (Object) in.readBoolean();
      default -> throw new IllegalStateException("value " + kind + " in a sequence");
    };
  }

  private String string() throws IOException {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  private byte[] bytes() throws IOException {
    return in.readNBytes(in.readInt());
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
}
