package org.merganser.corpus;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.merganser.checksum.FileSum;
import org.merganser.json.Json;
import org.merganser.store.FileStore;
import org.merganser.store.SummedOutputStream;

/**
 * A file of dead letters, {@code .jsonl.zst}: a line for each, with the components of {@link
 * DeadLetter}. Of those, {@code part} becomes two keys, {@code document} and {@code part}, and is
 * left out for a complete record; {@code records} is left out if it is 1; {@code raw} is Base64.
 * Equal letters have equal bytes.
 */
public final class DeadLetterFile implements Closeable {
  private final SummedOutputStream file;
  private final ZstdOutputStreamNoFinalizer zstd;

  /** Creates {@code path}, replacing an existing file. */
  public DeadLetterFile(Path path) throws IOException {
    file = SummedOutputStream.of(path);
    zstd = new ZstdOutputStreamNoFinalizer(file);
    zstd.setChecksum(true);
  }

  /** The lines of a file of dead letters, each read when it is asked for; the caller closes it. */
  public static MappingIterator<ObjectNode> read(String location) throws IOException {
    return Json.MAPPER
        .readerFor(ObjectNode.class)
        .readValues(new ZstdInputStreamNoFinalizer(FileStore.of(location).open(location, 0)));
  }

  /** Appends the line of a dead letter. */
  public void write(DeadLetter letter) throws IOException {
    ObjectNode line = Json.MAPPER.createObjectNode();
    line.put("file", letter.file()).put("record", letter.record()).put("offset", letter.offset());
    DeadLetter.Part part = letter.part();
    if (part != null) {
      line.put("document", part.document()).put("part", part.number());
    }
    if (letter.records() > 1) {
      line.put("records", letter.records());
    }
    line.put("length", letter.length()).put("sha256", letter.sha256());
    line.put("reason", letter.reason().label()).put("detail", letter.detail());
    line.put("raw", letter.raw());
    zstd.write(Json.bytes(line));
    zstd.write('\n');
  }

  @Override
  public void close() throws IOException {
    zstd.close();
  }

  /** The length and SHA-256 of the file; only after {@link #close}. */
  public FileSum sum() {
    return file.sum();
  }
}
