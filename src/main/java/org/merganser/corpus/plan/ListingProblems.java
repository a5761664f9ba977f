package org.merganser.corpus.plan;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.function.IORunnable;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;

/** Collects the problems of the inputs of a corpus, so that one error reports all of them. */
final class ListingProblems {
  /** The most problems that one error lists. */
  private static final int MOST_LISTED = 50;

  private final List<String> problems = new ArrayList<>();

  /** The exception of the first problem. */
  private @Nullable Exception cause;

  /**
   * Runs a step; if it ends with a FileSystemException or a CorpusException, that is a problem of
   * an input, and the next step may follow. Each FileSystemException that the first one suppressed
   * is a problem of a further file.
   *
   * @param input as the job names it
   */
  void attempt(String input, IORunnable step) throws IOException {
    try {
      step.run();
    } catch (FileSystemException e) {
      add(refusal(input, e), e);
      for (Throwable other : e.getSuppressed()) {
        if (other instanceof FileSystemException further) {
          add(refusal(input, further), e);
        } // any other is a failure to close the file, which follows from the first
      }
    } catch (CorpusException e) {
      add(String.valueOf(e.getMessage()), e);
    }
  }

  private void add(String problem, Exception e) {
    problems.add(problem);
    if (cause == null) {
      cause = e;
    }
  }

  /**
   * Ends the listing if there is a problem.
   *
   * @throws CorpusException with the problems
   */
  void requireNone() {
    if (cause == null) {
      return;
    }
    int more = problems.size() - MOST_LISTED;
    String listed =
        String.join("\n  ", problems.subList(0, Math.min(MOST_LISTED, problems.size())));
    throw new CorpusException(
        (problems.size() == 1 ? "" : problems.size() + " inputs cannot be used:\n  ")
            + listed
            + (more > 0 ? "\n  and " + more + " more" : ""),
        cause);
  }

  /** The problem of a file or folder that cannot be read, with the next step. */
  private static String refusal(String input, FileSystemException e) {
    String what = e.getFile() == null ? input : e.getFile();
    String why;
    if (e instanceof AccessDeniedException) {
      why = what + " may not be read: change its permissions, or leave it out by a narrower glob";
    } else if (e instanceof NoSuchFileException) {
      why = what + " does not exist, or was deleted: check the spelling, or run again";
    } else {
      why =
          (e.getReason() == null ? what : what + " is not usable: " + e.getReason())
              + "; remove it, or leave it out with corpus.exclude (--exclude)";
    }
    return "input " + input + ": " + why;
  }
}
