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
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusSettings.Format;
import org.merganser.corpus.InputFile;
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
      Format format = Format.values()[1 + i % 6];
      list.add(
          new InputFile(
              "a\n\"é😀" + i, "/x/" + i, i * 100L, i, format, Compression.values()[i % 5]));
    }
    return CorpusPlanner.plan(list);
  }

  @Test
  void readsBackWhatItWrote() throws IOException {
    Path path = folder.resolve("plan.jsonl");
    List<WorkUnit> units = units(5000);
    PlanFile.write(path.toString(), units);
    assertThat(read(path)).isEqualTo(units);
    assertThat(Files.readAllLines(path)).hasSameSizeAs(units);
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
    String good = Files.readString(path);
    Files.writeString(path, good.substring(0, good.length() / 2));
    assertThatThrownBy(() -> read(path))
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining("plan " + path + " cannot be read behind unit")
        .hasMessageEndingWith("delete it and run again");
    Files.writeString(path, good.substring(good.indexOf('\n') + 1));
    assertThatThrownBy(() -> read(path)).hasMessageContaining("has unit 1 where 0 is due");
    Files.writeString(path, "{\"unit\":0}");
    assertThatThrownBy(() -> read(path)).isInstanceOf(CorpusException.class);
  }
}
