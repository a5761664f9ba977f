package org.merganser.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.function.IOPredicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files, folders and links, and what leads to none of them. */
final class PathAttributesTest {
  @TempDir Path folder;

  @BeforeEach
  void makeOneOfEach() throws IOException {
    Files.writeString(folder.resolve("file"), "x");
    Files.createDirectory(folder.resolve("sub"));
    Files.createSymbolicLink(folder.resolve("to-file"), Path.of("file"));
    Files.createSymbolicLink(folder.resolve("to-sub"), Path.of("sub"));
    Files.createSymbolicLink(folder.resolve("dangling"), Path.of("gone"));
    Files.createSymbolicLink(folder.resolve("itself"), Path.of("itself"));
  }

  /** Asserts that a method is true for these names and for no others. */
  private void holds(IOPredicate<Path> method, String... names) throws IOException {
    for (String name :
        List.of("file", "sub", "to-file", "to-sub", "dangling", "itself", "gone", "file/below")) {
      assertThat(method.test(folder.resolve(name)))
          .as(name)
          .isEqualTo(List.of(names).contains(name));
    }
  }

  @Test
  void aFileOrALinkToOneIsAFile() throws IOException {
    holds(PathAttributes::isFile, "file", "to-file");
  }

  @Test
  void aFolderOrALinkToOneIsAFolder() throws IOException {
    holds(PathAttributes::isFolder, "sub", "to-sub");
    holds(path -> PathAttributes.isFolder(path, LinkOption.NOFOLLOW_LINKS), "sub");
  }

  @Test
  void aLinkIsALinkWhateverItLeadsTo() throws IOException {
    holds(PathAttributes::isLink, "to-file", "to-sub", "dangling", "itself");
  }

  @Test
  void aLinkToNothingIsNothing() throws IOException {
    holds(PathAttributes::exists, "file", "sub", "to-file", "to-sub");
  }
}
