package org.merganser.pipeline.encode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.checksum.RangeSum;
import org.merganser.corpus.Compression;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.Document.Selection;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFiles;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.Segments;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.receipt.GroupRow;
import org.merganser.output.receipt.InputRange;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.tokenizer.SpecialTextException;

/** The accounts of a unit while it is read. */
final class UnitOutputTest {
  @TempDir Path folder;

  /** Has an id for each byte, and refuses texts that hold an exclamation mark. */
  private static final class Bytes extends UnitOutput {
    private final List<String> calls = new ArrayList<>();
    private long ids;

    Bytes(RunPaths paths, UnitFiles files, boolean mayRefuse) {
      super(paths, 3, files, mayRefuse, null);
    }

    private static String text(Document document) {
      return new String(document.text, document.from, document.length(), UTF_8);
    }

    @Override
    void encode(Document document) {
      calls.add("encode " + text(document));
      if (text(document).contains("!")) {
        throw new SpecialTextException("!", text(document).indexOf('!'));
      }
      ids = document.length();
    }

    @Override
    long put(Document document) throws IOException {
      if (text(document).equals("full")) {
        throw new IOException("No space left on device");
      }
      calls.add("put " + text(document));
      return ids;
    }

    @Override
    long lossTokens() {
      return 1;
    }

    @Override
    void finishDocuments() {}
  }

  private UnitFiles files;

  private Bytes output(boolean mayRefuse) {
    RunPaths paths = RunPaths.unstaged(new OutputPaths(folder.toString(), false));
    files = new UnitFiles(paths);
    return new Bytes(paths, files, mayRefuse);
  }

  private static Document document(String text, Selection selection) {
    Document document = new Document();
    document.id = text;
    document.file = "a.jsonl";
    document.text = text.getBytes(UTF_8);
    document.to = document.text.length;
    document.selection = selection;
    return document;
  }

  private static DeadLetter letter(DeadLetter.Reason reason, long records) {
    return new DeadLetter("a.jsonl", 0, 0, 1, "00", reason, "why", new byte[1], null, records);
  }

  private static void rangeRead(UnitOutput output, long records, long blank) {
    InputFile file =
        InputFiles.of("a.jsonl", "a.jsonl", 100, 0, InputFormat.JSONL, Compression.NONE);
    output.rangeRead(
        new RangeReceipt(
            new FileRange(file, 0, 100), records, 0, 0, blank, 0, 100, new RangeSum("ab", null)));
  }

  private UnitReceipt receipt(UnitOutput output) {
    output.finish();
    return files.receipt(3, UnitReceipt.ENCODE, "0123456789abcdef0123456789abcdef");
  }

  @Test
  void accountsForEveryRecordByItsUse() {
    Bytes output = output(true);
    Document grouped = document("four", Selection.TRAINING);
    grouped.group = "g";
    output.document(grouped);
    output.document(document("validates", Selection.VALIDATION));
    output.document(document("twice!", Selection.DUPLICATE));
    output.document(document("left out!", Selection.EXCLUDED));
    output.deadLetter(letter(DeadLetter.Reason.SPECIAL_TOKEN, 1));
    output.deadLetter(letter(DeadLetter.Reason.UNDECODABLE, 7));
    rangeRead(output, 13, 1);
    output.document(document("x", Selection.TRAINING));
    rangeRead(output, 1, 0);
    UnitReceipt receipt = receipt(output);
    InputRange range = receipt.inputs().get(0);
    range.requireAllAccountedFor();
    assertThat(range.sums().documents()).isEqualTo(1);
    assertThat(range.sums().tokens()).isEqualTo(4);
    assertThat(range.sums().textBytes()).isEqualTo(4);
    assertThat(range.sums().validation()).isEqualTo(new GroupCounts(1, 9, 9));
    assertThat(range.sums().duplicates()).isEqualTo(1);
    assertThat(range.sums().excluded()).isEqualTo(1);
    assertThat(range.sums().deadLetters())
        .isEqualTo(Map.of("special-token", 1L, "undecodable", 7L));
    assertThat(range.sums().lossTokens()).isNull();
    assertThat(receipt.inputs().get(1).sums().documents()).isEqualTo(1);
    assertThat(receipt.inputs().get(1).sums().deadLetters()).isEmpty();
    assertThat(receipt.groups()).extracting(GroupRow::group).containsExactly("g");
    assertThat(receipt.files())
        .hasSize(1)
        .first()
        .matches(f -> f.path().startsWith("dead-letters/"));
    assertThat(output.calls)
        .containsExactly(
            "encode four", "put four", "encode validates", "put validates", "encode x", "put x");
  }

  @Test
  void takesNothingOfADocumentThatItRefuses() {
    Bytes output = output(true);
    assertThatThrownBy(() -> output.document(document("no!", Selection.TRAINING)))
        .isInstanceOf(SpecialTextException.class);
    output.deadLetter(letter(DeadLetter.Reason.SPECIAL_TOKEN, 1));
    rangeRead(output, 1, 0);
    InputRange range = receipt(output).inputs().get(0);
    range.requireAllAccountedFor();
    assertThat(range.sums().documents()).isZero();
    assertThat(range.sums().textBytes()).isZero();
    assertThat(range.sums().tokens()).isZero();
    assertThat(output.calls).containsExactly("encode no!");
  }

  /** What is left out is not encoded, so it is not refused. */
  @Test
  void checksOnlyPartsThatItWouldEncodeAndStoresNothing() {
    Bytes output = output(true);
    for (Selection left : List.of(Selection.DUPLICATE, Selection.EXCLUDED)) {
      output.check(document("no!", left));
    }
    assertThat(output.calls).isEmpty();
    for (Selection encoded : List.of(Selection.TRAINING, Selection.VALIDATION)) {
      output.check(document("yes", encoded));
      assertThatThrownBy(() -> output.check(document("no!", encoded)))
          .isInstanceOf(SpecialTextException.class);
    }
    assertThat(output.calls)
        .containsExactly("encode yes", "encode no!", "encode yes", "encode no!");
    Bytes refusesNothing = output(false);
    refusesNothing.check(document("no!", Selection.TRAINING));
    assertThat(refusesNothing.calls).isEmpty();
  }

  @Test
  void countsTheLossTokensOfDocumentsWithSegmentsAlone() {
    Bytes output = output(true);
    output.document(document("none", Selection.TRAINING));
    for (int i = 0; i < 2; i++) {
      Document masked = document("mask", Selection.TRAINING);
      masked.segments = new Segments();
      masked.segments.add(4, true);
      output.document(masked);
    }
    rangeRead(output, 3, 0);
    assertThat(receipt(output).inputs().get(0).sums().lossTokens()).isEqualTo(2);
  }

  @Test
  void laterPartsAreOfTheDocumentThatPartZeroCounted() {
    Bytes output = output(true);
    for (int part = 0; part < 3; part++) {
      Document document = document("part" + part, Selection.TRAINING);
      document.part = part;
      document.lastPart = part == 2;
      output.document(document);
    }
    rangeRead(output, 1, 0);
    InputRange range = receipt(output).inputs().get(0);
    assertThat(range.sums().documents()).isEqualTo(1);
    assertThat(range.sums().tokens()).isEqualTo(15);
  }

  @Test
  void aFullDiskNamesTheOutputAndTheUnit() {
    Bytes output = output(true);
    assertThatThrownBy(() -> output.document(document("full", Selection.TRAINING)))
        .isInstanceOf(RunException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("unit 3");
  }
}
