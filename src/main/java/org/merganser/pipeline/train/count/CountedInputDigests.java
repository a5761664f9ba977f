package org.merganser.pipeline.train.count;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.merganser.corpus.WorkUnit;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.UnitFiles;
import org.merganser.store.CheckedFile;

/**
 * The sha256 of each range that the counting pass read of a unit. With it the encoding pass detects
 * a file that was changed but kept its size and modification time.
 */
public final class CountedInputDigests {
  private CountedInputDigests() {}

  /** Writes the checksums of the unit's ranges, in order, as a file of the counting unit. */
  static void note(OutputLayout layout, WorkUnit unit, List<String> sha256s, UnitFiles files)
      throws IOException {
    byte[] lines = String.join("\n", sha256s).getBytes(StandardCharsets.US_ASCII);
    files.write(layout.firstReading(Fingerprint.of(unit)), CheckedFile.bytes(lines));
  }

  /**
   * Compares the ranges read now with those that were counted, if they were counted.
   *
   * @param fromSequence whether a file of {@link OutputLayout#SEQUENCES} was read instead of text
   * @throws RunException naming the first file that differs, or the folder of the sequences
   */
  public static void compare(
      OutputLayout layout, WorkUnit unit, List<String> sha256s, boolean fromSequence)
      throws IOException {
    byte[] noted = CheckedFile.find(layout.at(layout.firstReading(Fingerprint.of(unit))));
    if (noted == null) {
      return;
    }
    List<String> counted = new String(noted, StandardCharsets.US_ASCII).lines().toList();
    for (int i = 0; i < sha256s.size(); i++) {
      if (i >= counted.size() || !counted.get(i).equals(sha256s.get(i))) {
        if (fromSequence) {
          throw new RunException(
              ("%s: the file of unit %s is that of another unit or of other text; delete the"
                      + " folder and run again")
                  .formatted(layout.at(OutputLayout.SEQUENCES), unit.number()));
        }
        throw new RunException(
            "corpus file "
                + unit.ranges().get(i).file().location()
                + ": its bytes are not those that were counted for the vocabulary, though size and"
                + " modification time are the same; touch it and run again, and both passes read"
                + " it anew");
      }
    }
  }
}
