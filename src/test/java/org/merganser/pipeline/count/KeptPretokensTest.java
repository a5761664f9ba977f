package org.merganser.pipeline.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.bpe.count.GroupedCounts;
import org.merganser.checksum.Sha256;
import org.merganser.cli.CommandLineRun;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.job.Job;
import org.merganser.job.JobReader;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.encode.UnitEncoder;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.prepare.RunPreparation;
import org.merganser.pipeline.select.DocumentChoice;
import org.merganser.pipeline.select.DocumentSelection;
import org.merganser.pipeline.settings.CountingSpread;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;

/**
 * A unit that is encoded from what counting kept of it has the files and accounts of one that is
 * read again.
 */
@Tag("run")
final class KeptPretokensTest {
  private static final DocumentChoice ALL = new DocumentChoice(1 << 12);
  private static final String TRAIN =
      """
      vocabSize: 400
            family: qwen2
            specialTokens: [ "<|end|>" ]
      """;

  @TempDir Path folder;
  private final Random random = new Random(Seeds.next());
  private final List<String> lines = new ArrayList<>();
  private Path tokenizer;
  private String corpus = "";
  private String train = TRAIN;
  private String shards = "groupBy: lang";
  private String endOfDocument = "endOfDocument: \"<|end|>\"";
  private String specialText = "text";
  private DuplicateList duplicates = DuplicateList.NONE;
  private int weight = 1;
  private int runs;
  private WorkUnit unit;

  @BeforeEach
  void makeACorpus() {
    for (int i = 0; i < 300; i++) {
      addDocument(i, text(random.nextInt(300)));
    }
  }

  private void addDocument(int number, String text) {
    String lang = number % 7 == 3 ? "" : ", \"lang\": \"l" + number / 40 % 3 + "\"";
    lines.add("{\"id\": \"d" + number + "\", \"text\": \"" + text + "\"" + lang + "}");
  }

