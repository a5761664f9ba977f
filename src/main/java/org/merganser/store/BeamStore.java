package org.merganser.store;

import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.jspecify.annotations.Nullable;

/**
 * Whatever Beam's FileSystems knows: object stores, HDFS. On an object store a file appears by one
 * PUT under its final name; when its writing fails, the channel is abandoned and never closed, since
 * closing it would publish what was written so far. HDFS shows a file while it is written, but it
 * renames: there a file is written under a temporary name. A file that is replaced is absent for a
 * moment (Beam's rename onto an existing name is a deletion and a rename).
 */
final class BeamStore implements FileStore {
  private static final String BINARY = "application/octet-stream";
  private static final String GLOB = "\\*?[]{}";
  private static final Set<String> RENAMING = Set.of("hdfs", "webhdfs", "viewfs");

  @Override
  public boolean exists(String location) throws IOException {
    return file(location) != null || isFolder(location);
  }

  @Override
  public boolean isFolder(String location) throws IOException {
    return file(location) == null && !below(location).isEmpty();
  }

  @Override
  public Entry stat(String location) throws IOException {
    MatchResult.Metadata found = file(location);
    if (found == null) {
      throw new NoSuchFileException(location);
    }
    return entry(found);
  }

  @Override
  public List<Entry> listFolder(String location, Filter filter) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (MatchResult.Metadata metadata : below(location)) {
      Entry entry = entry(metadata);
      if (!metadata.resourceId().isDirectory()
          && filter.takes(pathWithin(location, entry.location()))) {
        entries.add(entry);
      }
    }
    entries.sort(Comparator.comparing(Entry::location, CodePointOrder.INSTANCE));
    return entries;
  }

  private static MatchResult.@Nullable Metadata file(String location) throws IOException {
    List<MatchResult.Metadata> found =
        isLiteral(location) ? match(location) : startingWith(location);
    for (MatchResult.Metadata metadata : found) {
      if (metadata.resourceId().toString().equals(location)) {
        return metadata;
      }
    }
    return null;
  }

  private static List<MatchResult.Metadata> below(String location) throws IOException {
    String folder = location.endsWith("/") ? location : location + "/";
    return isLiteral(folder) ? match(folder + "**") : startingWith(folder);
  }

  /**
   * What begins with a text that holds characters of globs: the nearest folder above without any is
   * listed, since not every file system of Beam's honours an escape (S3's doesn't).
   */
  private static List<MatchResult.Metadata> startingWith(String prefix) throws IOException {
    int first = 0;
    while (GLOB.indexOf(prefix.charAt(first)) < 0) {
      first++;
    }
    List<MatchResult.Metadata> found =
        new ArrayList<>(match(prefix.substring(0, prefix.lastIndexOf('/', first) + 1) + "**"));
    found.removeIf(metadata -> !metadata.resourceId().toString().startsWith(prefix));
    return found;
  }

  private static boolean isLiteral(String location) {
    return location.chars().noneMatch(character -> GLOB.indexOf(character) >= 0);
  }

  private static List<MatchResult.Metadata> match(String spec) throws IOException {
    MatchResult result =
        FileSystems.match(Collections.singletonList(spec), EmptyMatchTreatment.ALLOW).get(0);
    return result.status() == MatchResult.Status.NOT_FOUND ? List.of() : result.metadata();
  }

  private static Entry entry(MatchResult.Metadata metadata) {
    return new Entry(
        metadata.resourceId().toString(),
        metadata.sizeBytes(),
        Math.max(0, metadata.lastModifiedMillis()));
  }

  @Override
  public String absolute(String location) {
    return location;
  }

  @Override
  public String pathWithin(String folder, String location) {
    String prefix = folder.endsWith("/") ? folder : folder + "/";
    if (!location.startsWith(prefix)) {
      throw new IllegalArgumentException(location + " is not below " + folder);
    }
    return location.substring(prefix.length());
  }

  @Override
  public InputStream open(String location, long position) throws IOException {
    ReadableByteChannel channel = FileSystems.open(resource(location));
    try {
      InputStream in = Channels.newInputStream(channel);
      if (channel instanceof SeekableByteChannel seekable) {
        seekable.position(position);
      } else {
        in.skipNBytes(position);
      }
      return in;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void publish(String location, Content content) throws IOException {
    if (!renames(location)) {
      put(location, content);
      return;
    }
    int name = location.lastIndexOf('/') + 1;
    String temporary =
        location.substring(0, name)
            + TEMPORARY_PREFIX
            + UUID.randomUUID()
            + "-"
            + location.substring(name);
    try {
      put(temporary, content);
      FileSystems.rename(List.of(resource(temporary)), List.of(resource(location)));
    } catch (IOException | RuntimeException e) {
      try {
        delete(temporary);
      } catch (IOException | RuntimeException notDeleted) {
        e.addSuppressed(notDeleted);
      }
      throw e;
    }
  }

  /** Whether the store shows a file while it is written and can give it another name. */
  private static boolean renames(String location) {
    return RENAMING.contains(location.substring(0, Math.max(0, location.indexOf(':'))));
  }

  // Not closing after a failure is the point: see the class comment.
  @SuppressWarnings({"resource", "MustBeClosedChecker"})
  private static void put(String location, Content content) throws IOException {
    WritableByteChannel channel = FileSystems.create(resource(location), BINARY);
    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    content.writeTo(out);
    out.close();
  }

  @Override
  public Draft draft(String location) throws IOException {
    Path folder = Files.createTempDirectory(TEMPORARY_PREFIX);
    return new ScratchDraft(folder.resolve("content"), location);
  }

  private final class ScratchDraft implements Draft {
    private final Path scratch;
    private final String location;

    ScratchDraft(Path scratch, String location) {
      this.scratch = scratch;
      this.location = location;
    }

    @Override
    public Path file() {
      return scratch;
    }

    @Override
    public void publish() throws IOException {
      BeamStore.this.publish(location, out -> Files.copy(scratch, out));
    }

    @Override
    public void close() throws IOException {
      Files.deleteIfExists(scratch);
      Files.deleteIfExists(scratch.getParent());
    }
  }

  @Override
  public void delete(String location) throws IOException {
    try {
      // Beam's option to ignore missing files takes names for globs and would miss some that exist.
      FileSystems.delete(List.of(resource(location)));
    } catch (FileNotFoundException | NoSuchFileException alreadyGone) {
      return;
    }
  }

  @Override
  public byte[] readAll(String location) throws IOException {
    try (InputStream in = open(location, 0)) {
      return in.readAllBytes();
    }
  }

  private static ResourceId resource(String location) {
    return FileSystems.matchNewResource(location, false);
  }
}
