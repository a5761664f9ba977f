package org.merganser.cli.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.corpus.HeapTooSmallException;
import org.merganser.corpus.decode.DamagedStreamException;
import org.merganser.pipeline.output.RunException;
import org.merganser.report.ReportException;
import org.merganser.store.IrregularFileException;
import org.merganser.store.UnsupportedStoreException;
import org.merganser.store.UnusableFileException;

/**
 * Chooses the {@link ExitCode} of a failure: whether another try may succeed, or something that was
 * given must be corrected first.
 */
public final class FailureCode {
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

  private FailureCode() {}

  /**
   * The exit code of a process that ends with this failure: the first cause with a code of its own
   * decides, else whether the failure is a mistake.
   */
  public static ExitCode of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (isDiskFull(cause)) {
        return ExitCode.NO_SPACE;
      }
      if (cause instanceof RunException run && run.kind() != RunException.Kind.OTHER) {
        return of(run.kind());
      }
      if (cause instanceof OutOfMemoryError
          || cause instanceof HeapTooSmallException
          || cause instanceof TrainingBound.ExceededException) {
        return ExitCode.OUT_OF_MEMORY;
      }
    }
    Throwable forUsers = Failures.findForUsers(failure);
    return forUsers != null && isMistake(forUsers) ? ExitCode.WRONG_USAGE : ExitCode.FAILED;
  }

  private static ExitCode of(RunException.Kind kind) {
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
   * @param forUsers the result of {@link Failures#findForUsers}
   */
  private static boolean isMistake(Throwable forUsers) {
    if (forUsers instanceof UnsupportedStoreException) {
      return true;
    }
    if (!Failures.isOfProgram(forUsers)
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
}
