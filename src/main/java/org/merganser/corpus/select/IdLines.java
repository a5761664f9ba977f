package org.merganser.corpus.select;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.io.function.IOConsumer;
import org.merganser.checksum.RangeDigest;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.decode.DamagedStreamException;
import org.merganser.corpus.decode.DecodedInput;
import org.merganser.corpus.decode.StoredInput;
import org.merganser.corpus.field.ByteOrderMark;
import org.merganser.store.FileStore;

/** Reads a file of ids, plain or compressed, one a line; empty lines are ignored. */
public final class IdLines {
  private IdLines() {}

  /**
   * Passes on each id, in UTF-8. A byte order mark before the first one is skipped.
   *
   * @throws CorpusException if the file is damaged
   */
  public static void read(InputFile file, IOConsumer<byte[]> ids) throws IOException {
    FileRange range = new FileRange(file, 0, file.size());
    RangeDigest noDigest = null;
    try (StoredInput in = StoredInput.open(range, 0, noDigest);
        DecodedInput decoded = new DecodedInput(in, file.compression());
        BufferedReader lines = FileStore.lines(decoded)) {
      boolean first = true;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String id = first ? ByteOrderMark.removedFrom(line) : line;
        first = false;
        if (!id.isEmpty()) {
          ids.accept(id.getBytes(StandardCharsets.UTF_8));
        }
      }
    } catch (DamagedStreamException e) {
      throw new CorpusException("%s is damaged: %s".formatted(file.location(), e.detail()), e);
    }
  }
}
