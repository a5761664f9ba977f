package org.merganser.corpus.plan;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

  @FunctionalInterface
  interface Question {
    InputFile ask(FileStore.Entry entry) throws IOException;
  }

  /** The result for a file; waits for it, and throws the exception of opening the file. */
  @FunctionalInterface
  interface Answer {
    InputFile get() throws IOException;
  }

  @FunctionalInterface
  interface Taker {
    void take(FileStore.Entry entry, Answer answer) throws IOException;
  }

  /** Opens {@code atOnce} files at a time and passes the answers to the taker, in order. */
  static void forEach(List<FileStore.Entry> entries, int atOnce, Question question, Taker taker)
      throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(atOnce);
    try {
      for (int from = 0; from < entries.size(); from += AHEAD) {
        List<FileStore.Entry> some = entries.subList(from, Math.min(entries.size(), from + AHEAD));
        List<Future<InputFile>> asked = new ArrayList<>();
        for (FileStore.Entry entry : some) {
          asked.add(threads.submit(() -> question.ask(entry)));
        }
        for (int i = 0; i < some.size(); i++) {
          Future<InputFile> answer = asked.get(i);
          taker.take(some.get(i), () -> await(answer));
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

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