  /** Words known and new, digits, characters of all lengths, and what a normalizer changes. */
  private String text(int words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      switch (random.nextInt(8)) {
        case 0 -> text.append(random.nextInt(5000));
        case 1 -> text.append("\\n\\n  ").append("e\u0301A\u030A".repeat(random.nextInt(3)));
        case 2 -> text.append(" 吾輩は猫である。".substring(0, 1 + random.nextInt(8)));
        case 3 -> text.append(' ').append("\uD83E\uDD86".repeat(random.nextInt(4)));
        case 4 -> text.append(" <|end|> ");
        case 5 -> text.append(' ').append("x".repeat(random.nextInt(400)));
        default -> text.append(" word").append((char) ('a' + random.nextInt(26)));
      }
    }
    return text.toString();
  }

  private RunSpec spec() throws IOException {
    Path input = folder.resolve("corpus.jsonl");
    if (!Files.exists(input) || !Files.readAllLines(input).equals(lines)) {
      Files.write(input, lines); // once: a file that is written anew is another one
    }
    Path out = folder.resolve("out-" + runs++);
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            corpus:
              inputs: [ { path: "%s", weight: %d } ]
              format: jsonl
              maxDeadLetterRate: 1
              %s
            tokenizer:
              specialText: %s
              train:
                %s
            shards:
              %s
              %s
            output: "%s"
            """
                .formatted(
                    input,
                    weight,
                    corpus,
                    specialText,
                    train.replace("\n      ", "\n    "),
                    endOfDocument,
                    shards,
                    out));
    if (tokenizer == null) {
      tokenizer = folder.resolve("tokenizer-" + runs);
      CommandLineRun.line("run %s --set output=%s --set %s", job, tokenizer, "shards={formats: []}")
          .succeeded();
    }
    Job read = JobReader.read(job, List.of());
    PreparedRun run = RunPreparation.prepare(read);
    run.publish(true);
    assertThat(run.units()).hasSize(1);
    unit = run.units().get(0);
    return run.spec();
  }

  private FileRef ref() throws IOException {
    Path json = tokenizer.resolve("tokenizer.json");
    MessageDigest digest = Sha256.newDigest();
    digest.update(Files.readAllBytes(json));
    return new FileRef(json.toString(), Sha256.hex(digest));
  }

  /** Counts the unit as the first pass does; returns its counts, packed and merged. */
  private byte[] count(RunSpec spec, int maxDistinct) throws IOException {
    RunSpec seen = spec.seenBy(Stage.COUNT);
    UnitCounter counter =
        new UnitCounter(seen, new CountingSpread(0, 1, maxDistinct), ALL, null, Stage.COUNT);
    counter.count(List.of(unit), List.of(new DocumentSelection(seen, unit, duplicates)));
    List<byte[]> blocks = new ArrayList<>();
    counter.finish((partition, block) -> blocks.add(block));
    return GroupedCounts.combine(blocks);
  }

  private static List<Path> keptFiles(RunSpec spec) throws IOException {
    Path all = Path.of(spec.paths().at("run/sequences"));
    if (!Files.exists(all)) {
      return List.of();
    }
    try (var files = Files.list(all)) {
      return files.toList();
    }
  }

  private UnitReceipt encode(RunSpec spec) throws IOException {
    RunSpec seen = spec.seenBy(Stage.ENCODE);
    return Receipts.read(new UnitEncoder(seen, ref(), duplicates).encode(unit).receipt());
  }

  /** The receipt of a run that has counted nothing, and so reads the text. */
  private UnitReceipt encodeAnew() throws IOException {
    return encode(spec());
  }

  private void requireTheSame(boolean kept) throws IOException {
    requireTheSame(kept, 1 << 20);
  }

  /** Counts and encodes, and compares the receipt and the counts with those of the text alone. */
  private void requireTheSame(boolean kept, int maxDistinct) throws IOException {
    RunSpec spec = spec();
    byte[] counts = count(spec, maxDistinct);
    assertThat(keptFiles(spec)).hasSize(kept ? 1 : 0);
    UnitReceipt receipt = encode(spec);
    assertThat(receipt).isEqualTo(encodeAnew());
    assertThat(keptFiles(spec)).as("deleted when it is used").isEmpty();
    assertThat(receipt.files()).isNotEmpty();
    RunSpec without = spec();
    Files.createFile(Path.of(without.paths().at("run/sequences"))); // in place of a folder
    assertThat(count(without, 1 << 20)).isEqualTo(counts);
  }

  @Test
  void anySequenceGivesWhatTheTextGives() throws IOException {
    requireTheSame(true);
  }

  @Test
  void documentsKeptForValidationHavePretokensThatAreNotCounted() throws IOException {
    corpus = "validation: 0.3";
    requireTheSame(true);
    requireTheSame(true, 50);
  }

  @Test
  void fieldsThatAreKeptComeFromTheSequence() throws IOException {
    lines.replaceAll(
        line ->
            line.replace("}", ", \"n\": %d, \"x\": 0.5, \"b\": true}".formatted(line.length())));
    shards = "keep: [ lang, \"n:integer\", \"x:double\", \"b:boolean\", missing ]";
    requireTheSame(true);
  }

  @Test
  void aRecordThatIsADeadLetterForItsKeptFieldAloneIsCounted() throws IOException {
    lines.add("{\"id\": \"k\", \"text\": \" counted\", \"lang\": \"\\ud800\"}");
    shards = "keep: [ lang ]";
    requireTheSame(false);
  }

  @Test
  void weightsCountAndAreNotEncoded() throws IOException {
    weight = 3;
    requireTheSame(true);
  }

  @Test
  void duplicatesAndExcludedDocumentsAreLeftOutInTheirPlaces() throws IOException {
    corpus = "excludeIds: [ \"" + folder.resolve("ids.txt") + "\" ]";
    Files.write(folder.resolve("ids.txt"), List.of("d3", "d77", "d299"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream list = new DataOutputStream(bytes);
    for (int ordinal : new int[] {0, 3, 4, 150}) {
      list.writeInt(ordinal);
    }
    list.writeLong(0);
    list.writeLong(4 * Integer.BYTES);
    String location = folder.resolve("duplicates").toString();
    Files.write(Path.of(location), bytes.toByteArray());
    duplicates = DuplicateList.at(location, 1);
    requireTheSame(true);
  }

  @Test
  void deadLettersComeFromTheSequence() throws IOException {
    lines.add(7, "{\"text\": broken}");
    lines.add("{\"id\": \"bad\", \"text\": \"\\ud800\"}");
    shards = "";
    requireTheSame(true);
    shards = "groupBy: lang"; // counting reads no groups, so it cannot say which records are bad
    requireTheSame(false);
  }

  @Test
  void illFormedTextThatIsEncodedByItsBytesIsReadAgain() throws IOException {
    lines.add("{\"id\": \"bad\", \"text\": \"\\ud800\"}");
    corpus = "invalidUtf8: replace";
    requireTheSame(true);
    tokenizer = null;
    corpus = "invalidUtf8: bytes";
    requireTheSame(false);
  }

  @Test
  void partsOfALargeDocumentComeFromTheSequence() throws IOException {
    addDocument(1000, text(60_000));
    corpus = "maxDocumentBytes: 1000000";
    requireTheSame(true);
    requireTheSame(true, 50);
  }

  @Test
  void segmentsAndTheirLossComeFromTheSequence() throws IOException {
    lines.clear();
    for (int i = 0; i < 200; i++) {
      StringBuilder messages = new StringBuilder();
      for (int n = random.nextInt(4); n >= 0; n--) {
        messages.append(
            "{\"text\": \"%s\", \"loss\": %s}%s"
                .formatted(text(random.nextInt(9)), random.nextBoolean(), n == 0 ? "" : ", "));
      }
      lines.add("{\"id\": \"s%d\", \"segments\": [%s]}".formatted(i, messages));
    }
    corpus = "segmentsField: segments";
    shards = "";
    requireTheSame(true);
    requireTheSame(true, 10);
  }

  @Test
  void specialTokensThatAreIdsAreReadAgain() throws IOException {
    specialText = "parse";
    requireTheSame(false);
  }

  @Test
  void aRefusedTextMakesTheUnitReadAgain() throws IOException {
    specialText = "reject";
    requireTheSame(false);
    lines.removeIf(line -> line.contains("<|end|>"));
    requireTheSame(true);
  }

  @Test
  void otherAddedTokensAreReadAgain() throws IOException {
    train = TRAIN + "      addedTokens: [ \"worda\" ]\n";
    requireTheSame(false);
  }

  @Test
  void addedTokensAreReadAgainWhereNoSpecialTokenIsParsed() throws IOException {
    specialText = "parse";
    endOfDocument = "";
    train =
        "vocabSize: 400\n"
            + "      family: qwen2\n"
            + "      specialTokens: []\n"
            + "      addedTokens: [ \"worda\" ]\n";
    requireTheSame(false);
  }

  @Test
  void unitsThatAreCountedIntoOneTableHaveNumbersOfTheirOwn() throws IOException {
    RunSpec spec = spec();
    RunSpec seen = spec.seenBy(Stage.COUNT);
    UnitCounter counter =
        new UnitCounter(seen, new CountingSpread(0, 1, 1 << 20), ALL, null, Stage.COUNT);
    DocumentSelection selection = new DocumentSelection(seen, unit, duplicates);
    counter.count(List.of(unit, unit), List.of(selection, selection)); // the second one stays
    assertThat(keptFiles(spec)).hasSize(1);
    assertThat(encode(spec)).isEqualTo(encodeAnew());
  }

  @Test
  void numbersBeginAgainWhenTheTableIsSpilled() throws IOException {
    requireTheSame(true, 50);
  }

  @Test
  void numbersThatTwoBytesDoNotHoldComeFromTheSequence() throws IOException {
    StringBuilder words = new StringBuilder();
    StringBuilder again = new StringBuilder();
    for (int i = 0; i < 70_000; i++) {
      words.append(' ').append(letters(i));
      again.append(' ').append(letters((int) (i * 7919L % 70_000)));
    }
    addDocument(1000, words.toString());
    addDocument(1001, again.toString());
    requireTheSame(true);
  }

  /** A word of letters alone, another one for each number. */
  private static String letters(int number) {
    StringBuilder word = new StringBuilder();
    for (int rest = number; rest > 0 || word.isEmpty(); rest /= 26) {
      word.append((char) ('a' + rest % 26));
    }
    return word.toString();
  }

  @Test
  void textOfDigitsWhoseSequenceWouldBeLargerIsReadAgain() throws IOException {
    lines.clear();
    addDocument(0, "0123456789".repeat(20_000));
    addDocument(1, "0123456789");
    requireTheSame(false);
  }

  @Test
  void aDamagedFileOfKeptPretokensIsReadAgain() throws IOException {
    RunSpec spec = spec();
    UnitReceipt expected = encodeAnew();
    for (int i = 0; i < 8; i++) {
      spec = spec();
      count(spec, 1 << 20);
      Path kept = keptFiles(spec).get(0);
      byte[] bytes = Files.readAllBytes(kept);
      if (i < 4) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(kept, bytes);
      } else {
        Files.write(kept, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
      }
      assertThat(encode(spec)).isEqualTo(expected);
    }
  }

  @Test
  void aFileWithMoreThanItsUnitIsAnError() throws IOException {
    RunSpec spec = spec();
    count(spec, 1 << 20);
    Path kept = keptFiles(spec).get(0);
    byte[] bytes = Files.readAllBytes(kept);
    int end = bytes.length - Integer.BYTES;
    bytes[end - 1] = 4; // a dead letter in place of the end
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, end);
    ByteBuffer.wrap(bytes).putInt(end, (int) sum.getValue());
    Files.write(kept, bytes);
    assertThatThrownBy(() -> encode(spec))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("kind 4 after the last range of kept pretokens");
  }

  @Test
  void aUnitIsEncodedTwiceAlthoughItsSequenceIsGone() throws IOException {
    RunSpec spec = spec();
    count(spec, 1 << 20);
    UnitReceipt first = encode(spec);
    Files.delete(Path.of(spec.paths().at(UnitReceipt.path(first.fingerprint(), first.unit()))));
    assertThat(encode(spec)).isEqualTo(first);
    assertThat(first.inputs().get(0).sums().documents()).isEqualTo(300);
    assertThat(
            new String(Files.readAllBytes(folder.resolve("corpus.jsonl")), StandardCharsets.UTF_8))
        .contains("<|end|>");
  }
}
