package org.merganser.pipeline.output;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.store.FileStore;
import org.merganser.store.Scratch;
import org.merganser.verify.OutputFiles;

/** An output folder in another file system: one file at a time is copied to this machine. */
public final class StoredOutput implements OutputFiles, Closeable {
  private final OutputLayout layout;
  private final FileStore store;
  private @Nullable Path copy;
  private String copied = "";

  public StoredOutput(OutputLayout layout) {
    this.layout = layout;
    this.store = FileStore.of(layout.root());
  }

  @Override
  public long size(String path) throws IOException {
    try {
      return store.stat(layout.at(path)).size();
    } catch (NoSuchFileException e) {
      return -1;
    }
  }

  /** Known when it is read. */
  @Override
  public boolean isReadable(String path) {
    return true;
  }

  @Override
  public InputStream open(String path) throws IOException {
    return store.open(layout.at(path), 0);
  }

  @Override
  public List<String> list(String folder) throws IOException {
    String location = folder.isEmpty() ? layout.root() : layout.at(folder);
    List<String> paths = new ArrayList<>();
    if (store.isFolder(location)) {
      for (FileStore.Entry entry : store.listFolder(location)) {
        paths.add(store.pathWithin(layout.root(), entry.location()));
      }
    }
    return paths;
  }

  @Override
  public Path local(String path) throws IOException {
    Path file = copy;
    if (file == null || !copied.equals(path)) {
      close();
      file = Files.createTempFile(Scratch.ofThisProcess(), "verified-", ".copy");
      copy = file;
      try (InputStream in = open(path)) {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      }
      copied = path;
    }
    return file;
  }

  @Override
  public boolean copies() {
    return true;
  }

  @Override
  public void close() throws IOException {
    if (copy != null) {
      Files.deleteIfExists(copy);
      copy = null;
      copied = "";
    }
  }
}
