package org.merganser.cli.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.corpus.HeapTooSmallException;
import org.merganser.corpus.decode.DamagedStreamException;
import org.merganser.json.InvalidValueException;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.worker.NativeCodecs;
import org.merganser.report.ReportException;
import org.merganser.store.IrregularFileException;
import org.merganser.store.UnsupportedStoreException;
import org.merganser.store.UnusableFileException;

/**
 * Shows an exception to the user, and chooses its {@link ExitCode}. A message that was written for
 * users is printed alone; any other exception is a bug or a broken machine and is printed with its
 * stack trace.
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

  /** Failures of reading that another try does not mend; any other may pass. */
  private static final List<Class<? extends IOException>> LASTING =
      List.of(
          NoSuchFileException.class,
          NotDirectoryException.class,
          IrregularFileException.class,
          UnsupportedStoreException.class,
          DamagedStreamException.class,
          CharacterCodingException.class,
          JsonProcessingException.class);

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
    return exitCode(failure);
  }

  /**
   * Advice for a failure of this JVM or its machine: too little memory or stack, or native code
   * that cannot be loaded. Null for other failures, such as a missing class.
   */
  private static @Nullable String adviceForMachine(Throwable failure) {
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

  /** The exit code of a process that ends with this failure. */
  public static int exitCode(Throwable failure) {
    return choose(failure).code();
  }

  /** The first cause with a code of its own decides; else whether the failure is a mistake. */
  private static ExitCode choose(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (isDiskFull(cause)) {
        return ExitCode.NO_SPACE;
      }
      if (cause instanceof RunException run && run.kind() != RunException.Kind.OTHER) {
        return choose(run.kind());
      }
      if (cause instanceof OutOfMemoryError
          || cause instanceof HeapTooSmallException
          || cause instanceof TrainingBound.ExceededException) {
        return ExitCode.OUT_OF_MEMORY;
      }
    }
    Throwable forUsers = findForUsers(failure);
    return forUsers != null && isMistake(forUsers) ? ExitCode.WRONG_USAGE : ExitCode.FAILED;
  }

  private static ExitCode choose(RunException.Kind kind) {
    return switch (kind) {
      case NO_SPACE -> ExitCode.NO_SPACE;
      case LOCKED -> ExitCode.LOCKED;
      case CHANGED_FILES -> ExitCode.CHANGED_FILES;
      case NOTHING_KEPT -> ExitCode.LOST_RECORDS;
      case WRONG_JOB -> ExitCode.WRONG_USAGE;
      case OTHER -> ExitCode.FAILED;
    };
  }

  /**
   * Whether something that was given must be corrected, so that another try fails as well.
   *
   * @param forUsers the result of {@link #findForUsers}
   */
  private static boolean isMistake(Throwable forUsers) {
    if (forUsers instanceof UnsupportedStoreException) {
      return true;
    }
    if (!isOfProgram(forUsers)
        || forUsers instanceof RunException // its kind says so
        || forUsers instanceof UnusableFileException // damaged outputs, which a run mends
        || forUsers instanceof ReportException) {
      return false;
    }
    for (Throwable cause = forUsers.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException && !isLasting(cause)) {
        return false; // a file that is unreadable now
      }
    }
    return true;
  }

  private static boolean isLasting(Throwable cause) {
    return LASTING.stream().anyMatch(type -> type.isInstance(cause));
  }

  /** Java has no exception for a full disk; these are the texts of Linux, macOS and Windows. */
  private static boolean isDiskFull(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return (cause instanceof IOException || cause instanceof LinkageError) // of native code
        && (message.contains("No space left on device")
            || message.contains("Disk quota exceeded")
            || message.contains("not enough space on the disk"));
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
   * The failure or cause whose message was written for users: the first of the program's own, else
   * the first of reading or writing; null for none.
   */
  private static @Nullable Throwable findForUsers(Throwable failure) {
    Throwable outermostIo = null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (isOfProgram(cause)) {
        return cause;
      }
      if (outermostIo == null
          && cause instanceof IOException
          && !(cause instanceof JsonProcessingException)) {
        outermostIo = cause;
      }
    }
    return outermostIo;
  }

  /**
   * Whether an exception is of the program's own, whose message is for users; a defect throws one
   * of Java.
   */
  private static boolean isOfProgram(Throwable failure) {
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
