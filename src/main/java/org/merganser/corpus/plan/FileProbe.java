package org.merganser.corpus.plan;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.io.function.IOBiConsumer;
import org.apache.commons.io.function.IOFunction;
import org.apache.commons.io.function.IOSupplier;
import org.merganser.corpus.InputFile;
import org.merganser.store.FileStore;

/**
 * Opens many files, several at once, since a remote store takes tens of milliseconds for each
 * request. Results, and the file of the first error, do not depend on the concurrency.
 */
final class FileProbe {
  /**
   * The most files that are opened before their results are taken: bounds memory, and files opened
   * needlessly after an error.
   */
  private static final int AHEAD = 512;

  private FileProbe() {}

  /**
   * Opens {@code atOnce} files at a time and passes each with its result to the taker, in order. A
   * result waits until its file was opened; it returns what {@code opener} returned, or throws its
   * exception.
   *
   * @param opener opens a file; called in several threads
   * @param taker called in this thread; may leave a result unread
   */
  static void forEach(
      List<FileStore.Entry> entries,
      int atOnce,
      IOFunction<FileStore.Entry, InputFile> opener,
      IOBiConsumer<FileStore.Entry, IOSupplier<InputFile>> taker)
      throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(atOnce);
    try {
      for (int from = 0; from < entries.size(); from += AHEAD) {
        List<FileStore.Entry> some = entries.subList(from, Math.min(entries.size(), from + AHEAD));
        List<Future<InputFile>> results = new ArrayList<>();
        for (FileStore.Entry entry : some) {
          results.add(threads.submit(() -> opener.apply(entry)));
        }
        for (int i = 0; i < some.size(); i++) {
          Future<InputFile> result = results.get(i);
          taker.accept(some.get(i), () -> await(result));
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** A result, or its exception as if the file had been opened in this thread. */
  private static InputFile await(Future<InputFile> result) throws IOException {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the corpus was listed");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }
}
