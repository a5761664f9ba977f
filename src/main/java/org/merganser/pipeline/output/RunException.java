package org.merganser.pipeline.output;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.jspecify.annotations.Nullable;

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
    this(Kind.OTHER, message, null);
  }

  public RunException(String message, @Nullable Throwable cause) {
    this(Kind.OTHER, message, cause);
  }

  public RunException(Kind kind, String message) {
    this(kind, message, null);
  }

  private RunException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** Files below {@code location} could not be written: a full disk, a lost mount. */
  public static RunException cannotWrite(String location, String what, IOException e) {
    return new RunException(
        ("%s: %s cannot be written: %s; nothing half-written was left there. Make"
                + " room or choose another output; the same command continues the run")
            .formatted(location, what, reason(e)),
        e);
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException denied) {
      return denied.getFile() + ": this user may not write there (permission denied)";
    }
    return String.valueOf(e.getMessage());
  }
}
