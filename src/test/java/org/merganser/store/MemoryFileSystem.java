package org.merganser.store;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.beam.sdk.io.FileSystem;
import org.apache.beam.sdk.io.FileSystemRegistrar;
import org.apache.beam.sdk.io.fs.CreateOptions;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * {@code mem://name}: an object store in memory behind Beam's interface, with what object stores
 * have in common: no folders, no rename, an object appears when its channel is closed.
 */
final class MemoryFileSystem extends FileSystem<MemoryFileSystem.Id> {
  static final Map<String, byte[]> OBJECTS = new ConcurrentSkipListMap<>();

  /** Registers it. */
  public static final class Registrar implements FileSystemRegistrar {
    @Override
    public Iterable<FileSystem<?>> fromOptions(PipelineOptions options) {
      return List.of(new MemoryFileSystem());
    }
  }

  record Id(String name) implements ResourceId {
    @Override
    public ResourceId resolve(String other, ResolveOptions options) {
      return new Id(name + (name.endsWith("/") ? "" : "/") + other);
    }

    @Override
    public ResourceId getCurrentDirectory() {
      return new Id(name.substring(0, name.lastIndexOf('/') + 1));
    }

    @Override
    public String getScheme() {
      return "mem";
    }

    @Override
    public String getFilename() {
      return name.substring(name.lastIndexOf('/') + 1);
    }

    @Override
    public boolean isDirectory() {
      return name.endsWith("/");
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @Override
  protected List<MatchResult> match(List<String> specs) throws IOException {
    List<MatchResult> results = new ArrayList<>();
    for (String spec : specs) {
      StringBuilder regex = new StringBuilder();
      for (int i = 0; i < spec.length(); i++) {
        char c = spec.charAt(i);
        if (c == '\\') {
          i++;
          regex.append("\\Q").append(spec.charAt(i)).append("\\E");
        } else if (c == '*') {
          regex.append(spec.startsWith("**", i) ? ".*" : "[^/]*");
          i += spec.startsWith("**", i) ? 1 : 0;
        } else {
          regex.append("\\Q").append(c).append("\\E");
        }
      }
      List<MatchResult.Metadata> found = new ArrayList<>();
      OBJECTS.forEach(
          (name, bytes) -> {
            if (name.matches(regex.toString())) {
              found.add(
                  MatchResult.Metadata.builder()
                      .setResourceId(new Id(name))
                      .setSizeBytes(bytes.length)
                      .setLastModifiedMillis(42)
                      .setIsReadSeekEfficient(false)
                      .build());
            }
          });
      results.add(
          found.isEmpty()
              ? MatchResult.create(MatchResult.Status.NOT_FOUND, new FileNotFoundException(spec))
              : MatchResult.create(MatchResult.Status.OK, found));
    }
    return results;
  }

  @Override
  protected WritableByteChannel create(Id id, CreateOptions options) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    return new WritableByteChannel() {
      private boolean open = true;

      @Override
      public int write(ByteBuffer from) {
        int n = from.remaining();
        byte[] copy = new byte[n];
        from.get(copy);
        bytes.writeBytes(copy);
        return n;
      }

      @Override
      public boolean isOpen() {
        return open;
      }

      @Override
      public void close() {
        open = false;
        OBJECTS.put(id.name(), bytes.toByteArray());
      }
    };
  }

  @Override
  protected ReadableByteChannel open(Id id) throws IOException {
    byte[] bytes = OBJECTS.get(id.name());
    if (bytes == null) {
      throw new FileNotFoundException(id.name());
    }
    return Channels.newChannel(new java.io.ByteArrayInputStream(bytes));
  }

  @Override
  protected void delete(Collection<Id> ids) {
    ids.forEach(id -> OBJECTS.remove(id.name()));
  }

  @Override
  protected Id matchNewResource(String spec, boolean isDirectory) {
    return new Id(isDirectory && !spec.endsWith("/") ? spec + "/" : spec);
  }

  @Override
  protected void copy(List<Id> from, List<Id> to) {
    throw new UnsupportedOperationException("object stores copy by reading and writing");
  }

  @Override
  protected void rename(List<Id> from, List<Id> to, MoveOptions... options) {
    throw new UnsupportedOperationException("there is no rename");
  }

  @Override
  protected String getScheme() {
    return "mem";
  }
}
