package org.merganser.cli.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.corpus.HeapTooSmallException;
import org.merganser.json.InvalidValueException;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.worker.NativeCodecs;

/**
 * Shows an exception to the user; {@link FailureCode} chooses its exit code. A message that was
 * written for users is printed alone; any other exception is a bug or a broken machine and is
 * printed with its stack trace.
 */
public final class Failures {
  /**
   * The advice for a heap that is too small; its values are the failure and the size of the heap.
   */
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

  /**
   * Reports the failure of a command that only reads what its arguments name: a file that does not
   * exist is then a mistake. (While a run is active, a file may disappear and come back.)
   *
   * @return the exit code
   */
  public static int reportOfArguments(Throwable failure, PrintWriter err) {
    int exitCode = report(failure, err);
    boolean isMissing = findForUsers(failure) instanceof NoSuchFileException;
    return isMissing && exitCode == ExitCode.FAILED.code() ? ExitCode.WRONG_USAGE.code() : exitCode;
  }

  /** Prints a failure; returns the exit code. */
  public static int report(Throwable failure, PrintWriter err) {
    if (Interruption.isStopping()) {
      return ExitCode.FAILED.code(); // already reported; the process ends with the signal's code
    }
    Throwable forUsers = findForUsers(failure);
    String advice = adviceForMachine(failure);
    if (advice != null) {
      err.println("merganser: " + advice);
    } else if (forUsers == null) {
      err.println("merganser: failed unexpectedly; please report this:");
      failure.printStackTrace(err);
    } else {
      err.println("merganser: " + TerminalText.message(text(forUsers)));
    }
    return FailureCode.of(failure).code();
  }

  /**
   * Advice for a failure of this JVM or its machine: too little memory or stack, or native code
   * that cannot be loaded. Null for other failures, such as a missing class.
   */
  private static @Nullable String adviceForMachine(Throwable failure) {
    Throwable outOfMemory =
        firstCause(
            failure,
            cause -> cause instanceof OutOfMemoryError || cause instanceof HeapTooSmallException);
    if (outOfMemory != null) {
      return OUT_OF_MEMORY.formatted(
          outOfMemory.getMessage(), TerminalText.bytes(Runtime.getRuntime().maxMemory()));
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RunException) {
        return null; // its message is complete
      }
      if (cause instanceof StackOverflowError) {
        return "something that was given is nested deeper than this program follows (its stack"
            + " overflowed); MERGANSER_OPTS=-Xss64m allows more";
      }
      if (cause instanceof LinkageError && isOfNativeCode(cause)) {
        return NativeCodecs.cannotLoad("a library", cause);
      }
    }
    return null;
  }

  /**
   * Whether a library with native code could not be loaded. If that failed in the initialization of
   * a class, the failures of its later uses have a cause whose message has the type and message of
   * the first. If zstd-jni cannot write its library to a file, its message has "Cannot unpack".
   */
  private static boolean isOfNativeCode(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    boolean namesLibrary =
        message.contains(UnsatisfiedLinkError.class.getName())
            || message.contains("Cannot unpack ");
    return cause instanceof UnsatisfiedLinkError
        || (cause instanceof ExceptionInInitializerError && namesLibrary);
  }

  /** The failure in one message, for the log of events. */
  static String message(Throwable failure) {
    Throwable forUsers = findForUsers(failure);
    String advice = adviceForMachine(failure);
    String other = forUsers == null ? withCauses(failure) : text(forUsers);
    return TerminalText.message(advice == null ? other : advice);
  }

  /** The types and messages of a failure and its causes. */
  private static String withCauses(Throwable failure) {
    StringBuilder all = new StringBuilder(String.valueOf(failure));
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      all.append(", caused by ").append(cause);
    }
    return all.toString();
  }

  /**
   * The failure or the cause whose message was written for users: the first that {@link
   * #isOfProgram}, else the first of reading or writing; null for none.
   */
  static @Nullable Throwable findForUsers(Throwable failure) {
    Throwable ofProgram = firstCause(failure, Failures::isOfProgram);
    return ofProgram != null
        ? ofProgram
        : firstCause(
            failure,
            cause -> cause instanceof IOException && !(cause instanceof JsonProcessingException));
  }

  /** The first that suits of a failure and its causes; null for none. */
  private static @Nullable Throwable firstCause(Throwable failure, Predicate<Throwable> suits) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (suits.test(cause)) {
        return cause;
      }
    }
    return null;
  }

  /**
   * Whether an exception is of the program's own, whose message is for users; a defect throws one
   * of Java.
   */
  static boolean isOfProgram(Throwable failure) {
    return failure.getClass().getName().startsWith("org.merganser.")
        && failure instanceof RuntimeException
        && !(failure instanceof InvalidValueException); // the reader of the JSON reports it
  }

  /**
   * The message of a failure, with more words for exceptions of Java that have just a path.
   *
   * @param failure a result of {@link #findForUsers}
   */
  private static String text(Throwable failure) {
    if (failure instanceof NoSuchFileException missing) {
      return missing.getFile() + ": there is no such file";
    }
    if (failure instanceof AccessDeniedException denied) {
      return denied.getFile() + ": may not be read or written by this user";
    }
    String message = failure.getMessage();
    return message == null ? failure.toString() : message;
  }
}
