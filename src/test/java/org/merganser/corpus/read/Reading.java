package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.text.scan.CutRule;

/** What a reader gave, kept for assertions; checks on the way that the sums add up. */
public class Reading implements DocumentHandler {
  public record Doc(
      String id, String file, long offset, int part, @Nullable String group, byte[] text) {
    String string() {
      return new String(text, UTF_8);
    }

    /** With content equality, for comparisons. */
    List<Object> key() {
      return Arrays.asList(id, file, offset, part, group, new String(text, ISO_8859_1));
    }
  }

  public final List<Doc> documents = new ArrayList<>();
  public final List<DeadLetter> letters = new ArrayList<>();
  public final List<RangeReceipt> receipts = new ArrayList<>();
  private long documentsBefore;
  private long lettersBefore;
  private long textBytes;

  @Override
  public void document(Document d) {
    documents.add(
        new Doc(d.id, d.file, d.offset, d.part, d.group, Arrays.copyOfRange(d.text, d.from, d.to)));
    documentsBefore += d.part == 0 ? 1 : 0;
    textBytes += d.length();
  }

  @Override
  public void deadLetter(DeadLetter letter) {
    assertThat(letter.raw().length).isEqualTo((int) Math.min(65536, letter.length()));
    letters.add(letter);
    lettersBefore += letter.records();
  }

  @Override
  public void rangeRead(RangeReceipt receipt) {
    assertThat(receipt.records())
        .isEqualTo(receipt.documents() + receipt.deadLetters() + receipt.blank());
    assertThat(receipt.documents()).isEqualTo(documentsBefore);
    assertThat(receipt.deadLetters()).isEqualTo(lettersBefore);
    assertThat(receipt.textBytes()).isEqualTo(textBytes);
    documentsBefore = 0;
    lettersBefore = 0;
    textBytes = 0;
    receipts.add(receipt);
  }

  public List<String> texts() {
    return documents.stream().map(Doc::string).toList();
  }

  public List<String> ids() {
    return documents.stream().map(Doc::id).toList();
  }

  public List<String> reasons() {
    return letters.stream().map(l -> l.reason().label()).toList();
  }

  public long rawBytes() {
    return receipts.stream().mapToLong(RangeReceipt::rawBytes).sum();
  }

  public static CorpusSettings settings(InputFormat format, Object... inputs) {
    return limited(format, 64L << 20, 64L << 20, InvalidUtf8.DEAD_LETTER, inputs);
  }

  /**
   * The same with {@code corpus.includeAll}: a file of a named format is read whatever its kind.
   */
  public static CorpusSettings includingAll(CorpusSettings of) {
    return of.toBuilder().includeAll(true).build();
  }

  /** Where text, identifier and group come from fields of a job's own. */
  public static CorpusSettings fields(
      Path input, String text, @Nullable String id, @Nullable String group) {
    return CorpusSettings.builder(CorpusInput.of(List.of(input.toString())))
        .textField(text)
        .idField(id)
        .groupField(group)
        .maxDocumentBytes(1 << 20)
        .maxWholeDocumentBytes(1 << 20)
        .build();
  }

  /** Where nothing above the limit is held as a whole. */
  public static CorpusSettings limited(
      InputFormat format, long maxDocumentBytes, InvalidUtf8 mode, Object input) {
    return limited(format, maxDocumentBytes, maxDocumentBytes, mode, input);
  }

  static CorpusSettings limited(
      InputFormat format, long limit, long wholeLimit, InvalidUtf8 mode, Object... inputs) {
    List<CorpusInput> all = CorpusInput.of(Arrays.stream(inputs).map(Object::toString).toList());
    return CorpusSettings.builder(all)
        .format(format)
        .maxDocumentBytes(limit)
        .maxWholeDocumentBytes(wholeLimit)
        .invalidUtf8(mode)
        .build();
  }

  /** Texts whose documents end with a line. */
  static CorpusSettings separated(
      String separator, long limit, long wholeLimit, InvalidUtf8 mode, Path input) {
    return CorpusSettings.builder(CorpusInput.of(List.of(input.toString())))
        .format(InputFormat.TEXT)
        .separator(separator)
        .maxDocumentBytes(limit)
        .maxWholeDocumentBytes(wholeLimit)
        .invalidUtf8(mode)
        .build();
  }

  /** Lists, plans and reads. */
  public static Reading of(CorpusSettings settings) throws IOException {
    return of(settings, null);
  }

  public static Reading of(CorpusSettings settings, @Nullable CutRule rule) throws IOException {
    return of(settings, rule, CorpusPlanner.plan(CorpusPlanner.list(settings)));
  }

  static Reading of(CorpusSettings settings, @Nullable CutRule rule, List<WorkUnit> units)
      throws IOException {
    Reading reading = new Reading();
    UnitReader reader = new UnitReader(settings, rule);
    for (WorkUnit unit : units) {
      reader.read(unit, reading);
    }
    return reading;
  }

  /** Reads one file, cut into ranges at the given places. */
  public static Reading split(CorpusSettings settings, @Nullable CutRule rule, List<Long> cuts)
      throws IOException {
    InputFile file = CorpusPlanner.list(settings).get(0);
    List<FileRange> ranges = new ArrayList<>();
    long start = 0;
    for (long cut : cuts) {
      ranges.add(new FileRange(file, start, cut));
      start = cut;
    }
    ranges.add(new FileRange(file, start, file.size()));
    return of(settings, rule, List.of(new WorkUnit(0, ranges)));
  }

  public static Path file(Path folder, String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content, UTF_8);
  }

  public static Path file(Path folder, String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }
}
