package org.merganser.pipeline.encode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.corpus.Document;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.read.UnitReader;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.job.JobReader;
import org.merganser.job.Setting;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.prepare.RunPreparation;
import org.merganser.pipeline.settings.ReadingSettings;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.pipeline.step.JobLayouts;
import org.merganser.pipeline.step.StepComponents;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.tokenizer.SpecialText;

/** A unit may be encoded twice, at once or after one another: runners retry as they like. */
final class UnitEncoderTest {
  @TempDir Path folder;
  private Path out;
  private RunSpec spec;
  private FileRef ref;
  private WorkUnit unit;

  @BeforeEach
  void prepareARun() throws IOException {
    prepare();
  }

  /** Prepares a run of one unit, with more settings. */
  private void prepare(String... more) throws IOException {
    Path corpus =
        Files.writeString(
            folder.resolve("corpus.jsonl"),
            "{\"text\": \"low lower lowest\"}\n{\"text\": broken}\n".repeat(50));
    Path tokenizer = folder.resolve("tokenizer");
    Path whole = Files.writeString(folder.resolve("whole.txt"), "low lower lowest\n");
    Jobs.train(tokenizer, "--input %s --vocab-size 260 --pattern gpt2", whole);
    out = folder.resolve("out" + more.length);
    List<String> settings = new ArrayList<>(List.of(more));
    settings.add(Setting.of("corpus.inputs", List.of(corpus.toString())));
    settings.add(Setting.of("tokenizer.load", tokenizer + "/tokenizer.json"));
    settings.add(Setting.of("output", out.toString()));
    PreparedRun run = RunPreparation.prepare(JobReader.of(settings, "test"));
    run.publish(true);
    spec = run.spec().withPaths(RunPaths.unstaged(run.spec().paths().output()));
    ref = ((TokenizerSource.Ready) run.spec().tokenizer()).file();
    unit = run.units().get(0);
    assertThat(run.units()).hasSize(1);
  }

  /** A writer without an end-of-document id, marks, sample and layouts. */
  private UnitShardWriter newWriter(UnitFiles files) {
    DocumentIds ids =
        new DocumentIds(
            WorkerTokenizers.get(ref).newEncoder(SpecialText.TEXT), false, -1, -1, null);
    return new UnitShardWriter(
        new UnitShardWriter.Settings(spec, ref, null, null), unit.number(), files, ids, null);
  }

  /** What a worker has read and not published yet. */
  private UnitFiles read() throws IOException {
    UnitFiles files = new UnitFiles(spec.paths());
    try (UnitShardWriter encoded = newWriter(files)) {
      new UnitReader(ReadingSettings.encodingSettings(spec.job()), StepComponents.cutRule(spec))
          .read(unit, encoded);
      encoded.finish();
    }
    return files;
  }

  private UnitReceipt publish(UnitFiles files) throws IOException {
    return files
        .publish(unit.number(), UnitReceipt.ENCODE, "0123456789abcdef0123456789abcdef")
        .receipt();
  }

  private List<String> visible() throws IOException {
    return OutputTree.files(out).stream()
        .filter(path -> !path.contains("tokenizer/") && !path.startsWith("run/"))
        .toList();
  }

  @Test
  void showsNothingBeforeItIsPublishedAndLeavesNothingWhenItIsGivenUp() throws IOException {
    try (UnitFiles encoded = read()) {
      assertThat(visible()).allMatch(path -> path.contains("/.tmp-merganser-")).hasSize(2);
      assertThat(encoded).isNotNull();
    }
    assertThat(visible()).isEmpty();
  }

  @Test
  void givesTheSameFilesWhenTwoWorkersEncodeOneUnitAtOnce() throws IOException {
    try (UnitFiles first = read();
        UnitFiles second = read()) {
      UnitReceipt published = publish(first);
      SortedMap<String, String> sums = OutputTree.sums(out);
      sums.keySet().removeIf(path -> path.contains("/.tmp-merganser-"));
      assertThat(publish(second)).isEqualTo(published);
      assertThat(OutputTree.sums(out)).isEqualTo(sums);
    }
    assertThat(visible())
        .containsExactly(
            "dead-letters/part-0000000.jsonl.zst", "shards/parquet/part-0000000-000.parquet");
    assertThat(Receipts.find(spec.paths(), "0123456789abcdef0123456789abcdef", 0)).isNotNull();
  }

