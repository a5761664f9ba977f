package org.merganser.pipeline.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.corpus.Compression;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.WorkUnit;
import org.merganser.dataset.GroupCounts;
import org.merganser.dataset.InputRange;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;

/** Units get other numbers when files are added or removed before them; their files follow. */
final class MovedUnitsTest {
  @TempDir Path folder;
  private OutputLayout layout;

  @BeforeEach
  void layout() {
    layout = OutputLayout.of(folder.toString(), false);
  }

  private static String fingerprint(String input) {
    return Fingerprint.of("unit", input);
  }

  /** What encoding a unit leaves: a shard and the receipt that names it. */
  private UnitReceipt encoded(int number, String input) throws IOException {
    String path = layout.shard("", number, 0);
    Path shard = folder.resolve(path);
    Files.createDirectories(Objects.requireNonNull(shard.getParent()));
    Files.writeString(shard, "ids of " + input);
    InputRange range =
        new InputRange(
            input,
            0,
            1,
            1,
            "00",
            1,
            1,
            GroupCounts.ZERO,
            new TreeMap<>(),
            0,
            null,
            0,
            1,
            1,
            1,
            null);
    UnitReceipt receipt =
        new UnitReceipt(
            number,
            UnitReceipt.ENCODE,
            fingerprint(input),
            List.of(WrittenFile.of(shard, path, 1, 1)),
            List.of(range),
            new TreeMap<>(),
            null);
    Receipts.publish(layout, receipt);
    return receipt;
  }

  private static List<WorkUnit> units(String... inputs) {
    List<WorkUnit> units = new ArrayList<>();
    for (String input : inputs) {
      InputFile file =
          new InputFile(input, "/" + input, 1, 0, CorpusSettings.Format.TEXT, Compression.NONE);
      units.add(new WorkUnit(units.size(), List.of(new FileRange(file, 0, 1))));
    }
    return units;
  }

  private String shard(int number) throws IOException {
    return Files.readString(folder.resolve(layout.shard("", number, 0)), UTF_8);
  }

  @Test
  void aUnitThatMovedGetsItsFilesUnderTheNewNumber() throws IOException {
    encoded(0, "b");
    encoded(1, "c");
    MovedUnits.park(layout, units("a", "b", "c"));
    assertThat(folder.resolve(layout.shard("", 0, 0))).doesNotExist();

    UnitReceipt b = Objects.requireNonNull(Receipts.find(layout, fingerprint("b"), 1));
    UnitReceipt c = Objects.requireNonNull(Receipts.find(layout, fingerprint("c"), 2));
    assertThat(b.unit()).isEqualTo(1);
    assertThat(b.files().get(0).path()).isEqualTo(layout.shard("", 1, 0));
    assertThat(shard(1)).isEqualTo("ids of b");
    assertThat(shard(2)).isEqualTo("ids of c");
    assertThat(c.inputs()).hasSize(1);
    assertThat(Receipts.find(layout, fingerprint("a"), 0)).isNull();
  }

  @Test
  void aUnitThatStaysIsLeftWhereItIs() throws IOException {
    encoded(0, "a");
    encoded(1, "c");
    MovedUnits.park(layout, units("a", "b", "c"));
    assertThat(shard(0)).isEqualTo("ids of a");
    assertThat(folder.resolve(layout.shard("", 1, 0))).doesNotExist();
  }

  @Test
  void nothingIsTouchedWhereNoUnitMoved() throws IOException {
    encoded(0, "a");
    encoded(1, "b");
    MovedUnits.park(layout, units("a", "b", "c"));
    assertThat(shard(0)).isEqualTo("ids of a");
    assertThat(shard(1)).isEqualTo("ids of b");
    assertThat(folder.resolve("run/kept")).doesNotExist();
  }

  @Test
  void parkingThatWasCutShortIsGoneOnWith() throws IOException {
    UnitReceipt b = encoded(0, "b");
    // The shard is moved already, the receipt not yet.
    Path parked = folder.resolve("run/kept/" + fingerprint("b") + "/0/" + b.files().get(0).path());
    Files.createDirectories(Objects.requireNonNull(parked.getParent()));
    Files.move(folder.resolve(b.files().get(0).path()), parked);

    MovedUnits.park(layout, units("a", "b"));
    assertThat(Receipts.find(layout, fingerprint("b"), 1)).isNotNull();
    assertThat(shard(1)).isEqualTo("ids of b");
  }

  @Test
  void aParkedFileThatChangedIsNotTaken() throws IOException {
    UnitReceipt b = encoded(0, "b");
    MovedUnits.park(layout, units("a", "b"));
    Path parked = folder.resolve("run/kept/" + fingerprint("b") + "/0/" + b.files().get(0).path());
    Files.writeString(parked, "ids of x");
    assertThat(Receipts.find(layout, fingerprint("b"), 1)).isNull();
    assertThat(folder.resolve(layout.shard("", 1, 0))).doesNotExist();
  }

  @Test
  void aReceiptWhoseFileIsMissingIsNotParked() throws IOException {
    UnitReceipt b = encoded(0, "b");
    Files.delete(folder.resolve(b.files().get(0).path()));
    MovedUnits.park(layout, units("a", "b"));
    assertThat(Receipts.find(layout, fingerprint("b"), 1)).isNull();
  }

  @Test
  void whatNobodyTookIsSwept() throws IOException {
    encoded(0, "b");
    MovedUnits.park(layout, units("a"));
    MovedUnits.sweep(layout);
    assertThat(Receipts.find(layout, fingerprint("b"), 1)).isNull();
    try (var left = Files.walk(folder.resolve("run/kept"))) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }
}
