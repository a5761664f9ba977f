package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.Compression;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFiles;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.tokenizer.SpecialTextException;

/** The parts of a document that a window never holds as a whole: cells of 10 bytes. */
final class PartCutterTest {
  private static final int LIMIT = 20;

  /** What a handler gets, as {@code number:text}, with a bar after the last part. */
  private static final class Parts implements DocumentHandler {
    private final List<String> notes = new ArrayList<>();

    @Override
    public void document(Document part) {
      String text = new String(part.text, part.from, part.length(), UTF_8);
      if (text.contains("bad")) {
        throw new SpecialTextException("bad", text.indexOf("bad"));
      }
      notes.add(part.part + ":" + text + (part.lastPart ? "|" : ""));
    }

    @Override
    public void deadLetter(DeadLetter letter) {
      DeadLetter.Part part = letter.part();
      String number = part == null ? "" : part.number() + " of " + part.document() + " ";
      notes.add(
          "%s%s at %d, %d bytes"
              .formatted(number, letter.reason().label(), letter.offset(), letter.length()));
    }
  }

  private static List<String> cut(String text, int wholeLimit, @Nullable Long from, Long to)
      throws IOException {
    Parts parts = new Parts();
    RecordSink sink = sink(parts, text.length());
    ByteWindow window = new ByteWindow();
    long start = from == null ? 0 : from;
    window.open(
        new ByteArrayInputStream(text.substring((int) (start - start % 10)).getBytes(UTF_8)),
        start - start % 10);
    PartCutter cutter = cutter(window, sink, wholeLimit);
    cutter.read(
        new LargeDocument("id", null, 0),
        start,
        to == null ? Long.MAX_VALUE : to,
        new StreamEnd(window));
    return parts.notes;
  }

  private static RecordSink sink(Parts parts, int length) {
    InputFile file = InputFiles.of("a", "a", length, 0, InputFormat.TEXT, Compression.NONE);
    FileRange range = new FileRange(file, 0, length);
    return new RecordSink(
        range, InvalidUtf8.DEAD_LETTER, new ChecksumProof(), parts, Sha256.newDigest(), 0);
  }

  private static PartCutter cutter(ByteWindow window, RecordSink sink, int wholeLimit) {
    CutGrid grid = new CutGrid(SplitPropertyTest.CAPITALS, LIMIT, wholeLimit);
    WholeDocumentMemory memory = new WholeDocumentMemory(1 << 20);
    return new PartCutter(grid, window, sink, Sha256.newDigest(), memory, ", and so on");
  }

  private static List<String> cut(String text) throws IOException {
    return cut(text, LIMIT, null, null);
  }

  @Test
  void cutsEachCellAtItsLastAllowedPlace() throws IOException {
    assertThat(cut("abc Def Ghi jkl Mno pqr Stu"))
        .containsExactly("0:abc Def ", "1:Ghi jkl ", "2:Mno pqr Stu|");
  }

  @Test
  void aRangeHasThePartsThatBeginInIt() throws IOException {
    String text = "abc Def Ghi jkl Mno pqr Stu";
    assertThat(cut(text, LIMIT, 0L, 8L)).containsExactly("0:abc Def ");
    assertThat(cut(text, LIMIT, 8L, 9L)).containsExactly("1:Ghi jkl ");
    assertThat(cut(text, LIMIT, 9L, 27L)).containsExactly("2:Mno pqr Stu|");
    assertThat(cut(text, LIMIT, 17L, 27L)).isEmpty();
  }

  @Test
  void aCellWithoutAPlaceContinuesThePartBeforeItAndItsNumberIsSkipped() throws IOException {
    assertThat(cut("abc Def ghi jkl mno Pqr stu vwx yz"))
        .containsExactly("0:abc ", "1 of 0 too-large at 4, 30 bytes", "1:|");
    assertThat(cut("abc Def ghi jkl mno Pqr stu vwx yz", 40, null, null))
        .containsExactly("0:abc ", "1:Def ghi jkl mno Pqr stu vwx yz|");
    assertThat(cut("abc Def ghi jkl mnop Pqr stu vwx yz"))
        .containsExactly("0:abc ", "1:Def ghi jkl mnop ", "3:Pqr stu vwx yz|");
  }

  @Test
  void aRefusedPartIsADeadLetterAndTheOthersStay() throws IOException {
    assertThat(cut("abc bad Ghi jkl Mno pqr Stu"))
        .containsExactly("0 of 0 special-token at 0, 8 bytes", "1:Ghi jkl ", "2:Mno pqr Stu|");
    assertThat(cut("abc Def Ghi bad Mno pqr Stu"))
        .containsExactly("0:abc Def ", "1 of 0 special-token at 8, 8 bytes", "2:Mno pqr Stu|");
  }

  @Test
  void anEmptyPartEndsADocumentWhoseLastPartIsRefused() throws IOException {
    assertThat(cut("abc Def Ghi jkl Mno bad Stu"))
        .containsExactly("0:abc Def ", "1:Ghi jkl ", "2 of 0 special-token at 16, 11 bytes", "2:|");
  }

  @Test
  void aDocumentThatIsRefusedAsAWholeHasNoParts() throws IOException {
    assertThat(cut("abc bad")).containsExactly("special-token at 0, 7 bytes");
    assertThat(cut("x".repeat(21))).containsExactly("too-large at 0, 21 bytes");
  }

  @Test
  void theRestOfAStreamIsOneDeadLetter() throws IOException {
    Parts parts = new Parts();
    RecordSink sink = sink(parts, 0);
    ByteWindow window = new ByteWindow();
    byte[] stream = new byte[DeadLetter.RAW_LIMIT + (1 << 20)];
    window.open(new ByteArrayInputStream(stream), 0);
    new UnheldRecord(window, sink, Sha256.newDigest()).refuseRest(5, Reason.CORRUPT, "why");
    assertThat(parts.notes).containsExactly("corrupt at 5, " + (stream.length - 5) + " bytes");
    assertThat(window.bytes().length).isLessThan(1 << 20);
  }
}
