package org.merganser.cli.job;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.corpus.HeapTooSmallException;
import org.merganser.job.JobException;
import org.merganser.json.InvalidValueException;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.worker.NativeCodecs;

/**
 * Shows an exception to the user. A message that was written for users is printed alone; any other
 * exception is a bug or a broken machine and is printed with its stack trace.
 */
public final class Failures {
  private static final String OUT_OF_MEMORY =
      """
      out of memory (%s) with a heap of %s. Nothing half-written is visible, and the same command \
      goes on where it stopped:
        give more: MERGANSER_OPTS=-Xmx8g
        or use fewer threads: --targetParallelism=1
        or allow smaller documents: corpus.maxDocumentBytes, of which each thread takes up to three \
      times, and corpus.maxWholeDocumentBytes, of which one takes up to 12 times
        or learn from less text: tokenizer.train.maxBytes\
      """;

  private Failures() {}

  /** Returns the exit code. */
  public static int report(Throwable failure, PrintWriter err) {
    if (Interruption.stopping()) {
      return ExitCode.FAILED; // already reported; the process ends with the signal's code
    }
    Throwable known = known(failure);
    String ofMachine = ofMachine(failure);
    if (ofMachine != null) {
      err.println("merganser: " + ofMachine);
    } else if (known == null) {
      err.println("merganser: failed unexpectedly; please report this:");
      failure.printStackTrace(err);
    } else {
      err.println("merganser: " + TerminalText.message(text(known)));
    }
    return exitCode(failure);
  }

  /**
   * Advice for a failure of this JVM or its machine; null for other failures. A missing class and
   * an {@link IncompatibleClassChangeError} (mixed versions of classes) are other failures.
   */
  private static @Nullable String ofMachine(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError || cause instanceof HeapTooSmallException) {
        return OUT_OF_MEMORY.formatted(
            cause.getMessage(), TerminalText.bytes(Runtime.getRuntime().maxMemory()));
      }
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RunException) {
        return null; // its message is complete
      }
      if (cause instanceof StackOverflowError) {
        return "something that was given is nested deeper than this program follows (its stack"
            + " overflowed); MERGANSER_OPTS=-Xss64m allows more";
      }
      if (cause instanceof LinkageError
          && !(cause instanceof IncompatibleClassChangeError)
          && !(cause.getCause() instanceof ClassNotFoundException)) {
        return NativeCodecs.cannotLoad("a library", cause);
      }
    }
    return null;
  }

  public static int exitCode(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (isDiskFull(cause)) {
        return ExitCode.NO_SPACE;
      }
      if (cause instanceof RunException run && run.kind() != RunException.Kind.OTHER) {
        return switch (run.kind()) {
          case NO_SPACE -> ExitCode.NO_SPACE;
          case LOCKED -> ExitCode.LOCKED;
          case CHANGED_FILES -> ExitCode.CHANGED_FILES;
          case NOTHING_KEPT -> ExitCode.DEAD_LETTERS;
          case OTHER -> ExitCode.FAILED;
        };
      }
      if (cause instanceof OutOfMemoryError
          || cause instanceof HeapTooSmallException
          || cause instanceof TrainingBound.ExceededException) {
        return ExitCode.OUT_OF_MEMORY;
      }
    }
    return known(failure) instanceof JobException ? ExitCode.WRONG_USAGE : ExitCode.FAILED;
  }

  /** Java has no exception for a full disk; these are the texts of Linux, macOS and Windows. */
  private static boolean isDiskFull(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return (cause instanceof IOException || cause instanceof LinkageError) // of native code
        && (message.contains("No space left on device")
            || message.contains("Disk quota exceeded")
            || message.contains("not enough space on the disk"));
  }

  static String message(Throwable failure) {
    Throwable known = known(failure);
    String ofMachine = ofMachine(failure);
    String other = known == null ? String.valueOf(failure) : text(known);
    return TerminalText.message(ofMachine == null ? other : ofMachine);
  }

  /** The first exception in the chain of causes whose message was written for a user. */
  private static @Nullable Throwable known(Throwable failure) {
    Throwable outermostIo = null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (isOfProgram(cause)) {
        return cause;
      }
      if (outermostIo == null
          && cause instanceof IOException
          && !(cause instanceof com.fasterxml.jackson.core.JsonProcessingException)) {
        outermostIo = cause;
      }
    }
    return outermostIo;
  }

  /** The message of an exception of the program's own is for users; a defect throws one of Java. */
  private static boolean isOfProgram(Throwable failure) {
    return failure.getClass().getName().startsWith("org.merganser.")
        && failure instanceof RuntimeException
        && !(failure instanceof InvalidValueException); // the reader of the JSON reports it
  }

  private static String text(Throwable failure) {
    if (failure instanceof NoSuchFileException missing) {
      return missing.getFile() + ": there is no such file";
    }
    if (failure instanceof AccessDeniedException denied) {
      return denied.getFile() + ": may not be read or written by this user";
    }
    if (failure instanceof UncheckedIOException || failure.getMessage() == null) {
      return String.valueOf(failure);
    }
    return failure.getMessage();
  }
}
