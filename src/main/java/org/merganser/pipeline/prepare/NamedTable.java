package org.merganser.pipeline.prepare;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.merganser.job.Job;
import org.merganser.pipeline.learn.LearnedModels;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.worker.WorkerTables;
import org.merganser.store.FileStore;

/**
 * The embedding table that a job names: a file, or the output folder of a run that learned one.
 * {@link org.merganser.embedding.EmbeddingTable} refuses one with too few rows.
 */
final class NamedTable {
  /** The key of the job, and of the request, that names the table. */
  static final String KEY = "embeddings.table";

  private NamedTable() {}

  /**
   * Reads and checks the table; null if the job names none.
   *
   * @param rowsNeeded the rows that the table must have; 0 if that is not known yet
   * @return a reference to the table
   */
  static @Nullable FileRef check(Job job, int rowsNeeded) throws IOException {
    return WorkerTables.openChecked(location(job), rowsNeeded);
  }

  /** The location of the table, as it is from the current folder; null if the job names none. */
  private static @Nullable String location(Job job) throws IOException {
    String named = job.embeddings() == null ? null : job.embeddings().table();
    if (named == null) {
      return null;
    }
    String location = job.at(named);
    return FileStore.of(location).isFolder(location)
        ? LearnedModels.open(location).table()
        : location;
  }
}
