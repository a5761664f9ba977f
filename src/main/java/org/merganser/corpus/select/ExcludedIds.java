package org.merganser.corpus.select;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import org.apache.commons.io.function.IOConsumer;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.store.NamedOutputStream;
import org.merganser.store.OpenFiles;

/**
 * The ids of documents that are left out: 128 bits of the SHA-256 of each, so that not even a
 * hostile list makes another id match, sorted in mapped files. A place is the index of an id in
 * that order, without repeats. Thread-safe.
 *
 * <p>Memory of the heap: while the list is built, 17 MB of buffers, then the hashes of one of
 * {@value #BUCKETS} buckets, 48 bytes each: 20 MB for a hundred million ids. Afterwards nearly
 * none; the local disk has 16 bytes an id, which the system caches if there is room.
 */
public final class ExcludedIds {
  /** In place of the place of an id that is not in the list. */
  public static final int ABSENT = -1;

  private static final int BUCKETS = 256;

  /** The bytes of a hash that are kept. */
  private static final int ENTRY_BYTES = 2 * Long.BYTES;

  /** By bucket, its sorted hashes; null if it has none. The bucket of a hash is its first byte. */
  private final @Nullable MappedByteBuffer[] buckets;

  /** By bucket, the number of ids in the buckets before it; the last entry is that of all ids. */
  private final int[] before = new int[BUCKETS + 1];

  private final String sha256;

  /** Computes the hashes of ids that are looked for. */
  private final ThreadLocal<MessageDigest> lookups = ThreadLocal.withInitial(Sha256::newDigest);

  private ExcludedIds(@Nullable MappedByteBuffer[] buckets) {
    this.buckets = buckets;
    MessageDigest digest = Sha256.newDigest();
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      MappedByteBuffer hashes = buckets[bucket];
      int count = 0;
      if (hashes != null) {
        digest.update(hashes.duplicate());
        count = hashes.capacity() / ENTRY_BYTES;
      }
      before[bucket + 1] = Math.addExact(before[bucket], count);
    }
    sha256 = Sha256.hex(digest);
  }

  /**
   * Makes the list of the ids of a source.
   *
   * @param source passes on each id, in UTF-8
   * @param folder empty; its files must stay while the list is used
   * @throws ArithmeticException for more than 2^31 - 1 different ids
   */
  public static ExcludedIds of(IOConsumer<IOConsumer<byte[]>> source, Path folder)
      throws IOException {
    boolean[] used = writeUnsorted(source, folder);
    @Nullable MappedByteBuffer[] buckets = new @Nullable MappedByteBuffer[BUCKETS];
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      if (used[bucket]) {
        buckets[bucket] = sortAndMap(folder, bucket);
      }
    }
    return new ExcludedIds(buckets);
  }

  /** Writes the hash of each id to the file of its bucket; returns which buckets have a file. */
  private static boolean[] writeUnsorted(IOConsumer<IOConsumer<byte[]>> source, Path folder)
      throws IOException {
    boolean[] used = new boolean[BUCKETS];
    @Nullable OutputStream[] files = new @Nullable OutputStream[BUCKETS];
    try (OpenFiles open = new OpenFiles()) {
      MessageDigest digest = Sha256.newDigest();
      source.accept(
          id -> {
            byte[] hash = digest.digest(id);
            int bucket = hash[0] & 0xFF;
            OutputStream file = files[bucket];
            if (file == null) {
              file = open.add(NamedOutputStream.of(unsorted(folder, bucket)));
              files[bucket] = file;
              used[bucket] = true;
            }
            file.write(hash, 0, ENTRY_BYTES);
          });
    }
    return used;
  }

  /** The file with the hashes of a bucket in the order of the source. */
  private static Path unsorted(Path folder, int bucket) {
    return folder.resolve("unsorted-" + bucket);
  }

  /** Sorts the hashes of a bucket into a file of its own, without repeats, and maps that file. */
  private static MappedByteBuffer sortAndMap(Path folder, int bucket) throws IOException {
    Path unsorted = unsorted(folder, bucket);
    byte[][] hashes = new byte[Math.toIntExact(Files.size(unsorted) / ENTRY_BYTES)][];
    try (InputStream in = new BufferedInputStream(Files.newInputStream(unsorted))) {
      for (int i = 0; i < hashes.length; i++) {
        hashes[i] = in.readNBytes(ENTRY_BYTES);
      }
    }
    Files.delete(unsorted);
    Arrays.sort(hashes, Arrays::compareUnsigned);
    Path sorted = folder.resolve("sorted-" + bucket);
    try (OutputStream out = NamedOutputStream.of(sorted)) {
      for (int i = 0; i < hashes.length; i++) {
        if (i == 0 || !Arrays.equals(hashes[i], hashes[i - 1])) {
          out.write(hashes[i]);
        }
      }
    }
    try (FileChannel file = FileChannel.open(sorted)) {
      return file.map(FileChannel.MapMode.READ_ONLY, 0, file.size());
    }
  }

  /** The sha256 of the ids, independent of their order, repeats and files. */
  public String sha256() {
    return sha256;
  }

  /** The number of different ids. */
  public int size() {
    return before[BUCKETS];
  }

  /** The place of an id in the list; {@link #ABSENT} if it is not there. */
  public int place(String id) {
    byte[] hash = lookups.get().digest(id.getBytes(StandardCharsets.UTF_8));
    int bucket = hash[0] & 0xFF;
    ByteBuffer entries = buckets[bucket];
    if (entries == null) {
      return ABSENT;
    }
    byte[] there = new byte[ENTRY_BYTES];
    // Binary search: the place is in [low, high] if the hash is in the bucket.
    int low = 0;
    int high = before[bucket + 1] - before[bucket] - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      entries.get(middle * ENTRY_BYTES, there);
      int order = Arrays.compareUnsigned(there, 0, ENTRY_BYTES, hash, 0, ENTRY_BYTES);
      if (order == 0) {
        return before[bucket] + middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return ABSENT;
  }
}
