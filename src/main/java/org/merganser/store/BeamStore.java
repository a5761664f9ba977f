package org.merganser.store;

import java.io.BufferedOutputStream;
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
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;

/**
 * Whatever Beam's FileSystems knows: object stores, HDFS. There is no rename that is atomic
 * everywhere, so a file appears by one PUT under its final name; when its writing fails, the
 * channel is abandoned and never closed, since closing it would publish what was written so far.
 */
final class BeamStore implements FileStore {
  private static final String BINARY = "application/octet-stream";

  @Override
  public boolean exists(String location) throws IOException {
    return !match(escape(location)).isEmpty() || isFolder(location);
  }

  @Override
  public boolean isFolder(String location) throws IOException {
    return match(escape(location)).isEmpty() && !match(below(location)).isEmpty();
  }

  @Override
  public Entry stat(String location) throws IOException {
    List<MatchResult.Metadata> found = match(escape(location));
    if (found.size() != 1) {
      throw new NoSuchFileException(location);
    }
    return entry(found.get(0));
  }

  @Override
  public List<Entry> listFolder(String location, Filter filter) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (MatchResult.Metadata metadata : match(below(location))) {
      Entry entry = entry(metadata);
      if (!metadata.resourceId().isDirectory()
          && filter.takes(pathWithin(location, entry.location()))) {
        entries.add(entry);
      }
    }
    entries.sort(Comparator.comparing(Entry::location, CodePointOrder.INSTANCE));
    return entries;
  }

  private static List<MatchResult.Metadata> match(String spec) throws IOException {
    MatchResult result =
        FileSystems.match(Collections.singletonList(spec), EmptyMatchTreatment.ALLOW).get(0);
    return result.status() == MatchResult.Status.NOT_FOUND ? List.of() : result.metadata();
  }

  /** Takes their meaning from the characters of globs. */
  private static String escape(String location) {
    return location.replaceAll("[\\\\*?\\[\\]{}]", "\\\\$0");
  }

  private static String below(String location) {
    return escape(location.endsWith("/") ? location : location + "/") + "**";
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
  // Not closing after a failure is the point: see the class comment.
  @SuppressWarnings({"resource", "MustBeClosedChecker"})
  public void publish(String location, Content content) throws IOException {
    WritableByteChannel channel = FileSystems.create(resource(location), BINARY);
    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    content.writeTo(out);
    out.close();
  }

  @Override
  public Draft draft(String location) throws IOException {
    Path file = Files.createTempFile(Scratch.ofThisProcess(), "draft-", "");
    Files.delete(file);
    OpenDrafts.add(file);
    return new ScratchDraft(file, location);
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
      OpenDrafts.remove(scratch);
    }
  }

  @Override
  public void delete(String location) throws IOException {
    FileSystems.delete(List.of(resource(location)), StandardMoveOptions.IGNORE_MISSING_FILES);
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
