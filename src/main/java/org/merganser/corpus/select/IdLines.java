package org.merganser.corpus.select;

import java.io.IOException;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.decode.DamagedStreamException;
import org.merganser.corpus.decode.DecodedInput;
import org.merganser.corpus.decode.StoredInput;
import org.merganser.corpus.field.ByteSearch;

/** Reads a file of ids, plain or compressed, one a line; empty lines hold none. */
public final class IdLines {
  private static final int CHUNK = 1 << 18;

  /** Bytes of an id: a list of other things than ids would be cut here. */
  private static final int LONGEST = 1 << 16;

  private IdLines() {}

  /** Receives ids, in UTF-8, without line ends. */
  @FunctionalInterface
  public interface Sink {
    void id(byte[] bytes, int from, int to) throws IOException;
  }

  /**
   * Hands on the ids of a file in order.
   *
   * @throws CorpusException where the file is damaged, or a line has more than 64 KiB
   */
  public static void read(InputFile file, Sink ids) throws IOException {
    FileRange range = new FileRange(file, 0, file.size());
    try (StoredInput in = StoredInput.open(range, 0, null);
        DecodedInput decoded = new DecodedInput(in, file.compression())) {
      byte[] bytes = new byte[CHUNK + LONGEST];
      int held = 0;
      long place = 0;
      int n = decoded.read(bytes, 0, CHUNK);
      while (n > 0) {
        int to = held + n;
        int from = place == 0 && ByteSearch.startsWithMark(bytes, 0, to) ? 3 : 0;
        int newline = ByteSearch.indexOf(bytes, from, to, (byte) '\n');
        while (newline >= 0) {
          hand(bytes, from, newline, ids);
          from = newline + 1;
          newline = ByteSearch.indexOf(bytes, from, to, (byte) '\n');
        }
        place += from;
        held = to - from;
        if (held > LONGEST) {
          throw new CorpusException(
              "corpus.excludeIds: %s has a line of more than %s bytes at byte %s; it must have one id a line"
                  .formatted(file.location(), LONGEST, place));
        }
        System.arraycopy(bytes, from, bytes, 0, held);
        n = decoded.read(bytes, held, CHUNK);
      }
      hand(bytes, 0, held, ids);
    } catch (DamagedStreamException e) {
      throw new CorpusException(
          "corpus.excludeIds: %s is damaged: %s".formatted(file.location(), e.detail()), e);
    }
  }

  private static void hand(byte[] bytes, int from, int to, Sink ids) throws IOException {
    int end = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
    if (end > from) {
      ids.id(bytes, from, end);
    }
  }
}
