package org.merganser.output.verify;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.OptionalLong;
import org.merganser.store.FileStore;

/**
 * Compares the files of an output with their listed sizes and checksums, and counts them. Each
 * method counts the file once, and returns whether the file is there and is the listed one.
 */
final class FileChecks {
  /** The next step after a finding about one file. */
  private static final String RUN_AGAIN =
      "run the job again: it writes the file again, or says what else can be done";

  private final String root;
  private final FileStore store;
  private final Findings findings;

  // What was checked so far.

  private long count;
  private long bytes;

  /**
   * @param root the location of the output
   * @param findings receives a finding for each file that is not the listed one
   */
  FileChecks(String root, Findings findings) {
    this.root = root;
    this.store = FileStore.of(root);
    this.findings = findings;
  }

  /** The number of the files that were checked. */
  long count() {
    return count;
  }

  /** The sum of the sizes of these files. */
  long bytes() {
    return bytes;
  }

  /** Checks the size of a file, and every byte. */
  boolean check(String path, long size, String sha256) {
    return checkSize(path, size) && compareSum(path, sha256);
  }

  /** Checks every byte of a file whose size is not listed. */
  boolean checkSum(String path, String sha256) {
    return findSize(path).isPresent() && compareSum(path, sha256);
  }

  /** Checks the size of a file. */
  boolean checkSize(String path, long size) {
    OptionalLong found = findSize(path);
    if (found.isEmpty()) {
      return false;
    }
    if (found.getAsLong() != size) {
      findings.add(
          "size", path, found.getAsLong() + " bytes, the manifest says " + size + "; " + RUN_AGAIN);
      return false;
    }
    return true;
  }

  /** Counts a file; returns its size, or nothing if it cannot be found. */
  private OptionalLong findSize(String path) {
    count++;
    try {
      long size = store.stat(at(path)).size();
      bytes += size;
      return OptionalLong.of(size);
    } catch (IOException e) {
      addUnreadable(path, e);
      return OptionalLong.empty();
    }
  }

  /** Reads a file and compares its checksum; returns whether it is the listed one. */
  private boolean compareSum(String path, String sha256) {
    try {
      String found = FileStore.sha256(at(path));
      if (found.equals(sha256)) {
        return true;
      }
      findings.add("sha256", path, found + ", the manifest says " + sha256 + "; " + RUN_AGAIN);
    } catch (IOException e) {
      addUnreadable(path, e);
    }
    return false;
  }

  /** Adds that a file is missing or cannot be read. */
  private void addUnreadable(String path, IOException e) {
    if (e instanceof NoSuchFileException) {
      findings.add("missing", path, RUN_AGAIN);
    } else {
      findings.addUnreadable(path, e);
    }
  }

  /** The location of a path. */
  private String at(String path) {
    return root + "/" + path;
  }
}
