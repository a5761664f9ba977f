package org.merganser.corpus.select;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.Document.Selection;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.read.Reading;
import org.merganser.corpus.read.SplitPropertyTest;
import org.merganser.corpus.read.UnitReader;

/**
 * Documents that are read in parts are duplicates of each other like any others, however their
 * files are cut into ranges and units.
 */
final class LargeDuplicatesTest {
  private static final String[] TEXTS = {
    "Aa Bb Cc Dd Ee Ff Gg Hh Ii Jj Kk Ll",
    "Aa Bb Cc Dd Ee Ff Gg Hh Ii Jj Kk LL",
    "aa bb cc dd ee ff Gg",
    "x",
    "Aa",
    "Word Word Word Word Word Word Word Word Word Word Word Word",
    "no place to cut this text that is long enough to be too large for most of the limits Z",
    "Aa \u00ff Bb Cc Dd Ee Ff Gg",
    "Aa Bb Cc Dd Ee Ff \u00ff"
  };

  @TempDir Path folder;

  private String text(Random random) {
    StringBuilder text = new StringBuilder(TEXTS[random.nextInt(TEXTS.length)]);
    if (random.nextInt(4) == 0) {
      text.append(random.nextInt(3)).append(" More of it Here ".repeat(random.nextInt(4)));
    }
    return text.toString();
  }

  private Path write(String name, InputFormat format, Random random) throws IOException {
    StringBuilder content = new StringBuilder();
    if (format == InputFormat.TEXT) {
      content.append(text(random));
    } else {
      for (int n = random.nextInt(9); n > 0; n--) {
        content.append(
            format == InputFormat.JSONL
                ? "{\"text\":\"" + text(random) + "\"}\n"
                : text(random) + "\n");
      }
    }
    // One byte a character, so that some are not UTF-8.
    return Files.write(folder.resolve(name), content.toString().getBytes(ISO_8859_1));
  }

  /** A document as the units of a corpus give it: its key, and what became of each part. */
  private static class Seen implements DocumentHandler {
    final Map<String, Set<Selection>> selections = new LinkedHashMap<>();
    final Map<String, StringBuilder> texts = new LinkedHashMap<>();
    final Set<String> broken = new HashSet<>();

    @Override
    public void document(Document d) {
      String key = d.file + "#" + d.offset;
      selections.computeIfAbsent(key, k -> new HashSet<>()).add(d.selection);
      texts
          .computeIfAbsent(key, k -> new StringBuilder())
          .append(new String(d.text, d.from, d.length(), ISO_8859_1));
    }

    @Override
    public void deadLetter(DeadLetter letter) {
      DeadLetter.Part part = letter.part();
      if (part != null) {
        broken.add(letter.file() + "#" + part.document());
      }
    }

    @Override
    public void rangeRead(RangeReceipt receipt) {}

    /** The obvious way: the first of each whole text is kept. */
    Map<String, Set<Selection>> expected() {
      Map<String, Set<Selection>> expected = new LinkedHashMap<>();
      Set<String> before = new HashSet<>();
      texts.forEach(
          (key, text) -> {
            boolean duplicate = !broken.contains(key) && !before.add(text.toString());
            expected.put(key, Set.of(duplicate ? Selection.DUPLICATE : Selection.TRAINING));
          });
      return expected;
    }
  }

  private static List<WorkUnit> units(List<InputFile> files, boolean split, Random random) {
    List<WorkUnit> units = new ArrayList<>();
    for (InputFile file : files) {
      TreeSet<Long> cuts = new TreeSet<>();
      for (int n = split ? random.nextInt(8) : 0; n > 0 && file.size() > 1; n--) {
        cuts.add(1 + random.nextLong(file.size() - 1));
      }
      cuts.add(file.size());
      long start = 0;
      List<FileRange> shared = new ArrayList<>();
      for (long cut : cuts) {
        shared.add(new FileRange(file, start, cut));
        start = cut;
        if (random.nextInt(3) > 0 || cut == file.size()) {
          units.add(new WorkUnit(units.size(), List.copyOf(shared)));
          shared.clear();
        }
      }
    }
    return units;
  }

