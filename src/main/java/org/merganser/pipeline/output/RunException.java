package org.merganser.pipeline.output;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.jspecify.annotations.Nullable;
import org.merganser.message.Phrase;

/** A run cannot begin or continue; the message has the place, the value and the next step. */
public final class RunException extends RuntimeException {
  /** The kinds that schedulers distinguish by the exit code. */
  public enum Kind {
    /** Another try may succeed. */
    OTHER,

    /** The job, an argument or a file that they name must be corrected first. */
    WRONG_JOB,

    /** The disk has too little space. */
    NO_SPACE,

    /** Another run writes into the output. */
    LOCKED,

    /** A file differs from what an earlier run read or wrote, or is missing. */
    CHANGED_FILES,

    /** The run kept no document. */
    NOTHING_KEPT
  }

  private final Kind kind;

  /** An error after which another try may succeed. */
  public RunException(String message) {
    this(Kind.OTHER, message);
  }

  /** An error after which another try may succeed. */
  public RunException(String message, @Nullable Throwable cause) {
    this(message);
    initCause(cause);
  }

  /** An error of this kind, whose message is complete; the methods below format a message. */
  public RunException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** An error after which another try may succeed. The message is a {@link Phrase}. */
  public static RunException of(String format, @Nullable Object... values) {
    return new RunException(Phrase.of(format, values));
  }

  /**
   * An error in the job, an argument or a file that must be corrected. The message is a {@link
   * Phrase}.
   */
  public static RunException wrong(String format, @Nullable Object... values) {
    return new RunException(Kind.WRONG_JOB, Phrase.of(format, values));
  }

  /**
   * An error about a file that changed or is missing since an earlier run. The message is a {@link
   * Phrase}.
   */
  public static RunException changed(String format, @Nullable Object... values) {
    return new RunException(Kind.CHANGED_FILES, Phrase.of(format, values));
  }

  /**
   * The error that files below {@code location} could not be written: a full disk, a lost mount.
   *
   * @param what the files
   * @param e the failure of writing, which becomes the cause
   */
  public static RunException cannotWrite(String location, String what, IOException e) {
    return of(
            "%s: %s cannot be written: %s; nothing half-written was left there. Make room or choose"
                + " another output; the same command continues the run",
            location, what, reason(e))
        .causedBy(e);
  }

  /** Sets the cause and returns this exception. */
  public RunException causedBy(@Nullable Throwable cause) {
    initCause(cause);
    return this;
  }

  /** The kind, which decides the exit code. */
  public Kind kind() {
    return kind;
  }

  /** The message of a failed write, with the path if the user lacks a right. */
  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException denied) {
      return denied.getFile() + ": this user may not write there (permission denied)";
    }
    return String.valueOf(e.getMessage());
  }
}
