package org.merganser.output.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.FailingCalls;
import org.merganser.FailingCalls.ErrorNumber;
import org.merganser.FailingCalls.Kind;
import org.merganser.JavaProcess;
import org.merganser.checksum.FileSum;
import org.merganser.checksum.Sha256;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.manifest.ManifestWriter;
import org.merganser.output.manifest.Request;
import org.merganser.output.receipt.InputRange;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.shard.ShardRows;

class ManifestVerificationTest {
  @TempDir Path out;
  private Path shard;

  /** As the line of the input has it. */
  private Boolean validationInput;

  @BeforeEach
  void writeAnOutput() throws IOException {
    Files.createDirectories(out.resolve("tokenizer"));
    Path tokenizer = Files.writeString(out.resolve("tokenizer/tokenizer.json"), "{}");
    write(Sha256.of(tokenizer), 300, 299);
  }

  private void write(String shardTokenizer, int vocabulary, int id) throws IOException {
    shard =
        Files.createDirectories(out.resolve("shards/parquet")).resolve("part-0000000-000.parquet");
    ShardRows.write(shard, shardTokenizer, List.of(ShardRows.row("d", "a", 0, 0, 1, id)));
    WrittenFile file =
        WrittenFile.of("shards/parquet/part-0000000-000.parquet", FileSum.of(shard), 1, 2);
    InputRange input =
        new InputRange(
            "a",
            0,
            1,
            1,
            file.sha256(),
            null,
            validationInput,
            new RecordSums(
                1, 1, GroupCounts.ZERO, new TreeMap<>(), 0, null, null, 0, 1, 1, 2, null, null));
    UnitReceipt receipt =
        new UnitReceipt(
            UnitReceipt.SCHEMA_VERSION,
            0,
            "encode",
            "f",
            List.of(file),
            List.of(input),
            List.of(),
            null,
            null,
            null,
            List.of(),
            null,
            new TreeMap<>(),
            null);
    Path tokenizer = out.resolve("tokenizer/tokenizer.json");
    ByteArrayOutputStream inputs = new ByteArrayOutputStream();
    ByteArrayOutputStream outputs = new ByteArrayOutputStream();
    ManifestWriter.Inputs read =
        ManifestWriter.writeInputs(
            inputs, List.of(receipt).iterator(), (unit, range) -> null, line -> false);
    List<WrittenFile> files =
        List.of(file, WrittenFile.of("tokenizer/tokenizer.json", FileSum.of(tokenizer), 0, 0));
    Manifest.ListFile written = ManifestWriter.writeOutputs(outputs, files);
    Files.write(out.resolve("inputs.jsonl"), inputs.toByteArray());
    Files.write(out.resolve("outputs.jsonl"), outputs.toByteArray());
    Files.write(
        out.resolve("manifest.json"),
        new Manifest(
                Manifest.SCHEMA_VERSION,
                JsonNodeFactory.instance.objectNode(),
                Sha256.of(tokenizer),
                vocabulary,
                null,
                read.sums().totals(),
                null,
                read.list(),
                written,
                null,
                null,
                Request.of(new TreeMap<>()),
                ManifestWriter.data(files, Sha256.of(tokenizer)))
            .toJson());
  }

  private List<String> findings(boolean full) throws IOException {
    return ManifestVerification.check("" + out, full).findings().stream()
        .map(f -> f.what() + " " + f.where())
        .toList();
  }

  @Test
  void findsNothingInAnOutputAsWritten() throws IOException {
    Files.createDirectories(out.resolve("run"));
    Files.writeString(out.resolve("run/log"), "x");
    assertThat(ManifestVerification.check("" + out, false).findings()).isEmpty();
    assertThat(ManifestVerification.check("" + out, true).findings()).isEmpty();
  }

  @Test
  void findsAMissingAnUnlistedAndAChangedFile() throws IOException {
    Files.writeString(out.resolve("shards/parquet/part-0000001-000.parquet"), "x");
    Files.delete(out.resolve("tokenizer/tokenizer.json"));
    assertThat(findings(false))
        .containsExactly(
            "missing tokenizer/tokenizer.json", "unlisted shards/parquet/part-0000001-000.parquet");
    Files.delete(out.resolve("manifest.json"));
    assertThat(findings(false)).containsExactly("missing manifest.json");
  }

  @Test
  void oneFlippedBitIsFoundByTheFullCheck() throws IOException {
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length / 2] ^= 1;
    Files.write(shard, bytes);
    assertThat(findings(true)).containsExactly("sha256 shards/parquet/part-0000000-000.parquet");
  }

  @Test
  void theFullCheckFindsTrainingDocumentsOfAFileForValidation() throws IOException {
    validationInput = true;
    write(Sha256.of(out.resolve("tokenizer/tokenizer.json")), 300, 299);
    assertThat(findings(true)).containsExactly("sums a");
  }

  @Test
  void findsIdsBeyondTheVocabularyWithoutReadingRows() throws IOException {
    write(Sha256.of(out.resolve("tokenizer/tokenizer.json")), 300, 300);
    assertThat(findings(false)).containsExactly("ids shards/parquet/part-0000000-000.parquet");
    assertThat(findings(true)).contains("ids shards/parquet/part-0000000-000.parquet");
  }

  @Test
  void findsAShardOfAnotherTokenizerAndAChangedList() throws IOException {
    write("ab", 300, 299);
    assertThat(findings(false))
        .containsExactly("tokenizer shards/parquet/part-0000000-000.parquet");
    Files.writeString(out.resolve("inputs.jsonl"), "{}\n");
    assertThat(findings(false)).contains("size inputs.jsonl");
  }

  @Test
  void aFileThatCannotBeReadIsNamedWhicheverCallFails(@TempDir Path folder) throws Exception {
    List<String> args = List.of(folder.toString());
    ProcessBuilder process =
        new ProcessBuilder(JavaProcess.command(List.of(), FailedReads.class.getName(), args));
    assumeThat(FailingCalls.prepare(process, folder)).as("there is a compiler of C").isTrue();
    assertThat(ChildProcess.output(process)).isEmpty();
  }

  /** The process whose calls fail; prints what is wrong. */
  static final class FailedReads {
    private FailedReads() {}

    /**
     * @param args the folder
     */
    public static void main(String[] args) throws IOException {
      ManifestVerificationTest output = new ManifestVerificationTest();
      output.out = Path.of(args[0], "out");
      output.writeAnOutput();
      FailingCalls calls = FailingCalls.ofThisProcess();
      calls.fail(0, Kind.READS, ErrorNumber.EIO, output.out);
      output.findings(true);
      calls.stop();
      long count = calls.seen();
      if (count == 0) {
        System.out.println("no call is counted");
      }
      for (long number = 1; number <= count; number++) {
        calls.fail(number, Kind.READS, ErrorNumber.EIO, output.out);
        String wrong = output.wrong(calls);
        calls.stop();
        if (!wrong.isEmpty()) {
          System.out.printf("%d: %s: %s%n", number, calls.failed(), wrong);
        }
      }
    }
  }

  private String wrong(FailingCalls calls) {
    List<String> found;
    try {
      found = findings(true);
    } catch (IOException | RuntimeException e) {
      return String.valueOf(e.getMessage()).contains(out.toString()) ? "" : "names no file: " + e;
    }
    String file = calls.failed().substring(calls.failed().indexOf(' ') + 1);
    String where = file.equals(out.toString()) ? file : out.relativize(Path.of(file)).toString();
    return found.isEmpty() || found.contains("unreadable " + where) ? "" : "found " + found;
  }
}
