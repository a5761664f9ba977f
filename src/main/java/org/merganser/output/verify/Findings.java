package org.merganser.output.verify;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import org.merganser.output.verify.ManifestVerification.Finding;

/** The problems found so far, in order; at most a thousand are kept. */
final class Findings {
  private static final int KEPT = 1000;

  private final List<Finding> kept = new ArrayList<>();

  /** All findings, those that are not kept included. */
  private long count;

  /** Adds a {@link Finding}. */
  void add(String what, String where, String detail) {
    count++;
    if (count <= KEPT) {
      kept.add(new Finding(what, where, detail));
    }
  }

  /** Adds that a file could not be read. */
  void addUnreadable(String where, IOException e) {
    add("unreadable", where, reason(e));
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "this user may not read it";
    }
    String reason = e instanceof FileSystemException ofFile ? ofFile.getReason() : null;
    return reason == null ? String.valueOf(e.getMessage()) : reason;
  }

  /** Adds a figure that is not the one in the manifest; does nothing if they are equal. */
  void requireEqual(String what, String where, long found, long declared) {
    if (found != declared) {
      add(what, where, found + " found, the manifest says " + declared);
    }
  }

  /** The kept findings, and one with the number of the others. */
  List<Finding> list() {
    List<Finding> list = new ArrayList<>(kept);
    if (count > KEPT) {
      list.add(new Finding("more", "", (count - KEPT) + " further findings"));
    }
    return List.copyOf(list);
  }
}
