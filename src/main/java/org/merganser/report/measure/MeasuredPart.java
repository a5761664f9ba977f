package org.merganser.report.measure;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.merganser.json.Json;
import org.merganser.report.ReportException;

/**
 * What a part of a run's measuring adds up to: sums of texts, or of pieces of a hash partition.
 *
 * @param sums of the texts, by the subsample in which they are ({@link TextSample#SUBSAMPLES})
 */
public record MeasuredPart(SortedMap<Integer, TextSums> sums, Map<Granularity, PieceSums> pieces) {

  /** The sums of several parts. */
  public static MeasuredPart sum(List<MeasuredPart> parts) {
    SortedMap<Integer, List<TextSums>> bySubsample = new TreeMap<>();
    Map<Granularity, PieceSums> pieces = Map.of();
    for (MeasuredPart part : parts) {
      part.sums.forEach(
          (subsample, sums) ->
              bySubsample.computeIfAbsent(subsample, s -> new ArrayList<>()).add(sums));
      pieces = PieceSums.plus(pieces, part.pieces);
    }
    SortedMap<Integer, TextSums> sums = new TreeMap<>();
    bySubsample.forEach((subsample, each) -> sums.put(subsample, TextSums.sum(each)));
    return new MeasuredPart(sums, pieces);
  }

  /** On one line, for {@link #read}. */
  public String toLine() {
    return Json.line(this);
  }

  public static MeasuredPart read(String line) {
    return Json.read(
        line.getBytes(StandardCharsets.UTF_8),
        MeasuredPart.class,
        "a line of sums",
        ReportException::new);
  }
}
