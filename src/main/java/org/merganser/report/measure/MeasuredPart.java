package org.merganser.report.measure;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.merganser.json.Json;
import org.merganser.report.ReportException;

/** What a part of a run's measuring adds up to: sums of texts, or of pieces of a hash partition. */
@JsonPropertyOrder({"sums", "pieces"})
public record MeasuredPart(TextSums sums, Map<Granularity, PieceSums> pieces) {
  public static final MeasuredPart NONE = new MeasuredPart(TextSums.ZERO, Map.of());

  public MeasuredPart plus(MeasuredPart other) {
    return new MeasuredPart(sums.plus(other.sums), PieceSums.plus(pieces, other.pieces));
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
