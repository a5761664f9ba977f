package org.merganser.pipeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.merganser.job.Job;
import org.merganser.report.MeasuredPart;
import org.merganser.report.TextMeter;
import org.merganser.report.TextSums;
import org.merganser.report.TokenBytes;
import org.merganser.shard.ParquetShardReader;
import org.merganser.shard.Sha256;
import org.merganser.shard.ShardRow;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;

/**
 * Measures the documents of units from their shards, or a sample of them; the text is what the ids
 * give back. What a unit gave is kept in {@code run/measured}, so that it is not measured again.
 */
final class UnitMeter {
  /** Hash partitions of the counted pieces. */
  static final int PARTITIONS = 8;

  /** Blocks of a unit: training and validation part by turns, and then the sums of its texts. */
  static final int SUMS = 2 * PARTITIONS;

  private static final double HASHES = 1L << 32;

  private final RunSpec spec;
  private final Job.Report settings;
  private final TokenBytes bytes;

  /** What made the ids; null where decoding is not joining bytes. */
  private final @Nullable Encoder encoder;

  private final String tokenizerSha256;
  private final StageMeter meter = StageMeter.of(Stage.MEASURE);

  UnitMeter(RunSpec spec, TokenizerRef ref) {
    this.spec = spec;
    this.settings = spec.job().report();
    Tokenizer tokenizer = WorkerTokenizers.get(ref);
    this.bytes = new TokenBytes(tokenizer);
    this.encoder =
        tokenizer.byteLevel()
            ? tokenizer.newEncoder(
                SpecialText.valueOf(CoreParts.tokenizer(spec.job()).specialText().name()))
            : null;
    this.tokenizerSha256 = ref.sha256();
  }

  /** Where what a unit gave is kept, relative to the output. */
  static String kept(RunSpec spec, String tokenizerSha256, ShardSet shards) {
    String fingerprint =
        Fingerprint.of(
            "measure", tokenizerSha256, spec.job().report().granularities(), spec.measuredShare());
    return spec.layout().measured(Fingerprint.of(fingerprint, shards.sums()), shards.unit());
  }

  /** Measures a unit, or finds that it was measured before; hands on its compressed blocks. */
  void measure(ShardSet shards, CountFile.BlockVisitor blocks) throws IOException {
    meter.begin();
    String location = spec.layout().at(kept(spec, tokenizerSha256, shards));
    byte[] measured =
        CountFile.keep(
            location,
            meter,
            file -> {
              TextSums sums = read(shards, all -> CountFile.append(all, file));
              byte[][] last = blocks();
              last[SUMS] = utf8(new MeasuredPart(sums, MeasuredPart.NONE.pieces()).toLine());
              CountFile.append(last, file);
            });
    CountFile.forEach(measured, blocks);
  }

  private static byte[][] blocks() {
    return new byte[SUMS + 1][0];
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Takes the blocks of a table. */
  private interface Blocks {
    void accept(byte[][] blocks) throws IOException;
  }

  private TextSums read(ShardSet shards, Blocks out) throws IOException {
    TextMeter texts = new TextMeter(bytes, encoder, settings.granularities());
    ShardRow row = new ShardRow();
    for (ShardSet.Shard shard : shards.shards()) {
      try (ParquetShardReader in = new ParquetShardReader(LocalFiles.of(shard.location()))) {
        while (in.next(row)) {
          if (isChosen(row)) {
            texts.add(part(shard), row.docId, row.part, row.group, row.ids, row.count);
            meter.add(row.part == 0 ? 1 : 0, 0, row.count);
            if (texts.isFull()) {
              handOn(texts, out);
            }
          }
        }
      }
    }
    if (settings.granularities()) {
      handOn(texts, out);
    }
    return texts.sums();
  }

  private TextMeter.Part part(ShardSet.Shard shard) {
    if (shard.validation()) {
      return TextMeter.Part.VALIDATION;
    }
    return CoreParts.corpus(spec.job()).validation() > 0
        ? TextMeter.Part.TRAINING
        : TextMeter.Part.BOTH;
  }

  /** By a hash of the document and part: the same documents whatever the units. */
  private boolean isChosen(ShardRow row) {
    if (spec.measuredShare() >= 1) {
      return true;
    }
    MessageDigest digest = Sha256.newDigest();
    byte[] hash = digest.digest(utf8("measure\n" + row.docId + "\n" + row.part));
    long value = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      value = value << 8 | hash[i] & 0xFF;
    }
    return value < spec.measuredShare() * HASHES;
  }

  private static void handOn(TextMeter texts, Blocks out) throws IOException {
    byte[][] all = blocks();
    texts.handOn(
        PARTITIONS,
        (part, packed) -> {
          for (int p = 0; p < PARTITIONS; p++) {
            all[2 * p + part] = packed[p];
          }
        });
    out.accept(all);
  }
}
