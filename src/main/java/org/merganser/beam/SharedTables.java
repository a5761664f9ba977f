package org.merganser.beam;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.step.LocalFiles;
import org.merganser.store.FileStore;

/**
 * The embedding tables of this JVM: a flat file on the worker's disk, made once for a content, and
 * mapped once ({@link SoftCache}). A file of another size or modification time is another table.
 */
final class SharedTables {
  private static final SoftCache<FileStore.Entry, EmbeddingTable> OPEN = new SoftCache<>();

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
      return OPEN.get(
          file, () -> EmbeddingTable.open(LocalFiles.of(location), LocalFiles.scratch()));
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
