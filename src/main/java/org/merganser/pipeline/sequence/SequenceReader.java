package org.merganser.pipeline.sequence;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.Selection;
import org.merganser.corpus.WorkUnit;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Encoder;

/**
 * Replays the documents of a unit without their text, and gives their ids: each distinct pretoken
 * is encoded once. Memory: eight bytes a distinct pretoken, and the ids of pretokens with more than
 * three ids.
 */
public final class SequenceReader implements Closeable {
  /** The file ends with the place of the distinct pretokens and the checksum. */
  private static final int END_BYTES = Long.BYTES + Integer.BYTES;

  private static final int BUFFER = 1 << 16;

  /** Spare bytes after a pretoken, so that two longs can be read from it. */
  private static final int ROOM = 16;

  private final DataInputStream in;
  private final DataInputStream distinct;
  private final Document document = new Document();

  private byte[] numbers = new byte[1 << 16];
  private int length;
  private NumberedIds ids = new NumberedIds(0);

  private SequenceReader(DataInputStream in, DataInputStream distinct) {
    this.in = in;
    this.distinct = distinct;
  }

  private static DataInputStream buffered(InputStream in) {
    return new DataInputStream(new BufferedInputStream(in, BUFFER));
  }

  /** Opens an existing file; null where its bytes are not those that were written. */
  static @Nullable SequenceReader open(String location) throws IOException {
    FileStore store = FileStore.of(location);
    long end = store.stat(location).size() - END_BYTES;
    if (end < 0) {
      return null;
    }
    CRC32C sum = new CRC32C();
    try (InputStream whole = store.open(location, 0)) {
      byte[] buffer = new byte[BUFFER];
      for (long left = end + Long.BYTES; left > 0; ) {
        int read = whole.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          return null;
        }
        sum.update(buffer, 0, read);
        left -= read;
      }
    }
    long distinctAt;
    try (DataInputStream last = buffered(store.open(location, end))) {
      distinctAt = last.readLong();
      if (last.readInt() != (int) sum.getValue()) {
        return null;
      }
    }
    DataInputStream in = buffered(store.open(location, 0));
    try {
      return new SequenceReader(in, buffered(store.open(location, distinctAt)));
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** Encodes the pretokens and then passes the documents of the unit to the handler. */
  public void read(WorkUnit unit, Encoder encoder, DocumentHandler handler) throws IOException {
    encode(encoder);
    for (FileRange range : unit.ranges()) {
      document.file = range.file().path();
      byte kind = in.readByte();
      for (; kind != SequenceWriter.RANGE; kind = in.readByte()) {
        if (kind == SequenceWriter.DOCUMENT) {
          readDocument();
        } else {
          readLeftOut();
        }
        handler.document(document);
      }
      handler.rangeRead(
          new RangeReceipt(
              range,
              in.readLong(),
              in.readLong(),
              0,
              in.readLong(),
              in.readLong(),
              in.readLong(),
              string()));
    }
  }

  private void readDocument() throws IOException {
    document.selection = in.readBoolean() ? Selection.VALIDATION : Selection.TRAINING;
    document.id = string();
    document.group = in.readBoolean() ? string() : null;
    document.offset = in.readLong();
    document.to = in.readInt();
    length = in.readInt();
    if (numbers.length < length) {
      numbers = new byte[length];
    }
    in.readFully(numbers, 0, length);
  }

  private void readLeftOut() throws IOException {
    int place = in.readInt();
    document.selection = place < 0 ? Selection.DUPLICATE : Selection.EXCLUDED;
    document.excludedPlace = place;
  }

  private String string() throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }

  private void encode(Encoder encoder) throws IOException {
    int count = distinct.readInt();
    ids = new NumberedIds(count);
    byte[] pretoken = new byte[0];
    for (int number = 0; number < count; number++) {
      int size = distinct.readInt();
      if (pretoken.length < size + ROOM) {
        pretoken = new byte[2 * (size + ROOM)];
      }
      distinct.readFully(pretoken, 0, size);
      ids.add(encoder, pretoken, 0, size);
    }
  }

  /** Appends the ids of the document that the handler received last. */
  public void appendIds(IdBuffer out) {
    ids.append(numbers, length, out);
  }

  @Override
  public void close() throws IOException {
    try (in) {
      distinct.close();
    }
  }
}
