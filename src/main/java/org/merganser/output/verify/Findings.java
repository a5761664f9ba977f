package org.merganser.output.verify;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import org.merganser.output.verify.ManifestVerification.Finding;

/** Collects the problems that a verification finds, in order. */
final class Findings {
  /** The maximum number of findings that are kept; the others are counted. */
  private static final int MOST_KEPT = 1000;

  private final List<Finding> kept = new ArrayList<>();

  /** All findings, those that are not kept included. */
  private long count;

  /** Adds a {@link Finding} with these values. */
  void add(String what, String where, String detail) {
    count++;
    if (count <= MOST_KEPT) {
      kept.add(new Finding(what, where, detail));
    }
  }

  /** Adds that a file could not be read, and why. */
  void addUnreadable(String where, IOException e) {
    add("unreadable", where, reason(e));
  }

  /** Why a file could not be read, without its name. */
  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "this user may not read it";
    }
    String reason = e instanceof FileSystemException ofFile ? ofFile.getReason() : null;
    return reason == null ? String.valueOf(e.getMessage()) : reason;
  }

  /** Adds a finding if a figure is not the one in the manifest. */
  void addIfUnequal(String what, String where, long found, long declared) {
    if (found != declared) {
      add(what, where, found + " found, the manifest says " + declared);
    }
  }

  /** The kept findings, and one with the number of the others. */
  List<Finding> list() {
    List<Finding> list = new ArrayList<>(kept);
    if (count > MOST_KEPT) {
      list.add(new Finding("more", "", (count - MOST_KEPT) + " further findings"));
    }
    return List.copyOf(list);
  }
}
