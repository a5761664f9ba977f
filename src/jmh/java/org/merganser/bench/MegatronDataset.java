package org.merganser.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The documents of Megatron's indexed datasets, one or several that follow each other: pairs of
 * {@code .bin} and {@code .idx} (megatron/core/datasets/indexed_dataset.py).
 */
final class MegatronDataset {
  /** The bytes before the type of ids: {@code MMIDIDX}, two zero bytes, the version in 64 bits. */
  private static final int BEFORE_TYPE = 9 + 8;

  /** The bytes that are compared at once. */
  private static final int BLOCK = 1 << 20;

  private final List<Path> bins = new ArrayList<>();
  private final List<Integer> lengths = new ArrayList<>();
  private int type;

  /** All pairs of a folder, by name. */
  static MegatronDataset read(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      MegatronDataset dataset = new MegatronDataset();
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".idx")) {
          dataset.add(file, file.resolveSibling(name.replaceAll("idx$", "bin")));
        }
      }
      return dataset;
    }
  }

  /** Adds the documents of a pair of files. */
  private void add(Path idx, Path bin) throws IOException {
    ByteBuffer index = ByteBuffer.wrap(Files.readAllBytes(idx)).order(ByteOrder.LITTLE_ENDIAN);
    index.position(BEFORE_TYPE);
    int found = index.get();
    if (!bins.isEmpty() && found != type) {
      throw new IllegalStateException(idx + ": ids of type " + found + " after those of " + type);
    }
    type = found;
    bins.add(bin);
    int sequences = Math.toIntExact(index.getLong());
    int starts = Math.toIntExact(index.getLong());
    int[] sizes = new int[sequences];
    index.asIntBuffer().get(sizes);
    index.position(index.position() + sequences * (Integer.BYTES + Long.BYTES));
    int from = Math.toIntExact(index.getLong());
    for (int document = 1; document < starts; document++) {
      int to = Math.toIntExact(index.getLong());
      lengths.add(Arrays.stream(sizes, from, to).sum());
      from = to;
    }
  }

  /** The number of documents. */
  int documents() {
    return lengths.size();
  }

  /** The number of ids of all documents. */
  long ids() {
    return lengths.stream().mapToLong(Integer::longValue).sum();
  }

  /** Where the documents or ids of another dataset differ first; null if they are equal. */
  @Nullable String difference(MegatronDataset other) throws IOException {
    if (type != other.type) {
      return "ids are of Megatron's type " + type + " here, " + other.type + " there";
    }
    for (int i = 0; i < Math.max(documents(), other.documents()); i++) {
      if (length(i) != other.length(i)) {
        return "document %,d has %,d ids here, %,d there (-1: there is none)"
            .formatted(i, length(i), other.length(i));
      }
    }
    try (InputStream mine = stream();
        InputStream theirs = other.stream()) {
      for (long at = 0; ; at += BLOCK) {
        byte[] a = mine.readNBytes(BLOCK);
        byte[] b = theirs.readNBytes(BLOCK);
        int place = Arrays.mismatch(a, b);
        if (place >= 0) {
          return "ids differ first at byte %,d of .bin".formatted(at + place);
        }
        if (a.length == 0) {
          return null;
        }
      }
    }
  }

  /** The ids of a document; -1 if there is no such document. */
  private int length(int document) {
    return document < lengths.size() ? lengths.get(document) : -1;
  }

  private InputStream stream() throws IOException {
    List<InputStream> streams = new ArrayList<>();
    for (Path bin : bins) {
      streams.add(new BufferedInputStream(Files.newInputStream(bin)));
    }
    return new SequenceInputStream(Collections.enumeration(streams));
  }
}
