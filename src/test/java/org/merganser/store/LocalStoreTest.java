package org.merganser.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.tokenizer.Tokenizer;

class LocalStoreTest {
  @TempDir Path folder;

  private final FileStore store = LocalStore.INSTANCE;

  private String in(String name) {
    return folder.resolve(name).toString();
  }

  private void put(String name, String content) throws IOException {
    store.publish(in(name), out -> out.write(content.getBytes(UTF_8)));
  }

  private List<String> names() throws IOException {
    return store.listFolder(folder.toString()).stream()
        .map(e -> store.pathWithin(folder.toString(), e.location()))
        .toList();
  }

  @Test
  void choosesTheStoreByScheme() {
    assertThat(FileStore.of("a/b")).isInstanceOf(LocalStore.class);
    assertThat(FileStore.of("colon:port.txt")).isInstanceOf(LocalStore.class);
    assertThat(FileStore.of("file:///a")).isInstanceOf(LocalStore.class);
    assertThat(FileStore.of("s3://bucket/key")).isInstanceOf(BeamStore.class);
    assertThat(FileStore.of("hdfs://host/key")).isInstanceOf(HdfsStore.class);
    assertThat(FileStore.of("HDFS://host/key")).isInstanceOf(HdfsStore.class);
  }

  @Test
  void publishesWholeFilesInNewFoldersAndReplacesOldOnes() throws IOException {
    put("d/e/a", "one");
    put("d/e/a", "two");
    assertThat(store.readAll(in("d/e/a"))).asString().isEqualTo("two");
    store.publishFile(in("d/b"), file -> Files.writeString(file, "three"));
    assertThat(names()).containsExactly("d/b", "d/e/a");
    try (InputStream in = store.open(in("d/b"), 2)) {
      assertThat(in.readAllBytes()).asString().isEqualTo("ree");
    }
    assertThat(store.stat(in("d/b")).size()).isEqualTo(5);
  }

  @Test
  void readsOnlyFilesAndOfPipesThatAUserNamesABoundedPart() {
    Path zero = Path.of("/dev/zero");
    Assumptions.assumeTrue(Files.exists(zero));
    assertThatThrownBy(() -> store.readAll(zero.toString()))
        .isInstanceOf(FileSystemException.class)
        .hasMessage("/dev/zero: neither a file nor a folder (a FIFO, a socket or a device)");
    assertThatThrownBy(() -> store.open(zero.toString(), 0)).hasMessageContaining("a device");
    assertThatThrownBy(() -> store.open(in("."), 0)).hasMessageEndingWith("a folder, not a file");
    assertThatThrownBy(() -> FileStore.readNamed(zero.toString()))
        .hasMessage(
            "/dev/zero: it is no regular file, and more than the allowed 64 MiB come from it; name"
                + " a file");
    assertThatThrownBy(() -> Tokenizer.read(zero)).hasMessageContaining("64 MiB");
  }

  @Test
  void sweepsTheDraftsOfProcessesOfThisMachineThatAreDead() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    assertThat(dead.waitFor()).isZero();
    String own;
    try (FileStore.Draft draft = store.draft(in("a/x"))) {
      own = String.valueOf(draft.file().getFileName());
    }
    String pid = "-" + ProcessHandle.current().pid() + "-";
    assertThat(own).startsWith(FileStore.TEMPORARY_PREFIX).contains(pid);
    String prefix = own.substring(0, own.indexOf(pid) + 1);
    List<String> stay =
        List.of(
            own,
            FileStore.TEMPORARY_PREFIX + "other-" + dead.pid() + "-0123456789abcdef",
            prefix + "0123456789012345678901234567890-1",
            prefix + "x");
    String left = own.replace(pid, "-" + dead.pid() + "-");
    Path swept = Files.createDirectory(folder.resolve("b"));
    Files.writeString(swept.resolve(left), "half");
    for (String name : stay) {
      Files.writeString(swept.resolve(name), "theirs");
    }

    put("b/y", "whole");