  @Test
  void isNotEncodedAgainWhenABundleIsRetriedAfterItsReceipt() throws IOException {
    UnitReceipt first =
        Receipts.read(new UnitEncoder(spec, ref, DuplicateList.NONE).encode(unit).receipt());
    var times = OutputTree.times(out, "");
    assertThat(Receipts.read(new UnitEncoder(spec, ref, DuplicateList.NONE).encode(unit).receipt()))
        .isEqualTo(first);
    assertThat(OutputTree.times(out, "")).isEqualTo(times);
  }

  @Test
  void doesNotTrustAReceiptWhoseDeadLettersChanged() throws IOException {
    UnitReceipt first =
        Receipts.read(new UnitEncoder(spec, ref, DuplicateList.NONE).encode(unit).receipt());
    Path letters = out.resolve("dead-letters/part-0000000.jsonl.zst");
    byte[] bytes = Files.readAllBytes(letters);
    byte[] changed = bytes.clone();
    changed[changed.length - 1] ^= 1;
    Files.write(letters, changed);
    assertThat(Receipts.find(spec.paths(), first.fingerprint(), 0)).isNull();
    assertThat(Receipts.read(new UnitEncoder(spec, ref, DuplicateList.NONE).encode(unit).receipt()))
        .isEqualTo(first);
    assertThat(Files.readAllBytes(letters)).isEqualTo(bytes);
  }

  @Test
  void namesTheGroupsOfTheSideThatHasTooMany() throws IOException {
    prepare("shards.partitionBy=lang", "shards.partition.maxGroups=2");
    try (UnitFiles files = new UnitFiles(spec.paths());
        UnitShardWriter encoded = newWriter(files)) {
      encoded.document(ofGroup("xx", Document.Selection.TRAINING));
      encoded.document(ofGroup("de", Document.Selection.VALIDATION));
      encoded.document(ofGroup("en", Document.Selection.VALIDATION));
      Document third = ofGroup("fr", Document.Selection.VALIDATION);
      assertThatThrownBy(() -> encoded.document(third))
          .isInstanceOf(RunException.class)
          .hasMessageContaining("unit 0 has more than 2 groups")
          .hasMessageContaining("lang=de/, lang=en/ among them");
    }
  }

  private static Document ofGroup(String group, Document.Selection selection) {
    Document document = new Document();
    document.id = group;
    document.file = "a.jsonl";
    document.text = "low".getBytes(UTF_8);
    document.to = document.text.length;
    document.group = group;
    document.selection = selection;
    return document;
  }

  @Test
  void dropsEveryLayoutAlthoughAFileOfOneCannotBeDeleted() throws IOException {
    prepare("shards.formats=[bin, npy]");
    JobLayouts plan = JobLayouts.of(spec);
    UnitLayouts layouts = new UnitLayouts(spec, ref, plan, plan.ids(WorkerTokenizers.get(ref)));
    for (RowSink sink : layouts.newSinks(/* validation= */ false)) {
      sink.begin("shards/parquet/part-0000000-000.parquet");
    }
    assertThat(visible()).anyMatch(path -> path.contains("/npy/"));
    List<String> ofBin = visible().stream().filter(path -> path.contains("/bin/")).toList();
    Path stuck = out.resolve(ofBin.get(0)); // a folder with a file takes the place of the draft
    Files.delete(stuck);
    Files.writeString(Files.createDirectory(stuck).resolve("file"), "");
    assertThatThrownBy(layouts::close).isInstanceOf(DirectoryNotEmptyException.class);
    assertThat(visible()).noneMatch(path -> path.contains("/npy/"));
  }

  @Test
  void accountsForEveryRecord() throws IOException {
    UnitReceipt receipt =
        Receipts.read(new UnitEncoder(spec, ref, DuplicateList.NONE).encode(unit).receipt());
    assertThat(receipt.inputs()).hasSize(1);
    assertThat(receipt.inputs().get(0).sums().records()).isEqualTo(100);
    assertThat(receipt.inputs().get(0).sums().documents()).isEqualTo(50);
    assertThat(receipt.inputs().get(0).sums().deadLetters())
        .containsExactly(Map.entry("invalid-json", 50L));
  }
}
