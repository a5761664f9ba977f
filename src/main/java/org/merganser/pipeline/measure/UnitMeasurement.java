package org.merganser.pipeline.measure;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import org.merganser.pipeline.train.PartialCountFile;
import org.merganser.report.measure.MeasuredPart;
import org.merganser.report.measure.SampledExcerpts;
import org.merganser.report.measure.TextMeter;
import org.merganser.report.measure.TextSums;
import org.merganser.shard.ShardRow;

/**
 * What is measured of one unit, document by document: from its shards, or while they are written.
 * The tables that are full wait compressed; what counts is bounded by the sample.
 */
public final class UnitMeasurement {
  /** The block of the sums of a unit's texts. */
  static final int SUMS = 0;

  /** The blocks behind it: training and validation part by turns, a pair for each partition. */
  static final int PIECES = 2;

  private final SampledExcerpts excerpts;
  private final TextMeter texts;
  private final TextMeter.Part training;
  private final int partitions;
  private final ByteArrayOutputStream full = new ByteArrayOutputStream();
  private TextMeter.Part part = TextMeter.Part.BOTH;

  /**
   * @param training what documents for training are, when pieces are counted in two parts
   * @param partitions of the counted pieces, by hash
   */
  UnitMeasurement(
      SampledExcerpts excerpts, TextMeter texts, TextMeter.Part training, int partitions) {
    this.excerpts = excerpts;
    this.texts = texts;
    this.training = training;
    this.partitions = partitions;
  }

  /** Measures what the sample has of a document, or of a part of one that was cut. */
  public void add(ShardRow row, boolean validation) {
    part = validation ? TextMeter.Part.VALIDATION : training;
    excerpts.visit(row, this::measure);
  }

  private void measure(ShardRow row, int from, int to, int subsample) {
    texts.add(part, row, from, to, subsample, excerpts.standAlone());
    if (texts.isFull()) {
      handOn();
    }
  }

  private void handOn() {
    byte[][] all = new byte[PIECES + 2 * partitions][0];
    texts.handOn(
        partitions,
        (each, packed) -> {
          for (int p = 0; p < partitions; p++) {
            all[PIECES + 2 * p + each] = packed[p];
          }
        });
    PartialCountFile.append(all, new DataOutputStream(full));
  }

  /** All that was measured, as the tables of a {@link PartialCountFile}. */
  PartialCountFile.Tables tables() {
    handOn();
    byte[] sums = bytes(texts.sums());
    return file -> {
      full.writeTo(file);
      PartialCountFile.append(SUMS, sums, file);
    };
  }

  private static byte[] bytes(SortedMap<Integer, TextSums> sums) {
    String line = new MeasuredPart(sums, Map.of()).toLine();
    return line.getBytes(StandardCharsets.UTF_8);
  }
}
