package org.merganser.corpus.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.corpus.Compression;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFiles;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.SourceSettings;
import org.merganser.corpus.WorkUnit;

class PlanFileTest {
  @TempDir Path folder;

  private static List<WorkUnit> read(Path path) throws IOException {
    List<WorkUnit> units = new ArrayList<>();
    PlanFile.read(path.toString(), units::add);
    return units;
  }

  private static List<WorkUnit> units(int files) {
    List<InputFile> list = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      InputFormat format = InputFormat.values()[1 + i % 6];
      InputFile file =
          InputFiles.of(
              "a\n\"é😀" + i, "/x/" + i, i * 100L, i, format, Compression.values()[i % 5]);
      list.add(
          i % 3 > 0
              ? file
              : file.namedBy(new SourceSettings("---", "{a}", null, "g", i % 2), i % 2 > 0, i % 5));
    }
    return CorpusPlanner.plan(list);
  }

  @Test
  void readsBackWhatItWrote() throws IOException {
    Path path = folder.resolve("plan.jsonl");
    List<WorkUnit> units = units(5000);
    PlanFile.write(path.toString(), units);
    assertThat(read(path)).isEqualTo(units);
    assertThat(Files.readAllLines(path)).hasSize(units.size() + 1); // and its sum
    PlanFile.write(path.toString(), List.of());
    assertThat(read(path)).isEmpty();
  }

  @Test
  void streamsAHundredThousandFiles() throws IOException {
    Path path = folder.resolve("plan.jsonl");
    List<WorkUnit> units = units(100_000);
    PlanFile.write(path.toString(), units);
    long[] files = {0};
    PlanFile.read(path.toString(), unit -> files[0] += unit.ranges().size());
    assertThat(files[0]).isEqualTo(units.stream().mapToLong(u -> u.ranges().size()).sum());
  }

  @Test
  void refusesAFileThatIsNoPlan() throws IOException {
    Path path = folder.resolve("plan.jsonl");
    PlanFile.write(path.toString(), units(5000));
    byte[] file = Files.readAllBytes(path);
    file[file.length / 3] ^= 1;
    Files.write(path, file);
    assertThatThrownBy(() -> read(path))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("plan " + path + " is missing or changed")
        .hasMessageEndingWith("run again, which writes it again");
  }
}