    assertThat(swept.resolve(left)).doesNotExist();
    assertThat(names()).contains("b/y").hasSize(1 + stay.size());
  }

  /** While a folder is listed, the job that a killed driver left on a cluster writes there. */
  @Test
  void aListingPassesOverATemporaryFileThatIsPublishedMeanwhileAndNoOther() throws IOException {
    put("a", "stays");
    String temporary = FileStore.TEMPORARY_PREFIX + "b";
    for (String vanishing : List.of(temporary, "b")) {
      put(vanishing, "goes");
      FileStore.Filter filter =
          new FileStore.Filter() {
            @Override
            public boolean takes(String path) {
              if (path.equals(vanishing)) {
                try {
                  Files.delete(folder.resolve(path));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }
              return true;
            }

            @Override
            public boolean enters(String folder) {
              return true;
            }
          };
      if (vanishing.equals(temporary)) {
        assertThat(store.listFolder(folder.toString(), filter)).hasSize(1);
      } else {
        assertThatThrownBy(() -> store.listFolder(folder.toString(), filter))
            .isInstanceOf(NoSuchFileException.class)
            .hasMessageContaining(in("b"));
      }
    }
  }

  @Test
  void givesWritersANameThatDoesNotExistYetAndIsRecognisedAfterACrash() throws IOException {
    store.publishFile(
        in("a"),
        file -> {
          assertThat(file).doesNotExist();
          assertThat(file.getParent()).isEqualTo(folder);
          assertThat(FileStore.isTemporary(file.toString())).isTrue();
          Files.writeString(file, "x");
          assertThat(Path.of(in("a"))).doesNotExist();
        });
    assertThat(FileStore.isTemporary(in("a"))).isFalse();
  }

  @Test
  void leavesTheOldFileAndNothingElseWhenWritingFails() throws IOException {
    put("a", "old");
    assertThatThrownBy(
            () ->
                store.publish(
                    in("a"),
                    out -> {
                      out.write(new byte[1 << 20]);
                      throw new IOException("no more to write");
                    }))
        .hasMessage("no more to write");
    assertThat(names()).containsExactly("a");
    assertThat(store.readAll(in("a"))).asString().isEqualTo("old");
    Files.createDirectories(folder.resolve("full/x"));
    assertThatThrownBy(() -> put("full", "over a folder")).isInstanceOf(IOException.class);
    assertThat(names()).containsExactly("a");
  }

  @Test
  void whatFailsWhileAFileIsWrittenIsNotItsErrorUnlessWritingFails() {
    IOException ofAnother = new IOException("corpus file /c: changed while the job ran");
    assertThatThrownBy(
            () ->
                store.publish(
                    in("a"),
                    out -> {
                      throw ofAnother;
                    }))
        .isSameAs(ofAnother);
    assertThatThrownBy(
            () -> {
              OutputStream full = Files.newOutputStream(Path.of("/dev/full"));
              try (OutputStream out = new NamedOutputStream("/x/a", full)) {
                out.write(new byte[10]);
              }
            })
        .hasMessage("/x/a: No space left on device");
  }

  @Test
  void opensNamesThatAreNotUtf8ByTheLocationThatAListingGives() throws IOException {
    Path raw = Path.of(URI.create(folder.toUri() + "bad_%FF%C3.txt"));
    Files.writeString(raw, "raw");
    FileStore.Entry entry = store.listFolder(folder.toString()).get(0);
    assertThat(entry.location()).startsWith("file:///").endsWith("bad_%FF%C3.txt");
    assertThat(store.readAll(entry.location())).asString().isEqualTo("raw");
    assertThat(names()).containsExactly("bad_%FF%C3.txt");
    assertThat(FileStore.of(entry.location()).stat(entry.location()).size()).isEqualTo(3);
  }

  @Test
  void takesFileUrisOfEveryShape() throws IOException {
    put("a b", "x");
    String path = folder.toString();
    for (String uri :
        List.of(
            "file:" + path + "/a%20b",
            "file://" + path + "/a%20b",
            "FILE://" + path + "/a%20b",
            "file://localhost" + path + "/a%20b")) {
      assertThat(store.readAll(uri)).asString().isEqualTo("x");
    }
    assertThatThrownBy(() -> store.readAll("file:///a b"))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("not a usable file: URI");
    assertThatThrownBy(() -> store.readAll("/a\0b")).hasMessageContaining("this name has U+0000");
  }

  @Test
  void givesOneSpellingForAPlaceAndRespectsLinks() throws IOException {
    Files.createDirectories(folder.resolve("d/e"));
    put("a", "x");
    assertThat(store.absolute(in("d/../a"))).isEqualTo(in("a"));
    Files.createSymbolicLink(folder.resolve("link"), Path.of("d/e"));
    put("d/a", "y");
    assertThat(store.absolute(in("link/../a"))).isEqualTo(in("link/../a"));
  }

  @Test
  void resolvesLinksAsFarAsThePathExists() throws IOException {
    Files.createDirectories(folder.resolve("d/e"));
    Files.createSymbolicLink(folder.resolve("link"), Path.of("d/e"));
    put("d/e/file", "x");
    String real = folder.toRealPath().toString();
    assertThat(store.resolved(in("link"))).isEqualTo(real + "/d/e");
    assertThat(store.resolved(in("link/file"))).isEqualTo(real + "/d/e/file");
    assertThat(store.resolved(in("link/new/deep"))).isEqualTo(real + "/d/e/new/deep");
    assertThat(store.resolved(in("link/../a"))).as("beside the target").isEqualTo(real + "/d/a");
    assertThat(store.resolved("/none/deep")).isEqualTo("/none/deep");
  }

  @Test
  void aRelativePathKeepsItsMeaningInAnotherFolder() {
    String here = Path.of("").toAbsolutePath().toString();
    assertThat(FileStore.withAbsolutePath("a/b")).isEqualTo(here + "/a/b");
    for (String location : List.of("/a", "file:///a", "mem://bucket/a")) {
      assertThat(FileStore.withAbsolutePath(location)).isEqualTo(location);
    }
  }

  @Test
  void publishesBytes() throws IOException {
    FileStore.publish(in("a"), new byte[] {1, 2});
    assertThat(store.readAll(in("a"))).containsExactly(1, 2);
  }

  @Test
  void readsTheBytesOfBlocksOneByOne() throws IOException {
    byte[] bytes = {0, 1, (byte) 0x80, (byte) 0xFF};
    try (InputStream in =
        new BulkInputStream() {
          private final InputStream source = new ByteArrayInputStream(bytes);

          @Override
          public int read(byte[] to, int at, int length) throws IOException {
            return source.read(to, at, length);
          }
        }) {
      for (int expected : new int[] {0, 1, 0x80, 0xFF, -1, -1}) {
        assertThat(in.read()).isEqualTo(expected);
      }
    }
  }

  @Test
  void deletesAndStatsOnlyWhatIsThere() throws IOException {
    put("a", "x");
    store.delete(in("a"));
    store.delete(in("a"));
    assertThat(store.exists(in("a"))).isFalse();
    assertThatThrownBy(() -> store.stat(in("a"))).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> store.stat(folder.toString()))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("a folder, not a file");
  }

  @Test
  void ordersByCodePointLikeTheBytesOfUtf8() {
    List<String> sorted =
        List.of("", "a", "a/", "aa", "\uD7FF", "\uE000", "\uFFFF", "😀", "😀a", "😁");
    for (int i = 0; i < sorted.size(); i++) {
      for (int k = 0; k < sorted.size(); k++) {
        assertThat(Integer.signum(CodePointOrder.INSTANCE.compare(sorted.get(i), sorted.get(k))))
            .isEqualTo(Integer.compare(i, k));
      }
    }
  }

  @Test
  void tellsPathsFromUris() {
    for (String uri :
        List.of("s3://bucket/a", "hdfs://host:1/a", "a+b-c.9://x", "GS://b", "s3://a\n/b")) {
      assertThat(FileStore.isLocal(uri)).as(uri).isFalse();
    }
    for (String path :
        List.of(
            "",
            "a",
            "/a",
            "://a",
            "9p://a",
            "a b://c",
            "/s3://b",
            "é://a",
            "a:/b",
            "file:///a",
            "file:/a",
            "-a://b",
            "dir/s3://b")) {
      assertThat(FileStore.isLocal(path)).as(path).isTrue();
    }
  }

  @Test
  void whatCannotExistIsAbsent() throws IOException {
    put("file", "");
    Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));
    Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nothing"));
    for (String name :
        List.of("nothing", "file/below", "loop", "loop/below", "dangling", "x".repeat(300))) {
      assertThat(store.exists(in(name))).as(name).isFalse();
      assertThat(store.isFolder(in(name))).as(name).isFalse();
    }
    assertThat(store.exists(in("file"))).isTrue();
    assertThat(store.isFolder(in("file"))).isFalse();
    assertThat(store.isFolder(folder.toString())).isTrue();
  }

  /** Java names no file where a force, a write or a close fails. */
  @Test
  void anErrorOfWritingOrForcingNamesTheFile() {
    Path full = Path.of("/dev/full");
    Path unforced = Path.of("/proc/self");
    Assumptions.assumeTrue(Files.exists(full) && Files.exists(unforced));
    assertThatThrownBy(
            () -> {
              try (OutputStream out = NamedOutputStream.of(full)) {
                out.write(1);
              }
            })
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("/dev/full: ");
    assertThatThrownBy(() -> LocalDisk.forceFolder(unforced))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("/proc/self: ");
  }
}
