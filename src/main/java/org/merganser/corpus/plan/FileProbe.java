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
 * answer. Results, and the file of the first error, do not depend on the concurrency.
 */
final class FileProbe {
  /**
   * The maximum number of answers not yet taken: bounds memory, and files opened needlessly after
   * an error.
   */
  private static final int AHEAD = 512;

  private FileProbe() {}

  /**
   * Opens {@code atOnce} files at a time and passes the answers to the taker, in order. An answer
   * waits until its file was opened; it returns the result, or throws the exception of opening it.
   *
   * @param question opens a file
   */
  static void forEach(
      List<FileStore.Entry> entries,
      int atOnce,
      IOFunction<FileStore.Entry, InputFile> question,
      IOBiConsumer<FileStore.Entry, IOSupplier<InputFile>> taker)
      throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(atOnce);
    try {
      for (int from = 0; from < entries.size(); from += AHEAD) {
        List<FileStore.Entry> some = entries.subList(from, Math.min(entries.size(), from + AHEAD));
        List<Future<InputFile>> asked = new ArrayList<>();
        for (FileStore.Entry entry : some) {
          asked.add(threads.submit(() -> question.apply(entry)));
        }
        for (int i = 0; i < some.size(); i++) {
          Future<InputFile> answer = asked.get(i);
          taker.accept(some.get(i), () -> await(answer));
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** The result of a question, or its exception, as if it had been asked in this thread. */
  private static InputFile await(Future<InputFile> answer) throws IOException {
    try {
      return answer.get();
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
