package org.merganser.layout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.merganser.checksum.FileSum;
import org.merganser.shard.ShardRow;
import org.merganser.store.SummedOutputStream;
import org.merganser.store.UnusableFileException;

/**
 * The memory maps of dolma's {@code tokens} command, which OLMo-core reads: ids in {@code .npy},
 * which has no header in spite of its name, and the documents in {@code .csv.gz}. The latter has a
 * line for each document, or part of one, without a heading: start and end of its ids in the file,
 * its id, its file, and where its record is, from 1 (dolma/tokenizer/memmap_writer.py).
 *
 * <p>OLMo-core finds documents in the csv, or between ids of EOS (olmo_core/data/utils.py). It
 * reads the csv line by line, so a document's id and file must not have a line break, which RFC
 * 4180 would allow. Its packer does not expect documents without ids, and dolma writes none, so
 * they have no line.
 */
final class DolmaLayout extends ShardLayout {
  /** Where dolma ends a file: 512 Mi ids. */
  private static final long FILE_TOKENS = 1L << 29;

  DolmaLayout() {
    super(
        new Shape("dolma", List.of(".npy", ".csv.gz"), IdWidth.UINT16_BOUND, Sequences.NONE, true));
  }

  @Override
  long partTokens() {
    return FILE_TOKENS;
  }

  @Override
  String dtype(int bound) {
    return width(bound) == IdWidth.UINT16 ? "uint16" : "uint32"; // the types that OLMo-core has
  }

  @Override
  Part newPart(Files files, Ids ids, Map<String, String> metadata) throws IOException {
    return new DolmaPart(files.file(".npy"), files.file(".csv.gz"), width(ids.bound()));
  }

  private static final class DolmaPart implements Part {
    private final IdFile ids;
    private final SummedOutputStream list;
    private final StoredGzip documents;

    DolmaPart(Path ids, Path documents, IdWidth width) throws IOException {
      this.ids = new IdFile(ids, width, 0);
      this.list = SummedOutputStream.of(documents);
      this.documents = new StoredGzip(list);
    }

    @Override
    public void write(ShardRow row) throws IOException {
      if (row.count == 0) {
        return;
      }
      String line =
          ids.count()
              + ","
              + (ids.count() + row.count)
              + ","
              + field("id", row.docId, row)
              + ","
              + field("file", row.file, row)
              + ","
              + (row.offset + 1)
              + "\r\n";
      documents.write(line.getBytes(StandardCharsets.UTF_8));
      ids.write(row.ids, row.count);
    }

    private static String field(String name, String value, ShardRow of) {
      if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
        throw new UnusableFileException(
            ("dolma: the %s of document \"%s\" of \"%s\" has a line break, and OLMo-core reads the"
                    + " list of documents line by line; name another field in corpus.idField or"
                    + " another file, or leave dolma out of shards.formats")
                .formatted(name, of.docId, of.file));
      }
      return value.indexOf(',') < 0 && value.indexOf('"') < 0
          ? value
          : '"' + value.replace("\"", "\"\"") + '"';
    }

    @Override
    public Map<String, FileSum> finish() throws IOException {
      documents.finish();
      return Map.of(".npy", ids.finish(), ".csv.gz", list.sum());
    }

    @Override
    public void close() throws IOException {
      try (ids) {
        documents.close();
      }
    }
  }
}
