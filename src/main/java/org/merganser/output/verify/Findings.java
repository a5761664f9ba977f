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
  private long count;

  void add(String what, String where, String detail) {
    count++;
    if (count <= KEPT) {
      kept.add(new Finding(what, where, detail));
    }
  }

  void unreadable(String where, IOException e) {
    boolean denied = e instanceof AccessDeniedException;
    String reason = e instanceof FileSystemException of ? of.getReason() : null;
    String other = reason == null ? String.valueOf(e.getMessage()) : reason;
    add("unreadable", where, denied ? "this user may not read it" : other);
  }

  void equal(String what, String where, long found, long declared) {
    if (found != declared) {
      add(what, where, found + " found, the manifest says " + declared);
    }
  }

  List<Finding> list() {
    List<Finding> list = new ArrayList<>(kept);
    if (count > KEPT) {
      list.add(new Finding("more", "", (count - KEPT) + " further findings"));
    }
    return List.copyOf(list);
  }
}
