package org.merganser.pipeline.worker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.merganser.checksum.Sha256;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.store.ChecksummedFile;
import org.merganser.store.FileStore;
import org.merganser.store.Scratch;

/** Provides local paths of files for readers that need them (Parquet); copies remote files. */
public final class LocalFiles {
  /** Copies that this process has written, or whose checksum it has verified. */
  private static final Set<Path> VERIFIED = ConcurrentHashMap.newKeySet();

  private LocalFiles() {}

  /**
   * The file itself if it is local; otherwise a copy in the worker's scratch folder, named by the
   * location, the size and the modification time. A copy of an earlier process is used if its
   * checksum is that in the file next to it, which is checked once.
   */
  public static Path of(String location) throws IOException {
    if (FileStore.isLocal(location)) {
      return FileStore.localPath(location);
    }
    FileStore store = FileStore.of(location);
    FileStore.Entry entry = store.stat(location);
    String name = Fingerprint.of(location, entry.size(), entry.modified()) + ".copy";
    // Without a modification time, other content could have the same name.
    boolean mayBeShared = entry.modified() != 0;
    Path folder = mayBeShared ? Scratch.folder() : Scratch.processFolder();
    Path copy = folder.resolve(name);
    Path sum = Scratch.sumOf(copy);
    if (VERIFIED.contains(copy) && Files.exists(copy)) {
      return copy;
    }
    if (isWhole(copy, sum)) {
      Scratch.markUsed(copy);
    } else {
      copy(store, location, copy, sum);
    }
    VERIFIED.add(copy);
    return copy;
  }

  /** The files as {@link #of(String)}, in the same order. */
  public static List<Path> of(List<String> locations) throws IOException {
    List<Path> paths = new ArrayList<>();
    for (String location : locations) {
      paths.add(of(location));
    }
    return paths;
  }

  /** Whether a copy has the checksum in the file next to it. */
  private static boolean isWhole(Path copy, Path sum) throws IOException {
    byte[] sha256 = ChecksummedFile.find(sum.toString());
    return sha256 != null
        && Files.isRegularFile(copy)
        && Sha256.of(copy).equals(new String(sha256, StandardCharsets.US_ASCII));
  }

  /** Copies a file, and writes its checksum into the file {@code sum}. */
  private static void copy(FileStore store, String location, Path copy, Path sum)
      throws IOException {
    Path temporary = Files.createTempFile(Scratch.processFolder(), "copy-", ".tmp");
    try (InputStream in = store.open(location, 0)) {
      Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw FileStore.withName(location + " (copied to " + temporary + ")", e);
    }
    byte[] sha256 = Sha256.of(temporary).getBytes(StandardCharsets.US_ASCII);
    Files.move(temporary, copy, StandardCopyOption.ATOMIC_MOVE);
    ChecksummedFile.publish(sum.toString(), sha256);
  }
}
