package org.merganser.cli.init;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.InputFile;
import org.merganser.message.Phrase;
import org.merganser.store.FileStore;

/**
 * Finds files with the same size and beginning, as a second download leaves them: {@code
 * data.jsonl} and {@code data (1).jsonl}.
 */
final class EqualFiles {
  /** The bytes at the beginning of a file that are compared, besides the size. */
  private static final int COMPARED_BYTES = 1 << 16;

  /** Smaller files may be equal by chance, such as empty modules of Python. */
  private static final long LEAST_BYTES = 64;

  private EqualFiles() {}

  /** A sentence on the files that are equal to earlier ones; "" without any. */
  static String sentence(List<InputFile> files) throws IOException {
    List<List<InputFile>> equal = groupsOfEqual(files);
    if (equal.isEmpty()) {
      return "";
    }
    int copies = equal.stream().mapToInt(same -> same.size() - 1).sum();
    List<InputFile> example = new ArrayList<>(equal.get(0));
    // The name of a copy is longer: "a (1)" is a copy of "a".
    example.sort(Comparator.comparingInt(file -> file.path().length()));
    InputFile original = example.get(0);
    InputFile copy = example.get(1);
    return ("%s and %s have the same %s%s: set corpus.deduplicate to exact, or leave %s out with"
            + " corpus.exclude: %s")
        .formatted(
            original.path(),
            copy.path(),
            copy.size() > COMPARED_BYTES ? "size and beginning" : "bytes",
            copies == 1 ? "" : Phrase.of(" (%,d copies in all)", copies),
            copies == 1 ? "the second" : "each copy",
            ProposedText.quoted(ProposedText.globOf(copy.path())));
  }

  /** Lists of two or more files that are equal, as far as they are compared. */
  private static List<List<InputFile>> groupsOfEqual(List<InputFile> files) throws IOException {
    Map<Long, List<InputFile>> bySize = new LinkedHashMap<>();
    for (InputFile file : files) {
      if (file.size() >= LEAST_BYTES) {
        bySize.computeIfAbsent(file.size(), size -> new ArrayList<>()).add(file);
      }
    }
    List<List<InputFile>> equal = new ArrayList<>();
    for (List<InputFile> ofSize : bySize.values()) {
      if (ofSize.size() > 1) {
        Map<String, List<InputFile>> byBeginning = new LinkedHashMap<>();
        for (InputFile file : ofSize) {
          byBeginning.computeIfAbsent(sha256OfBeginning(file), s -> new ArrayList<>()).add(file);
        }
        byBeginning.values().stream().filter(same -> same.size() > 1).forEach(equal::add);
      }
    }
    return equal;
  }

  /** The SHA-256 of the first {@value #COMPARED_BYTES} bytes of a file, in hexadecimal. */
  private static String sha256OfBeginning(InputFile file) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    try (InputStream in = FileStore.of(file.location()).open(file.location(), 0)) {
      digest.update(in.readNBytes(COMPARED_BYTES));
    }
    return Sha256.hex(digest);
  }
}
