package org.merganser.pipeline;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.charset.StandardCharsets;
import org.merganser.report.MeasuredPart;
import org.merganser.report.SampledExcerpts;
import org.merganser.report.TextMeter;
import org.merganser.report.TextSums;
import org.merganser.shard.ShardRow;

/**
 * What is measured of one unit, document by document: from its shards, or while they are written.
 * The tables that are full wait compressed; what counts is bounded by the sample.
 */
final class UnitMeasurement {
  /** Hash partitions of the counted pieces. */
  static final int PARTITIONS = 8;

  /** Blocks of a unit: training and validation part by turns, and then the sums of its texts. */
  static final int SUMS = 2 * PARTITIONS;

  private final SampledExcerpts excerpts;
  private final TextMeter texts;
  private final TextMeter.Part training;
  private final ByteArrayOutputStream full = new ByteArrayOutputStream();
  private TextMeter.Part part = TextMeter.Part.BOTH;

  /**
   * @param training what documents for training are, when pieces are counted in two parts
   */
  UnitMeasurement(SampledExcerpts excerpts, TextMeter texts, TextMeter.Part training) {
    this.excerpts = excerpts;
    this.texts = texts;
    this.training = training;
  }

  /** Measures what the sample has of a document, or of a part of one that was cut. */
  void add(ShardRow row, boolean validation) {
    part = validation ? TextMeter.Part.VALIDATION : training;
    excerpts.visit(row, this::measure);
  }

  private void measure(ShardRow row, int from, int to) {
    texts.add(part, row, from, to);
    if (texts.isFull()) {
      handOn();
    }
  }

  private void handOn() {
    byte[][] all = new byte[SUMS][0];
    texts.handOn(
        PARTITIONS,
        (each, packed) -> {
          for (int p = 0; p < PARTITIONS; p++) {
            all[2 * p + each] = packed[p];
          }
        });
    CountFile.append(all, new DataOutputStream(full));
  }

  /** All that was measured, as the tables of a {@link CountFile}. */
  CountFile.Tables tables() {
    handOn();
    byte[] sums = bytes(texts.sums());
    return file -> {
      full.writeTo(file);
      CountFile.append(SUMS, sums, file);
    };
  }

  private static byte[] bytes(TextSums sums) {
    String line = new MeasuredPart(sums, MeasuredPart.NONE.pieces()).toLine();
    return line.getBytes(StandardCharsets.UTF_8);
  }
}
