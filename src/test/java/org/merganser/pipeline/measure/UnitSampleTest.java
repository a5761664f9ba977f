package org.merganser.pipeline.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.job.JobReader;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.encode.UnitEncoder;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.prepare.RunPreparation;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.report.measure.Excerpt;
import org.merganser.report.measure.TextMeter;
import org.merganser.report.measure.TextSums;
import org.merganser.report.measure.TokenBytes;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;

/**
 * What is kept of a unit is the same whether it is taken while it is encoded or from its shards.
 */
final class UnitSampleTest {
  @TempDir Path folder;
  private String tokenizer;

  @BeforeEach
  void makeACorpus() throws IOException {
    StringBuilder records = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      String text = "Low lower lowest " + i + ". The lowest? ";
      records
          .append("{\"id\": \"" + i + "\", \"lang\": \"" + "abc".charAt(i % 3) + "\", \"text\": \"")
          .append(text.repeat(i == 7 ? 10_000 : 1 + i % 5))
          .append("\"}\n");
    }
    Path corpus = Files.writeString(folder.resolve("corpus.jsonl"), records);
    Path trained = folder.resolve("tokenizer");
    Jobs.train(trained, "--input %s --vocab-size 280 --pattern gpt2", corpus);
    tokenizer = trained + "/tokenizer.json";
  }

  /** A unit, encoded in a folder of its own. */
  private final class Encoded {
    final RunSpec spec;
    final FileRef ref;
    final ShardSet shards;
    final Path kept;
    final Path texts;

    Encoded(String... settings) throws IOException {
      List<String> all =
          new ArrayList<>(
              List.of(
                  "corpus.inputs=['" + folder.resolve("corpus.jsonl") + "']",
                  "corpus.idField=id",
                  "shards.groupBy=lang",
                  "tokenizer.load=" + tokenizer,
                  "output=" + Files.createTempDirectory(folder, "out").resolve("run")));
      all.addAll(List.of(settings));
      PreparedRun run = RunPreparation.prepare(JobReader.of(all, "test"));
      run.publish(true);
      spec = run.spec();
      ref = ((TokenizerSource.Ready) spec.tokenizer()).file();
      assertThat(run.units()).hasSize(1);
      WorkUnit unit = run.units().get(0);
      UnitEncoder encoder = new UnitEncoder(spec, ref, DuplicateList.NONE);
      shards = encoder.encode(unit);
      kept = Path.of(OutputPaths.sample(shards.receipt(), halvings()));
      texts = Path.of(OutputPaths.texts(shards.receipt(), halvings()));
    }

    private int halvings() {
      return spec.job().report().enabled() ? spec.sample().halvings() : 0;
    }

    /** Finds or makes the sample, as the step after encoding does. */
    void find() throws IOException {
      assertThat(new UnitSample(spec).saveUnlessSaved(shards)).isEqualTo(shards.receipt());
    }

    TextSums sums() throws IOException {
      find();
      Tokenizer own = Tokenizer.read(Path.of(tokenizer));
      TextMeter meter =
          new TextMeter(
              new TokenBytes(own), own.newEncoder(SpecialText.TEXT), TextMeter.Pieces.BY_SEGMENT);
      for (Excerpt excerpt : UnitSample.readExcerpts(spec, shards.receipt())) {
        meter.add(excerpt);
      }
      return meter.sums();
    }
  }

  private void assertSameFromShards(Encoded unit) throws IOException {
    for (Path file : List.of(unit.kept, unit.texts)) {
      byte[] meanwhile = Files.readAllBytes(file);
      Files.delete(file);
      unit.find();
      assertThat(Files.readAllBytes(file)).isEqualTo(meanwhile);
    }
  }

  @Test
  void keepsTheSameWhileEncodingAsFromShards() throws IOException {
    assertSameFromShards(new Encoded());
  }

  @Test
  void keepsTheSameSampleWhileEncodingAsFromShards() throws IOException {
    Encoded unit = new Encoded("report.sampleBytes=200000");
    assertSameFromShards(unit);
    assertThat(unit.sums().changed()).isZero();
  }

  @Test
  void keepsTheSameDocumentsForValidationWhileEncodingAsFromShards() throws IOException {
    assertSameFromShards(new Encoded("corpus.validation=0.2", "report.sampleBytes=300000"));
  }

  @Test
  void doesNotReadShardsOfWhatIsKept() throws IOException {
    Encoded unit = new Encoded();
    var written = Files.getLastModifiedTime(unit.kept);
    for (ShardSet.Shard shard : unit.shards.shards()) {
      Files.delete(Path.of(shard.location()));
    }
    unit.find();
    assertThat(Files.getLastModifiedTime(unit.kept)).isEqualTo(written);
  }

  @Test
  void keepsAgainWhatIsDamaged() throws IOException {
    Encoded unit = new Encoded();
    byte[] whole = Files.readAllBytes(unit.kept);
    byte[] damaged = whole.clone();
    damaged[damaged.length / 2] ^= 1;
    Files.write(unit.kept, damaged);
    unit.find();
    assertThat(Files.readAllBytes(unit.kept)).isEqualTo(whole);
  }

  @Test
  void aSampleHasPartOfALongDocument() throws IOException {
    TextSums all = new Encoded().sums();
    TextSums sample = new Encoded("report.sampleBytes=100000").sums();
    assertThat(all.documents()).isEqualTo(400);
    assertThat(all.bytes()).isGreaterThan(350_000);
    assertThat(sample.documents()).isBetween(50L, 200L);
    assertThat(sample.bytes()).isBetween(5_000L, all.bytes() - 50_000);
    assertThat(sample.words().words()).isLessThan(all.words().words());
    assertThat(all.byGroup().keySet()).isEqualTo(sample.byGroup().keySet());
  }

  @Test
  void keepsNothingWithoutAReport() throws IOException {
    Encoded unit = new Encoded("report.enabled=false");
    assertThat(unit.kept).doesNotExist();
  }
}
