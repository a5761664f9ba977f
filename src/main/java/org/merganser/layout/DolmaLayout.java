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
 * its id, its file, and the place of its record, from 1 (dolma/tokenizer/memmap_writer.py).
 *
 * <p>OLMo-core finds documents in the csv, or between ids of EOS (olmo_core/data/utils.py). It
 * reads the csv line by line, so a document's id and file must not have a line break, which RFC
 * 4180 would allow. Documents without ids have no line: dolma writes none, and the packer of
 * OLMo-core does not expect them.
 */
final class DolmaLayout extends ShardLayout {
  private static final String IDS = ".npy";
  private static final String DOCUMENTS = ".csv.gz";

  /** The number of ids after which dolma ends a file. */
  private static final long FILE_TOKENS = 1L << 29;

  DolmaLayout() {
    super(
        new Shape(
            "dolma",
            List.of(IDS, DOCUMENTS),
            IdWidth.UINT16_BOUND,
            Sequences.NONE,
            LossMask.WRITTEN));
  }

  @Override
  long defaultPartTokens() {
    return FILE_TOKENS;
  }

  @Override
  String dtype(int bound) {
    return width(bound) == IdWidth.UINT16 ? "uint16" : "uint32"; // the types that OLMo-core has
  }

  @Override
  Part newPart(FilesOfPart files, IdSettings settings, Map<String, String> metadata)
      throws IOException {
    return new DolmaPart(files.file(IDS), files.file(DOCUMENTS), width(settings.bound()));
  }

  /** Writes ids and the list of documents as they come. */
  private static final class DolmaPart implements Part {
    private final IdFile ids;

    /** The file with the list of documents. */
    private final SummedOutputStream documentsFile;

    /** The list of documents, which is written as gzip into {@link #documentsFile}. */
    private final StoredGzip documents;

    DolmaPart(Path idsPath, Path documentsPath, IdWidth width) throws IOException {
      this.ids = new IdFile(idsPath, width);
      this.documentsFile = SummedOutputStream.of(documentsPath);
      this.documents = new StoredGzip(documentsFile);
    }

    @Override
    public void write(ShardRow row) throws IOException {
      if (row.count == 0) {
        return;
      }
      long start = ids.count();
      String line =
          String.join(
              ",",
              Long.toString(start),
              Long.toString(start + row.count),
              field("id", row.docId, row),
              field("file", row.file, row),
              Long.toString(row.offset + 1));
      documents.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
      ids.write(row.ids, row.count);
    }

    /**
     * A value as a field of CSV.
     *
     * @param name what the value is, for the error
     * @param row the row of the value, for the error
     * @throws UnusableFileException if it has a line break
     */
    private static String field(String name, String value, ShardRow row) {
      if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
        throw new UnusableFileException(
            ("dolma: the %s of document \"%s\" of \"%s\" has a line break, and OLMo-core reads the"
                    + " list of documents line by line; name another field in corpus.idField or"
                    + " another file, or leave dolma out of shards.formats")
                .formatted(name, row.docId, row.file));
      }
      return value.indexOf(',') < 0 && value.indexOf('"') < 0
          ? value
          : '"' + value.replace("\"", "\"\"") + '"';
    }

    @Override
    public Map<String, FileSum> finish() throws IOException {
      documents.finish();
      return Map.of(IDS, ids.finish(), DOCUMENTS, documentsFile.sum());
    }

    @Override
    public void close() throws IOException {
      try (ids) {
        documents.close();
      }
    }
  }
}
