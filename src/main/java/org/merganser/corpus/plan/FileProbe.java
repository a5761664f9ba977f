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
 * Finds out what many files hold, some at once: a store elsewhere answers in tens of milliseconds
 * whoever else is waiting. What is told, and which file is complained of first, is the same.
 */
final class FileProbe {
  /** Answers that are not taken yet: bounds memory, and what is opened in vain after an error. */
  private static final int AHEAD = 512;

  private FileProbe() {}

  /** Opens a file. */
  @FunctionalInterface
  interface Question {
    InputFile ask(FileStore.Entry entry) throws IOException;
  }

  /** What a file turned out to be; waits for it, and throws what opening it threw. */
  @FunctionalInterface
  interface Answer {
    InputFile get() throws IOException;
  }

  /** Receives the files in the order in which they were given. */
  @FunctionalInterface
  interface Taker {
    void take(FileStore.Entry entry, Answer answer) throws IOException;
  }

  /**
   * Asks about each file and hands the answers on, in order.
   *
   * @param atOnce files that are opened at a time
   */
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
