package org.merganser.pipeline.count;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.merganser.checksum.RangeSum;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.Compression;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFiles;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.read.Reading;
import org.merganser.corpus.read.UnitReader;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.receipt.InputRange;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.receipt.UnitFiles;

/** A unit that was counted is read again, by the checksums that counting has left. */
final class CountedRangesTest {
  private static final String TEXT = "a rose\nis\na rose\n";

  @TempDir Path folder;

  private final UnitReader reader = new UnitReader(Reading.settings(InputFormat.LINES, "x"), null);
  private Path text;
  private WorkUnit unit;

  /** The documents and receipts of a reading. */
  private static final class Sums implements DocumentHandler {
    private int documents;
    private final List<RangeReceipt> receipts = new ArrayList<>();

    @Override
    public void document(Document document) {
      documents++;
    }

    @Override
    public void deadLetter(DeadLetter letter) {}

    @Override
    public void rangeRead(RangeReceipt receipt) {
      receipts.add(receipt);
    }

    private List<RangeSum> sums() {
      return receipts.stream().map(RangeReceipt::sum).toList();
    }
  }

  @BeforeEach
  void writeText() throws IOException {
    text = Files.writeString(folder.resolve("text.txt"), TEXT);
    long modified = Files.getLastModifiedTime(text).toMillis();
    InputFile file =
        InputFiles.of(
            "text.txt", "" + text, TEXT.length(), modified, InputFormat.LINES, Compression.NONE);
    unit =
        new WorkUnit(
            0, List.of(new FileRange(file, 0, 10), new FileRange(file, 10, TEXT.length())));
  }

  private OutputPaths layout() {
    return OutputPaths.of(folder.resolve("out").toString());
  }

  private List<RangeSum> count(boolean withCrc32c) throws IOException {
    Sums first = new Sums();
    reader.read(unit, first);
    RecordSums none =
        new RecordSums(
            0, 0, GroupCounts.ZERO, new TreeMap<>(), 0, null, null, 0, 0, 0, 0, null, null);
    List<InputRange> ranges = new ArrayList<>();
    for (RangeReceipt read : first.receipts) {
      ranges.add(withCrc32c ? InputRange.ofFirstReading(read, none) : InputRange.of(read, none));
    }
    try (UnitFiles files = new UnitFiles(RunPaths.unstaged(layout()))) {
      FirstReadingReceipts.write(layout(), unit, ranges, files);
      files.publish(0, "count", "f");
    }
    return first.sums();
  }

  private Sums again() throws IOException {
    Sums second = new Sums();
    reader.readAgain(
        unit, Objects.requireNonNull(CountedRanges.of(layout(), unit, second), "checksums"));
    return second;
  }

  @Test
  void theRangesHaveTheSumsThatCountingHasComputed() throws IOException {
    List<RangeSum> first = count(true);
    assertThat(first.get(0).sha256()).isEqualTo(Sha256.of(TEXT.substring(0, 10).getBytes(UTF_8)));
    Sums second = again();
    assertThat(second.sums()).isEqualTo(first);
    assertThat(second.documents).isEqualTo(3);
    Sums bare = new Sums();
    reader.readAgain(unit, bare);
    assertThat(bare.sums()).extracting(RangeSum::sha256).containsOnlyNulls();
    assertThat(bare.sums())
        .extracting(RangeSum::crc32c)
        .isEqualTo(first.stream().map(RangeSum::crc32c).toList());
  }

  @Test
  void aFileWithOtherBytesOfTheSameSizeAndTimeIsRefused() throws IOException {
    count(true);
    var modified = Files.getLastModifiedTime(text);
    Files.writeString(text, TEXT.replace("is", "as"));
    Files.setLastModifiedTime(text, modified);
    assertThatThrownBy(this::again)
        .isInstanceOf(RunException.class)
        .hasMessageContaining(text + ": its bytes are not those that were counted");
  }

  @Test
  void aUnitWithoutChecksumsIsSummedAsItWasBefore() throws IOException {
    assertThat(CountedRanges.of(layout(), unit, new Sums())).isNull();
    count(false);
    assertThat(CountedRanges.of(layout(), unit, new Sums())).isNull();
  }
}
