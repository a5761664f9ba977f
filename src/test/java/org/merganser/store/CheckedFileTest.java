package org.merganser.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is not to the bit what was written counts as absent. */
final class CheckedFileTest {
  @TempDir Path folder;

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void endsWithALineThatHoldsTheSumOfItsContent() throws IOException {
    CheckedFile.publish(at("a"), "abc\n".getBytes(StandardCharsets.UTF_8));
    assertThat(folder.resolve("a"))
        .hasContent(
            "abc\n"
                + "{\"sha256\":\"edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb\"}");
    assertThat(CheckedFile.find(at("a"))).isEqualTo("abc\n".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void streamsTheContentWithoutTheSum() throws IOException {
    for (int size : new int[] {0, 1, 65_535, 65_536, 200_000}) {
      byte[] content = new byte[size];
      Arrays.fill(content, (byte) size);
      CheckedFile.publish(at("b"), content);
      assertThat(CheckedFile.isWhole(at("b"))).isTrue();
      assertThat(CheckedFile.find(at("b"))).isEqualTo(content);
      try (InputStream in = CheckedFile.open(at("b"))) {
        assertThat(in.readAllBytes()).isEqualTo(content);
        assertThat(in.read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void everyFlippedBitAndEveryCutIsNoticed() throws IOException {
    byte[] whole = CheckedFile.withSum("{\"unit\":7}\n".getBytes(StandardCharsets.UTF_8));
    for (int at = 0; at < whole.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = whole.clone();
        flipped[at] ^= (byte) (1 << bit);
        assertThat(CheckedFile.contentOf(flipped)).as("bit %d of byte %d", bit, at).isNull();
      }
      Files.write(folder.resolve("c"), Arrays.copyOf(whole, at));
      assertThat(CheckedFile.find(at("c"))).as("cut at %d", at).isNull();
      assertThat(CheckedFile.isWhole(at("c"))).isFalse();
    }
    Files.write(folder.resolve("c"), Arrays.copyOf(whole, whole.length + 1));
    assertThat(CheckedFile.isWhole(at("c"))).isFalse();
    assertThat(CheckedFile.contentOf(whole)).isNotNull();
  }

  @Test
  void aFileThatCannotBeReadIsAnErrorThatNamesIt() throws IOException {
    Path unreadable = Path.of("/proc/self/mem"); // there is no memory at address 0
    Assumptions.assumeTrue(Files.exists(unreadable));
    Files.createSymbolicLink(folder.resolve("e"), unreadable);
    assertThatThrownBy(() -> CheckedFile.find(at("e")))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining(at("e"));
  }

  @Test
  void whatIsAbsentOrAFolderCountsAsAbsent() throws IOException {
    Files.createDirectory(folder.resolve("d"));
    for (String name : new String[] {"d", "nothing"}) {
      assertThat(CheckedFile.find(at(name))).isNull();
      assertThat(CheckedFile.isWhole(at(name))).isFalse();
    }
  }
}
