package org.merganser.verify;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** An output folder on this machine. */
record LocalOutput(Path folder) implements OutputFiles {
  @Override
  public long size(String path) throws IOException {
    Path file = folder.resolve(path);
    return Files.isRegularFile(file) ? Files.size(file) : -1;
  }

  @Override
  public boolean isReadable(String path) {
    return Files.isReadable(folder.resolve(path));
  }

  @Override
  public InputStream open(String path) throws IOException {
    return Files.newInputStream(folder.resolve(path));
  }

  @Override
  public List<String> list(String below) throws IOException {
    Path root = folder.resolve(below);
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> tree = Files.walk(root)) {
      return tree.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
          .map(this::relative)
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private String relative(Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  @Override
  public Path local(String path) {
    return folder.resolve(path);
  }

  @Override
  public boolean copies() {
    return false;
  }
}
