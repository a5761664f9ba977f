package org.merganser.pipeline.output;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.SourceSettings;
import org.merganser.corpus.WorkUnit;

/** Names the inputs of an output: equal fingerprints, equal bytes. 32 hex digits of a SHA-256. */
public final class Fingerprint {
  /** Raised when a change of the code changes the output of a stage for the same job and input. */
  private static final String FORMAT_VERSION = "merganser-5";

  public static final int LENGTH = 32;

  private Fingerprint() {}

  public static String of(@Nullable Object... parts) {
    MessageDigest digest = Sha256.newDigest();
    update(digest, FORMAT_VERSION);
    for (@Nullable Object part : parts) {
      update(digest, String.valueOf(part));
    }
    return HexFormat.of().formatHex(digest.digest(), 0, LENGTH / 2);
  }

  /**
   * The fingerprint of a unit's input, without the unit's number: names, places, ranges, sizes and
   * versions.
   */
  public static String of(WorkUnit unit) {
    return of(List.of(unit));
  }

  public static String of(List<WorkUnit> units) {
    MessageDigest digest = Sha256.newDigest();
    StringBuilder text = new StringBuilder();
    for (WorkUnit unit : units) {
      text.setLength(0); // without its number, which changes when files come before it
      for (FileRange range : unit.ranges()) {
        InputFile file = range.file();
        text.append(file.path().length()).append(':').append(file.path());
        text.append(file.location().length()).append(':').append(file.location());
        text.append(file.format()).append(' ').append(file.compression()).append(' ');
        text.append(range.start()).append(' ').append(range.end()).append(' ');
        text.append(file.size()).append(' ').append(file.version());
        if (!file.source().equals(SourceSettings.NONE)) {
          String source = file.source().toString();
          text.append(' ').append(source.length()).append(':').append(source);
        }
        text.append(file.validation() ? " validation\n" : "\n");
      }
      update(digest, text.toString());
    }
    return HexFormat.of().formatHex(digest.digest(), 0, LENGTH / 2);
  }

  private static void update(MessageDigest digest, String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }
}
