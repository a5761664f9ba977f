package org.merganser.pipeline.measure;

import java.io.IOException;
import java.util.List;
import org.merganser.bpe.IdBuffer;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.step.LocalFiles;
import org.merganser.shard.ParquetShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.Tokenizer;

/**
 * Texts of documents, decoded from shards in the order of their paths until there is enough. Those
 * that hold bytes that are no characters are left out.
 *
 * @param bytes of text that are enough
 */
record SampledTexts(OutputLayout layout, Tokenizer tokenizer, long bytes) {
  /** Receives a document, or the part of one. */
  @FunctionalInterface
  interface Reader {
    /**
     * @param row its ids; overwritten by the next one
     * @param text well-formed UTF-8
     */
    void text(ShardRow row, byte[] text);
  }

  /**
   * @param shards paths below the output
   */
  void read(List<String> shards, Reader reader) throws IOException {
    ShardRow row = new ShardRow();
    IdBuffer ids = new IdBuffer(1024);
    long read = 0;
    for (String path : shards.stream().sorted().toList()) {
      if (read >= bytes) {
        return;
      }
      try (ParquetShardReader in = new ParquetShardReader(LocalFiles.of(layout.at(path)))) {
        while (read < bytes && in.next(row)) {
          ids.clear();
          for (int i = 0; i < row.count; i++) {
            ids.add(row.ids[i]);
          }
          byte[] text = tokenizer.decode(ids, true);
          if (Utf8.firstIllFormed(text, 0, text.length) < 0) {
            reader.text(row, text);
            read += text.length;
          }
        }
      }
    }
  }
}
