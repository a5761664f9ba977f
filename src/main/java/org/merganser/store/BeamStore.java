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
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.commons.io.function.IOConsumer;
import org.jspecify.annotations.Nullable;

/**
 * All stores of Beam's FileSystems, which are object stores. They have no rename, so one PUT
 * creates a file under its final name. If writing fails, the channel is abandoned and never closed,
 * since closing it would publish the incomplete file.
 */
final class BeamStore extends RemoteStore {
  /** The type that a store has for new files. */
  private static final String MIME_TYPE = "application/octet-stream";

  /** The characters that have a meaning in Beam's globs. */
  private static final String GLOB_CHARACTERS = "\\*?[]{}";

  /** By scheme, the commands of builds that have its file system, which the plain build lacks. */
  private static final Map<String, String> BUILD_COMMANDS =
      Map.of(
          "s3",
          "mvn -Ps3 -Dmaven.test.skip=true package, or, for an engine, mvn -f src/clusters -Ps3 -pl"
              + " flink -am -Dmaven.test.skip=true package",
          "gs",
          "mvn -f src/clusters -pl dataflow -am -Dmaven.test.skip=true package, or, for another"
              + " engine, -Pgcs -pl flink");

  /** The beginning of Beam's message on a scheme for which the build has no file system. */
  private static final String NO_FILE_SYSTEM = "No filesystem found";

  BeamStore() {
    BeamFileSystems.require();
  }

  @Override
  public boolean exists(String location) throws IOException {
    return find(location) != null || isFolder(location);
  }

  @Override
  public boolean isFolder(String location) throws IOException {
    return find(location) == null && !below(location).isEmpty();
  }

  @Override
  public Entry stat(String location) throws IOException {
    MatchResult.Metadata found = find(location);
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

  /** The file at a location; null if there is none. */
  private static MatchResult.@Nullable Metadata find(String location) throws IOException {
    List<MatchResult.Metadata> found =
        isLiteral(location) ? match(location, location) : startingWith(location);
    for (MatchResult.Metadata metadata : found) {
      if (metadata.resourceId().toString().equals(location)) {
        return metadata;
      }
    }
    return null;
  }

  /** The files below a folder, at any depth. */
  private static List<MatchResult.Metadata> below(String location) throws IOException {
    String folder = withSlash(location);
    return isLiteral(folder) ? match(folder + "**", location) : startingWith(folder);
  }

  /**
   * The files whose locations begin with a text that has glob characters. Lists the nearest parent
   * folder without any, since not every file system of Beam supports escapes (S3's does not).
   */
  private static List<MatchResult.Metadata> startingWith(String prefix) throws IOException {
    int firstGlob = 0;
    while (GLOB_CHARACTERS.indexOf(prefix.charAt(firstGlob)) < 0) {
      firstGlob++;
    }
    String parent = prefix.substring(0, prefix.lastIndexOf('/', firstGlob) + 1);
    List<MatchResult.Metadata> found = new ArrayList<>(match(parent + "**", prefix));
    found.removeIf(metadata -> !metadata.resourceId().toString().startsWith(prefix));
    return found;
  }

  /** Whether a location has no glob characters, so that it is a glob for itself. */
  private static boolean isLiteral(String location) {
    return location.chars().noneMatch(character -> GLOB_CHARACTERS.indexOf(character) >= 0);
  }

  /** The files that match a glob; errors name {@code location}. */
  private static List<MatchResult.Metadata> match(String glob, String location) throws IOException {
    MatchResult result;
    try {
      result = FileSystems.match(Collections.singletonList(glob), EmptyMatchTreatment.ALLOW).get(0);
    } catch (IllegalArgumentException e) {
      throw explained(location, e);
    }
    return result.status() == MatchResult.Status.NOT_FOUND ? List.of() : result.metadata();
  }

  private static Entry entry(MatchResult.Metadata metadata) {
    int allMachines = 0; // see the same checksum
    long state =
        metadata.checksum() == null ? 0 : Entry.state(allMachines, metadata.checksum().hashCode());
    return new Entry(
        metadata.resourceId().toString(),
        metadata.sizeBytes(),
        Math.max(0, metadata.lastModifiedMillis()),
        state);
  }

  @Override
  public InputStream open(String location, long position) throws IOException {
    ReadableByteChannel channel;
    try {
      channel = FileSystems.open(resource(location));
    } catch (FileNotFoundException e) {
      throw (NoSuchFileException) new NoSuchFileException(location).initCause(e);
    }
    try {
      InputStream in = Channels.newInputStream(channel);
      if (position == 0) {
        return in; // Beam's channel of S3 refuses position 0 of an empty object
      }
      if (channel instanceof SeekableByteChannel seekable) {
        seekable.position(position);
      } else {
        in.skipNBytes(position);
      }
      return in;
    } catch (IOException | RuntimeException e) {
      Closing.after(e, channel);
      throw e;
    }
  }

  @Override
  // Deliberately not closed after a failure: see the class comment.
  @SuppressWarnings({"resource", "MustBeClosedChecker"})
  public void publish(String location, IOConsumer<OutputStream> content) throws IOException {
    WritableByteChannel channel = FileSystems.create(resource(location), MIME_TYPE);
    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
    content.accept(out);
    out.close();
  }

  @Override
  public void delete(String location) throws IOException {
    try {
      // Beam's option to ignore missing files treats names as globs and would miss some that exist.
      FileSystems.delete(List.of(resource(location)));
    } catch (FileNotFoundException | NoSuchFileException ignored) {
      // There is no file to delete.
    }
  }

  private static ResourceId resource(String location) throws IOException {
    boolean isFolder = false;
    try {
      return FileSystems.matchNewResource(location, isFolder);
    } catch (IllegalArgumentException e) {
      throw explained(location, e);
    }
  }

  /**
   * Explains Beam's exception about a location.
   *
   * @return an error that names the build to make, if there is no file system for the location
   * @throws IllegalArgumentException Beam's own exception, in all other cases
   */
  private static IOException explained(String location, IllegalArgumentException beamError) {
    if (!String.valueOf(beamError.getMessage()).startsWith(NO_FILE_SYSTEM)) {
      throw beamError;
    }
    int colon = location.indexOf(':');
    String scheme = colon < 0 ? location : location.substring(0, colon);
    String build = BUILD_COMMANDS.get(scheme);
    String advice = LocationAdvice.of(location);
    return new UnsupportedStoreException(
        "%s: this build has no file system for \"%s\"%s; %s (docs/clusters.md)"
            .formatted(
                location,
                scheme,
                advice,
                build == null
                    ? "there are builds for s3 and gs, and each reads local paths and hdfs"
                    : "make one that has: " + build),
        beamError);
  }
}
