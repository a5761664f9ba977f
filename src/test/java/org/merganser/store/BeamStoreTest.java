package org.merganser.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BeamStoreTest {
  private final FileStore store = FileStore.of("mem://bucket/x");

  @BeforeEach
  void empty() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    MemoryFileSystem.OBJECTS.clear();
  }

  private void put(String location, String content) throws IOException {
    store.publish(location, out -> out.write(content.getBytes(UTF_8)));
  }

  @Test
  void readsBackWhatItPublishedFromAnyPlace() throws IOException {
    put("mem://bucket/a", "hello");
    assertThat(store.readAll("mem://bucket/a")).asString().isEqualTo("hello");
    try (InputStream in = store.open("mem://bucket/a", 2)) {
      assertThat(in.readAllBytes()).asString().isEqualTo("llo");
    }
    put("mem://bucket/a", "new");
    assertThat(store.readAll("mem://bucket/a")).asString().isEqualTo("new");
    assertThat(store.stat("mem://bucket/a"))
        .isEqualTo(new FileStore.Entry("mem://bucket/a", 3, 42, 0));
  }

  @Test
  void abandonsAFailedWriteWithoutPublishingAnyOfIt() {
    assertThatThrownBy(
            () ->
                store.publish(
                    "mem://bucket/a",
                    out -> {
                      out.write(new byte[1 << 20]);
                      throw new IOException("disk full");
                    }))
        .hasMessage("disk full");
    assertThatThrownBy(
            () ->
                store.publishFile(
                    "mem://bucket/b",
                    file -> {
                      Files.write(file, new byte[1 << 20]);
                      throw new IOException("disk full");
                    }))
        .hasMessage("disk full");
    assertThat(MemoryFileSystem.OBJECTS).isEmpty();
  }

  @Test
  void publishesAFileWrittenLocally() throws IOException {
    store.publishFile(
        "mem://bucket/a",
        file -> {
          assertThat(file).doesNotExist();
          Files.writeString(file, "local");
        });
    assertThat(store.readAll("mem://bucket/a")).asString().isEqualTo("local");
  }

  @Test
  void listsAFolderAtAnyDepthWhateverCharactersItsNameHolds() throws IOException {
    for (String name : new String[] {"b", "a/x", "a-b", "\uFF5A", "😀"}) {
      put("mem://bucket/f[1]*/" + name, name);
    }
    put("mem://bucket/f1x/other", "");
    put("mem://bucket/f[1]x/other", "");
    assertThat(store.listFolder("mem://bucket/f[1]*"))
        .extracting(e -> store.pathWithin("mem://bucket/f[1]*", e.location()))
        .containsExactly("a-b", "a/x", "b", "\uFF5A", "😀");
    assertThat(store.isFolder("mem://bucket/f[1]*")).isTrue();
    assertThat(store.isFolder("mem://bucket/f[1]*/b")).isFalse();
    assertThat(store.exists("mem://bucket/f[1]*/b")).isTrue();
    assertThat(store.exists("mem://bucket/f[1]*/c")).isFalse();
    assertThat(store.listFolder("mem://bucket/none")).isEmpty();
    assertThat(store.absolute("mem://bucket/f[1]*/b")).isEqualTo("mem://bucket/f[1]*/b");
    assertThat(store.resolved("mem://bucket/f[1]*/b")).isEqualTo("mem://bucket/f[1]*/b");
  }

  @Test
  void saysForWhichStoresThereAreBuilds() {
    assertThatThrownBy(() -> store.exists("nope://bucket/a"))
        .isInstanceOf(UnsupportedStoreException.class)
        .hasMessageStartingWith("nope://bucket/a: this build has no file system for \"nope\";");
    assertThatThrownBy(() -> store.exists("gs://bucket/a"))
        .isInstanceOf(UnsupportedStoreException.class)
        .hasMessageNotContaining("this build has no file system for \"nope\"")
        .hasMessageContaining("gs");
  }

  @Test
  void deletesWhatIsThereAndOnlyThat() throws IOException {
    put("mem://bucket/a", "x");
    store.delete("mem://bucket/a");
    store.delete("mem://bucket/a");
    assertThat(store.exists("mem://bucket/a")).isFalse();
    assertThatThrownBy(() -> store.stat("mem://bucket/a")).isInstanceOf(NoSuchFileException.class);
  }
}