  private Seen select(CorpusSettings settings, List<WorkUnit> units, int groups)
      throws IOException {
    List<String> hashes = new ArrayList<>();
    UnitReader reader = new UnitReader(settings, SplitPropertyTest.CAPITALS);
    for (WorkUnit unit : units) {
      Path file = folder.resolve("hashes-" + unit.number());
      try (OutputStream out = Files.newOutputStream(file)) {
        TextHashes.write(reader, unit, null, out);
      }
      hashes.add(file.toString());
    }
    DuplicateList list = DuplicateListTest.search(folder, units, hashes, groups);
    Seen seen = new Seen();
    for (WorkUnit unit : units) {
      reader.read(
          unit,
          new SelectedDocuments(new ValidationSplit(0), null, list.ordinals(unit.number()), seen));
    }
    return seen;
  }

  @Test
  void findsThemHoweverTheirFilesAreCut() throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    int inParts = 0;
    for (int i = 0; i < 25; i++) {
      List<InputFile> files = new ArrayList<>();
      InputFormat[] formats = {
        InputFormat.TEXT, InputFormat.LINES, InputFormat.PARAGRAPHS, InputFormat.JSONL
      };
      InvalidUtf8 mode = random.nextBoolean() ? InvalidUtf8.DEAD_LETTER : InvalidUtf8.BYTES;
      int limit = 4 + random.nextInt(40);
      for (int f = 0; f < 8; f++) {
        InputFormat format = formats[random.nextInt(formats.length)];
        Path path = write("f" + f, format, random);
        if (Files.size(path) > 0) {
          files.addAll(CorpusPlanner.list(Reading.limited(format, limit, mode, path)));
        }
      }
      CorpusSettings settings = Reading.limited(InputFormat.AUTO, limit, mode, folder);
      String what = "seed " + seed + ", case " + i + ", limit " + limit;
      Seen whole = select(settings, units(files, false, random), 1);
      assertThat(whole.selections).as(what).isEqualTo(whole.expected());
      for (int groups : new int[] {1, 4}) {
        Seen split = select(settings, units(files, true, random), groups);
        assertThat(split.selections).as(what).isEqualTo(whole.selections);
        assertThat(split.broken).as(what).isEqualTo(whole.broken);
      }
      for (String key : whole.texts.keySet()) {
        boolean large = whole.texts.get(key).length() > limit;
        inParts += large && whole.selections.get(key).equals(Set.of(Selection.DUPLICATE)) ? 1 : 0;
      }
    }
    assertThat(inParts).as("seed %d: duplicates in parts", seed).isPositive();
  }

  /** The hash of parts is of another kind than that of a text. */
  @Test
  void aTextThatLooksLikeThePartsOfAnotherIsNoDuplicate() throws IOException {
    String text = "Aa Bb Cc Dd Ee Ff Gg Hh Ii Jj Kk Ll ".repeat(30);
    Path inParts = Files.writeString(folder.resolve("a"), text);
    CorpusSettings settings = Reading.limited(InputFormat.TEXT, 1000, InvalidUtf8.BYTES, inParts);
    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    new UnitReader(settings, SplitPropertyTest.CAPITALS)
        .read(
            units(CorpusPlanner.list(settings), false, new Random(1)).get(0),
            new Seen() {
              @Override
              public void document(Document d) {
                byte[] part = Arrays.copyOfRange(d.text, d.from, d.to);
                parts.writeBytes(
                    ByteBuffer.allocate(40)
                        .putInt(d.part)
                        .putInt(part.length)
                        .put(Sha256.newDigest().digest(part))
                        .array());
              }
            });
    assertThat(parts.size()).isBetween(80, 1000);
    Files.write(folder.resolve("b"), parts.toByteArray());
    CorpusSettings both =
        Reading.includingAll(Reading.limited(InputFormat.TEXT, 1000, InvalidUtf8.BYTES, folder));
    Seen seen = select(both, units(CorpusPlanner.list(both), false, new Random(1)), 1);
    assertThat(seen.selections.values()).containsOnly(Set.of(Selection.TRAINING)).hasSize(2);
  }
}
