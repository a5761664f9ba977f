package org.merganser.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Documents to encode, UTF-8: document i is {@code arrays[i][0, length)}, each in an array of its
 * own without a byte after it.
 */
record Texts(byte[][] documents) {
  long bytes() {
    return Arrays.stream(documents).mapToLong(document -> document.length).sum();
  }

  /**
   * Neighbours put together until a document has at least {@code bytes}; the last one may be less.
   */
  Texts joined(int bytes) {
    List<byte[]> joined = new ArrayList<>();
    int from = 0;
    long size = 0;
    for (int i = 0; i < documents.length; i++) {
      size += documents[i].length;
      if (size >= bytes || i == documents.length - 1) {
        byte[] all = new byte[Math.toIntExact(size)];
        int at = 0;
        for (; from <= i; from++) {
          System.arraycopy(documents[from], 0, all, at, documents[from].length);
          at += documents[from].length;
        }
        joined.add(all);
        size = 0;
      }
    }
    return new Texts(joined.toArray(byte[][]::new));
  }

  /** A document a line, without its newline; empty lines are left out. */
  Texts lines() {
    List<byte[]> lines = new ArrayList<>();
    for (byte[] document : documents) {
      int from = 0;
      for (int i = 0; i <= document.length; i++) {
        if (i == document.length || document[i] == '\n') {
          if (i > from) {
            lines.add(Arrays.copyOfRange(document, from, i));
          }
          from = i + 1;
        }
      }
    }
    return new Texts(lines.toArray(byte[][]::new));
  }

  /** The first documents that have {@code bytes} together, at least one. */
  Texts first(long bytes) {
    int count = 0;
    for (long size = 0; count < documents.length && size < bytes; count++) {
      size += documents[count].length;
    }
    return new Texts(Arrays.copyOf(documents, count));
  }

  List<String> strings() {
    return Arrays.stream(documents).map(d -> new String(d, StandardCharsets.UTF_8)).toList();
  }
}
