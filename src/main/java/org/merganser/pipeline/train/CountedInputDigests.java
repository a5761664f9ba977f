package org.merganser.pipeline.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.merganser.corpus.WorkUnit;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.RunException;
import org.merganser.store.CheckedFile;

/**
 * What the counting pass read of a unit: the sha256 of each range, so that the encoding pass
 * notices a file that was changed without a new size or modification time.
 */
public final class CountedInputDigests {
  private CountedInputDigests() {}

  /** Notes the sums of the unit's ranges, in order. */
  static void note(OutputLayout layout, WorkUnit unit, List<String> sha256s) throws IOException {
    String location = location(layout, unit);
    byte[] lines = String.join("\n", sha256s).getBytes(StandardCharsets.US_ASCII);
    CheckedFile.publish(location, lines);
  }

  /** Whether it was noted what was read of a unit. */
  static boolean isNoted(OutputLayout layout, WorkUnit unit) throws IOException {
    return CheckedFile.isWhole(location(layout, unit));
  }

  /**
   * Compares what was read now with what was counted, if it was.
   *
   * @throws RunException naming the first file that differs
   */
  public static void compare(OutputLayout layout, WorkUnit unit, List<String> sha256s)
      throws IOException {
    byte[] noted = CheckedFile.find(location(layout, unit));
    if (noted == null) {
      return;
    }
    List<String> counted = new String(noted, StandardCharsets.US_ASCII).lines().toList();
    for (int i = 0; i < sha256s.size(); i++) {
      if (i >= counted.size() || !counted.get(i).equals(sha256s.get(i))) {
        throw new RunException(
            "corpus file "
                + unit.ranges().get(i).file().location()
                + ": its bytes are not those that were counted for the vocabulary, though size and"
                + " modification time are the same; touch it and run again, and both passes read"
                + " it anew");
      }
    }
  }

  private static String location(OutputLayout layout, WorkUnit unit) {
    return layout.at(layout.firstReading(Fingerprint.of(unit)));
  }
}
