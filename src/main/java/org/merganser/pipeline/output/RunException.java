package org.merganser.pipeline.output;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.jspecify.annotations.Nullable;
import org.merganser.report.Phrase;

/** A run cannot begin or continue; the message has the place, the value and the next step. */
public final class RunException extends RuntimeException {
  /** The kinds that schedulers distinguish by the exit code. */
  public enum Kind {
    OTHER,
    NO_SPACE,
    LOCKED,
    CHANGED_FILES,
    NOTHING_KEPT
  }

  private final Kind kind;

  public RunException(String message) {
    this(Kind.OTHER, message);
  }

  public RunException(String message, @Nullable Throwable cause) {
    this(message);
    initCause(cause);
  }

  public RunException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** The message is a {@link Phrase}. */
  public static RunException of(String format, @Nullable Object... values) {
    return new RunException(Phrase.of(format, values));
  }

  public RunException causedBy(@Nullable Throwable cause) {
    initCause(cause);
    return this;
  }

  public Kind kind() {
    return kind;
  }

  /** Files below {@code location} could not be written: a full disk, a lost mount. */
  public static RunException cannotWrite(String location, String what, IOException e) {
    return of(
            "%s: %s cannot be written: %s; nothing half-written was left there. Make room or choose"
                + " another output; the same command continues the run",
            location, what, reason(e))
        .causedBy(e);
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException denied) {
      return denied.getFile() + ": this user may not write there (permission denied)";
    }
    return String.valueOf(e.getMessage());
  }
}
