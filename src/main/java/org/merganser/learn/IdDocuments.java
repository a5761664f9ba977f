package org.merganser.learn;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;

/** Reads the documents of canonical shards; the parts of one that was cut are one document. */
public final class IdDocuments {
  private IdDocuments() {}

  /** Receives documents: begin, ids once or more, end. */
  public interface Handler {
    void begin();

    /** More ids of the document, {@code ids[0, count)}; the array is used again. */
    void ids(int[] ids, int count);

    void end();
  }

  /** Refuses an id that the tokenizer doesn't have. */
  public static void checkId(int id, int idBound) {
    if (id < 0 || id >= idBound) {
      throw new LearnException(
          "id %s is not of a tokenizer of %s ids; are the shards this tokenizer's?"
              .formatted(id, idBound));
    }
  }

  /** Reads shards one after another, in the order in which they were written. */
  public static void read(List<Path> shards, Handler handler) throws IOException {
    ShardRow row = new ShardRow();
    String open = null;
    for (Path path : shards) {
      try (ShardReader shard = new ShardReader(path)) {
        while (shard.next(row)) {
          if (open == null || row.part == 0 || !row.docId.equals(open)) {
            if (open != null) {
              handler.end();
            }
            open = row.docId;
            handler.begin();
          }
          handler.ids(row.ids, row.count);
        }
      }
    }
    if (open != null) {
      handler.end();
    }
  }
}
