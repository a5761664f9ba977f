package org.merganser.corpus.read;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;

/** The name of a group, with a bounded length. */
final class GroupName {
  /** The most characters of a group; real ones, such as languages and sources, are shorter. */
  private static final int MOST_CHARACTERS = 200;

  /** The digits of the SHA-256 of a longer group that follow its beginning. */
  private static final int DIGITS = 16;

  private GroupName() {}

  /** A group as a record names it; in place of a longer name its beginning, # and a hash of it. */
  static @Nullable String bounded(@Nullable String group) {
    if (group == null || group.length() <= MOST_CHARACTERS) {
      return group;
    }
    int end = MOST_CHARACTERS - 1 - DIGITS;
    if (Character.isHighSurrogate(group.charAt(end - 1))) {
      end--;
    }
    String sha256 = Sha256.of(group.getBytes(StandardCharsets.UTF_8));
    return group.substring(0, end) + "#" + sha256.substring(0, DIGITS);
  }
}
