package org.merganser.corpus.plan;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.InputFile;
import org.merganser.store.FileStore;

/**
 * Finds out what many files hold. A store elsewhere answers in tens of milliseconds whoever else is
 * waiting, so there {@value #AT_ONCE} files are opened at a time; local files one by one, and none
 * that nobody asks for. What is told, and which file is complained of first, is the same.
 */
final class FileProbe implements Closeable {
  private static final int AT_ONCE = 32;

  /** Answers that are not taken yet: bounds memory, and what is opened in vain after an error. */
  private static final int AHEAD = 16 * AT_ONCE;

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

  private final @Nullable ExecutorService threads;

  /**
   * @param elsewhere whether the files are of another machine
   */
  FileProbe(boolean elsewhere) {
    threads =
        elsewhere
            ? Executors.newFixedThreadPool(
                AT_ONCE,
                work -> {
                  Thread thread = new Thread(work, "merganser-listing");
                  thread.setDaemon(true);
                  return thread;
                })
            : null;
  }

  /** Asks about each file and hands the answers on, in order. */
  void forEach(List<FileStore.Entry> entries, Question question, Taker taker) throws IOException {
    ExecutorService pool = threads;
    if (pool == null) {
      for (FileStore.Entry entry : entries) {
        taker.take(entry, () -> question.ask(entry));
      }
      return;
    }
    List<Future<InputFile>> asked = new ArrayList<>();
    for (int from = 0; from < entries.size(); from += AHEAD) {
      List<FileStore.Entry> some = entries.subList(from, Math.min(entries.size(), from + AHEAD));
      asked.clear();
      for (FileStore.Entry entry : some) {
        asked.add(pool.submit(() -> question.ask(entry)));
      }
      for (int i = 0; i < some.size(); i++) {
        Future<InputFile> answer = asked.get(i);
        taker.take(some.get(i), () -> await(answer));
      }
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
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    if (threads != null) {
      threads.shutdownNow();
    }
  }
}
