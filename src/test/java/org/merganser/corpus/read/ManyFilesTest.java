package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.corpus.read.Reading.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.plan.PlanFile;

class ManyFilesTest {
  @TempDir Path folder;

  private void check(int files) throws IOException {
    for (int i = 0; i < files; i++) {
      Path sub = folder.resolve(String.format("%02x", i % 256));
      if (i < 256) {
        Files.createDirectory(sub);
      }
      Files.write(sub.resolve(i + ".txt"), ("document " + i + "\n").getBytes(UTF_8));
    }
    long start = System.nanoTime();
    CorpusSettings settings = settings(InputFormat.AUTO, folder);
    Path plan = folder.resolveSibling(folder.getFileName() + ".plan");
    PlanFile.write(plan.toString(), CorpusPlanner.plan(CorpusPlanner.list(settings)));
    long listed = System.nanoTime();
    List<WorkUnit> units = new ArrayList<>();
    PlanFile.read(plan.toString(), units::add);
    Files.delete(plan);
    assertThat(units).hasSizeBetween(files / 2000, 300);
    long[] documents = {0};
    UnitReader reader = new UnitReader(settings, null);
    for (WorkUnit unit : units) {
      reader.read(
          unit,
          new DocumentHandler() {
            @Override
            public void document(Document document) {
              documents[0]++;
            }

            @Override
            public void deadLetter(DeadLetter letter) {
              throw new AssertionError(letter);
            }

            @Override
            public void rangeRead(RangeReceipt receipt) {
              assertThat(receipt.documents()).isEqualTo(1);
            }
          });
    }
    assertThat(documents[0]).isEqualTo(files);
    System.out.printf(
        "%d files: listed and planned in %.1f s, read in %.1f s%n",
        files, (listed - start) / 1e9, (System.nanoTime() - listed) / 1e9);
  }

  @Test
  void groupsTinyFilesIntoUnits() throws IOException {
    check(3_000);
  }

  @Test
  @Tag("soak")
  void readsTwoHundredThousandTinyFiles() throws IOException {
    check(200_000);
  }
}
