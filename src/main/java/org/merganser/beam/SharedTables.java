package org.merganser.beam;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Map;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.step.LocalFiles;
import org.merganser.store.FileStore;

/**
 * The embedding tables of this JVM: a flat file on the worker's disk, made once for a content, and
 * mapped once for all pipelines and threads. A file of another size or modification time is another
 * table. What no step uses any more is let go when memory is wanted.
 */
final class SharedTables {
  private static final Map<FileStore.Entry, SoftReference<EmbeddingTable>> OPEN = new HashMap<>();

  private SharedTables() {}

  /**
   * Opens the table, unless this JVM has done so.
   *
   * @throws RunException when there is no such file
   * @throws org.merganser.embedding.EmbeddingException when it is no table
   */
  static EmbeddingTable get(String location) {
    try {
      FileStore.Entry file = FileStore.of(location).stat(location);
      synchronized (OPEN) {
        SoftReference<EmbeddingTable> known = OPEN.get(file);
        EmbeddingTable table = known == null ? null : known.get();
        if (table == null) {
          table = EmbeddingTable.open(LocalFiles.of(location), LocalFiles.scratch());
          OPEN.values().removeIf(other -> other.get() == null);
          OPEN.put(file, new SoftReference<>(table));
        }
        return table;
      }
    } catch (NoSuchFileException e) {
      throw new RunException(
          location
              + ": there is no such file on this worker; every worker must reach the table, so name"
              + " a shared folder or a store such as hdfs:// or s3://",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(location + ": the embedding table cannot be read", e);
    }
  }
}
