package org.merganser.pipeline.worker;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.io.function.Uncheck;
import org.jspecify.annotations.Nullable;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.message.ProgramCommand;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.RunException;
import org.merganser.store.FileStore;
import org.merganser.store.Scratch;

/**
 * The embedding tables of this JVM. A table ({@link EmbeddingTable}) is a flat file on the worker's
 * disk, written once for each sha256 and mapped once in each JVM.
 */
public final class WorkerTables {
  private static final Map<String, EmbeddingTable> BY_SHA256 = new ConcurrentHashMap<>();

  /** For a table whose rows were checked before the run. */
  private static final int NO_ROWS_NEEDED = 0;

  private WorkerTables() {}

  /** The table with this sha256; null if this JVM has not opened it. */
  public static @Nullable EmbeddingTable find(String sha256) {
    return BY_SHA256.get(sha256);
  }

  /**
   * The table, opened if this JVM has not done so.
   *
   * @throws RunException if the file has another sha256
   */
  public static EmbeddingTable get(FileRef table) {
    return BY_SHA256.computeIfAbsent(table.sha256(), sha256 -> open(table.location(), sha256));
  }

  /**
   * Opens a table.
   *
   * @param expected its sha256
   */
  private static EmbeddingTable open(String location, String expected) {
    EmbeddingTable table =
        Uncheck.get(
            () -> EmbeddingTable.open(NO_ROWS_NEEDED, LocalFiles.of(location), Scratch.folder()),
            () -> location + ": the embedding table cannot be read");
    if (!table.sha256().equals(expected)) {
      throw RunException.of(
          "%s: has sha256 %s, but the run expects %s; was it changed while the run was active?"
              + " Start the run again",
          location, table.sha256(), expected);
    }
    return table;
  }

  /**
   * Opens the job's table before any text is read, checks all of it, and keeps it for the steps in
   * this JVM; returns its location for the workers.
   *
   * @param location the location of the table; null (like the result) if the job has none or the
   *     run learns it
   * @param rowsNeeded one more than the largest id
   * @throws RunException if there is no such file
   * @throws EmbeddingException naming the key, the table and the first invalid id
   */
  public static @Nullable FileRef openChecked(@Nullable String location, int rowsNeeded)
      throws IOException {
    if (location == null) {
      return null;
    }
    if (!FileStore.of(location).exists(location)) {
      throw RunException.wrong(
              "embeddings.table: %s: there is no such file; make one with: %s",
              location, ProgramCommand.line("embeddings", "init"))
          .causedBy(new NoSuchFileException(location));
    }
    EmbeddingTable table;
    try {
      table = EmbeddingTable.open(rowsNeeded, LocalFiles.of(location), Scratch.folder());
    } catch (EmbeddingException e) {
      throw withKey(e);
    }
    BY_SHA256.put(table.sha256(), table);
    return new FileRef(FileStore.withAbsolutePath(location), table.sha256());
  }

  /**
   * Requires a row for each id of a learned vocabulary.
   *
   * @param table the table; null without one
   * @param idBound one more than the largest id
   * @throws EmbeddingException naming the key, the table and the ids that have no row
   */
  public static void requireRows(@Nullable FileRef table, int idBound) {
    if (table == null) {
      return;
    }
    EmbeddingTable opened = get(table);
    try {
      opened.requireRows(table.location(), idBound);
    } catch (EmbeddingException e) {
      throw withKey(e);
    }
  }

  /** The same error, with the key of the job in its message. */
  private static EmbeddingException withKey(EmbeddingException e) {
    return new EmbeddingException("embeddings.table: " + e.getMessage(), e);
  }
}
