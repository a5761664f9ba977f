package org.merganser.pipeline.output.receipt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.checksum.FileSum;
import org.merganser.output.WrittenFile;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;

final class UnitFilesTest {
  private static final String PATH = "shards/parquet/part-0000000-000.parquet";

  @TempDir Path folder;

  private UnitFiles files() {
    return new UnitFiles(RunPaths.unstaged(OutputPaths.of(folder.toString())));
  }

  @Test
  void theSumOfAFileIsThatOfTheBytesThatPassed() throws IOException {
    try (UnitFiles files = files()) {
      files.write(
          PATH,
          out -> {
            out.write('a');
            out.write("bc".repeat(100_000).getBytes(UTF_8));
          });
      String text = "a" + "bc".repeat(100_000);
      Path twin = Files.writeString(folder.resolve("twin"), text);
      assertThat(files.written()).containsExactly(WrittenFile.of(PATH, FileSum.of(twin), 0, 0));
    }
  }

  @Test
  void afterAFileThatCannotBeDeletedTheOthersAreDeletedAllTheSame() throws IOException {
    UnitFiles files = files();
    Path first = files.begin(PATH);
    Path second = Files.writeString(files.begin(PATH + "2"), "text");
    Path inFirst = Files.createDirectories(first.resolve("x"));
    assertThatThrownBy(files::close).isInstanceOf(DirectoryNotEmptyException.class);
    assertThat(second).doesNotExist();
    Files.delete(inFirst);
    files.close();
    assertThat(first).doesNotExist();
  }

  @Test
  void aFileOfAnotherSizeThanWasWrittenIsRefused() throws IOException {
    try (UnitFiles files = files()) {
      Path file = Files.writeString(files.begin(PATH), "12345");
      FileSum sum = FileSum.of(file);
      Files.writeString(file, "1234");
      assertThatThrownBy(() -> files.finish(PATH, sum, 0, 0))
          .isInstanceOf(RunException.class)
          .hasMessageContaining(file + ": has 4 bytes, and 5 were written");
      assertThat(files.written()).isEmpty();
    }
  }
}
