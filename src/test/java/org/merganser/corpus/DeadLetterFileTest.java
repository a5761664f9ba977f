package org.merganser.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.checksum.FileSum;
import org.merganser.corpus.DeadLetter.Reason;

class DeadLetterFileTest {
  @TempDir Path dir;

  private byte[] write(DeadLetter... letters) throws IOException {
    Path file = dir.resolve("letters.jsonl.zst");
    DeadLetterFile writer = new DeadLetterFile(file);
    try (writer) {
      for (DeadLetter letter : letters) {
        writer.write(letter);
      }
    }
    assertThat(writer.sum()).isEqualTo(FileSum.of(file));
    return Files.readAllBytes(file);
  }

  private static String decode(byte[] zstd) throws IOException {
    try (var in = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(zstd))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static DeadLetter letter(byte[] raw) {
    return new DeadLetter(
        "dir/ä\n.jsonl",
        3,
        1L << 40,
        raw.length,
        "ab12",
        Reason.INVALID_JSON,
        "it's \"bad\"",
        raw,
        null,
        1);
  }

  @Test
  void writesALineALetterWithItsBytesInBase64() throws IOException {
    byte[] raw = {0, (byte) 0xFF, 'a'};
    String line =
        "{\"file\":\"dir/ä\\n.jsonl\",\"record\":3,\"offset\":1099511627776,\"length\":3,"
            + "\"sha256\":\"ab12\",\"reason\":\"invalid-json\",\"detail\":\"it's \\\"bad\\\"\","
            + "\"raw\":\"AP9h\"}\n";
    assertThat(decode(write(letter(raw), letter(raw)))).isEqualTo(line + line);
    assertThat(write(letter(raw))).isEqualTo(write(letter(raw)));
  }

  @Test
  void saysWhichPartOfADocumentItIs() throws IOException {
    DeadLetter part =
        new DeadLetter(
            "a.txt",
            3,
            900,
            0,
            "ab12",
            Reason.TOO_LARGE,
            "x",
            new byte[0],
            new DeadLetter.Part(100, 7),
            1);
    assertThat(decode(write(part)))
        .isEqualTo(
            "{\"file\":\"a.txt\",\"record\":3,\"offset\":900,\"document\":100,\"part\":7,"
                + "\"length\":0,\"sha256\":\"ab12\",\"reason\":\"too-large\",\"detail\":\"x\","
                + "\"raw\":\"\"}\n");
  }

  @Test
  void aLetterHasAtMostSixtyFourKibibytesOfTheRawBytes() throws IOException {
    String line = decode(write(letter(new byte[DeadLetter.RAW_LIMIT])));
    assertThat(line).contains("\"length\":65536,").contains("A".repeat(87_380) + "AA==\"");
    byte[] longer = new byte[DeadLetter.RAW_LIMIT + 1];
    assertThatThrownBy(() -> letter(longer)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void writesNothingButAFrameForNoLetters() throws IOException {
    assertThat(decode(write())).isEmpty();
  }
}
