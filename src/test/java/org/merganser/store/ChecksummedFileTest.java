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
final class ChecksummedFileTest {
  @TempDir Path folder;

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void endsWithALineThatHoldsTheSumOfItsContent() throws IOException {
    ChecksummedFile.publish(at("a"), "abc\n".getBytes(StandardCharsets.UTF_8));
    assertThat(folder.resolve("a"))
        .hasContent(
            "abc\n"
                + "{\"sha256\":\"edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb\"}");
    assertThat(ChecksummedFile.find(at("a"))).isEqualTo("abc\n".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void streamsTheContentWithoutTheSum() throws IOException {
    for (int size : new int[] {0, 1, 65_535, 65_536, 200_000}) {
      byte[] content = new byte[size];
      Arrays.fill(content, (byte) size);
      ChecksummedFile.publish(at("b"), content);
      assertThat(ChecksummedFile.isWhole(at("b"))).isTrue();
      assertThat(ChecksummedFile.find(at("b"))).isEqualTo(content);
      try (InputStream in = ChecksummedFile.open(at("b"))) {
        assertThat(in.readAllBytes()).isEqualTo(content);
        assertThat(in.read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void everyFlippedBitAndEveryCutIsNoticed() throws IOException {
    byte[] whole = ChecksummedFile.withSum("{\"unit\":7}\n".getBytes(StandardCharsets.UTF_8));
    for (int at = 0; at < whole.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = whole.clone();
        flipped[at] ^= (byte) (1 << bit);
        assertThat(ChecksummedFile.contentOf(flipped)).as("bit %d of byte %d", bit, at).isNull();
      }
      Files.write(folder.resolve("c"), Arrays.copyOf(whole, at));
      assertThat(ChecksummedFile.find(at("c"))).as("cut at %d", at).isNull();
      assertThat(ChecksummedFile.isWhole(at("c"))).isFalse();
    }
    Files.write(folder.resolve("c"), Arrays.copyOf(whole, whole.length + 1));
    assertThat(ChecksummedFile.isWhole(at("c"))).isFalse();
    assertThat(ChecksummedFile.contentOf(whole)).isNotNull();
  }

  @Test
  void aFileThatCannotBeReadIsAnErrorThatNamesIt() throws IOException {
    Path unreadable = Path.of("/proc/self/mem"); // there is no memory at address 0
    Assumptions.assumeTrue(Files.exists(unreadable));
    Files.createSymbolicLink(folder.resolve("e"), unreadable);
    assertThatThrownBy(() -> ChecksummedFile.find(at("e")))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining(at("e"));
  }

  @Test
  void whatIsAbsentOrAFolderCountsAsAbsent() throws IOException {
    Files.createDirectory(folder.resolve("d"));
    for (String name : new String[] {"d", "nothing"}) {
      assertThat(ChecksummedFile.find(at(name))).isNull();
      assertThat(ChecksummedFile.isWhole(at(name))).isFalse();
    }
  }
}
