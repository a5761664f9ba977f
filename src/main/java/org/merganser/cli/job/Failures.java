package org.merganser.cli.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
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

  /** Failures of reading that another try repeats; any other may pass. */
  private static final List<Class<? extends IOException>> REPEATED =
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
    boolean missing = known(failure) instanceof NoSuchFileException;
    return missing && exitCode == ExitCode.FAILED.code() ? ExitCode.WRONG_USAGE.code() : exitCode;
  }

  /** Prints a failure; returns the exit code. */
  public static int report(Throwable failure, PrintWriter err) {
    if (Interruption.stopping()) {
      return ExitCode.FAILED.code(); // already reported; the process ends with the signal's code
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
   * Advice for a failure of this JVM or its machine; null for other failures. A class that is
   * missing, or whose initialization failed, and mixed versions of classes are other failures.
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
    return cause instanceof UnsatisfiedLinkError
        || cause instanceof ExceptionInInitializerError
            && (message.contains(UnsatisfiedLinkError.class.getName())
                || message.contains("Cannot unpack "));
  }

  /** The exit code of a process that ends with this failure. */
  public static int exitCode(Throwable failure) {
    return exit(failure).code();
  }

  private static ExitCode exit(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (isDiskFull(cause)) {
        return ExitCode.NO_SPACE;
      }
      if (cause instanceof RunException run && run.kind() != RunException.Kind.OTHER) {
        return exit(run.kind());
      }
      if (cause instanceof OutOfMemoryError
          || cause instanceof HeapTooSmallException
          || cause instanceof TrainingBound.ExceededException) {
        return ExitCode.OUT_OF_MEMORY;
      }
    }
    Throwable known = known(failure);
    return known != null && isMistake(known) ? ExitCode.WRONG_USAGE : ExitCode.FAILED;
  }

  private static ExitCode exit(RunException.Kind kind) {
    return switch (kind) {
      case NO_SPACE -> ExitCode.NO_SPACE;
      case LOCKED -> ExitCode.LOCKED;
      case CHANGED_FILES -> ExitCode.CHANGED_FILES;
      case NOTHING_KEPT -> ExitCode.LOST_RECORDS;
      case WRONG_JOB -> ExitCode.WRONG_USAGE;
      case OTHER -> ExitCode.FAILED;
    };
  }

  /** Whether something that was given must be corrected, so that another try fails as well. */
  private static boolean isMistake(Throwable known) {
    if (known instanceof UnsupportedStoreException) {
      return true;
    }
    if (!isOfProgram(known)
        || known instanceof RunException // its kind says so
        || known instanceof UnusableFileException // damaged outputs, which a run mends
        || known instanceof ReportException) {
      return false;
    }
    for (Throwable cause = known.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException && !isRepeated(cause)) {
        return false; // a file that is unreadable now
      }
    }
    return true;
  }

  private static boolean isRepeated(Throwable cause) {
    return REPEATED.stream().anyMatch(type -> type.isInstance(cause));
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
    Throwable known = known(failure);
    String ofMachine = ofMachine(failure);
    String other = known == null ? withCauses(failure) : text(known);
    return TerminalText.message(ofMachine == null ? other : ofMachine);
  }

  private static String withCauses(Throwable failure) {
    StringBuilder all = new StringBuilder(String.valueOf(failure));
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      all.append(", caused by ").append(cause);
    }
    return all.toString();
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
          && !(cause instanceof JsonProcessingException)) {
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

  /** The message of a failure, with more words for exceptions of Java that have just a path. */
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
