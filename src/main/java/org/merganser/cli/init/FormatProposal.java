package org.merganser.cli.init;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.Compression;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.read.RecordSample;

/**
 * What a document is in files of text: the file, a line, a paragraph, or what is between two
 * separators. Files with records have the format that is detected for each.
 *
 * @param format the value of {@code corpus.format}
 * @param separator the search for a line between documents; null if it was not made
 * @param keys the lines of the job file, with the reasons
 */
record FormatProposal(InputFormat format, @Nullable SeparatorProposal separator, String keys) {
  private static final Pattern DESCRIPTION =
      Pattern.compile("(?i)(^|.*/)(readme|license|licence|notice)(\\.[a-z]+)?");

  /** A text with fewer lines in its first megabyte stays one document. */
  private static final int LEAST_LINES = 20;

  /** The most lines for each blank line in a text of paragraphs. */
  private static final int LINES_PER_BLANK = 20;

  /** Longer lines are not broken at a width of the page. */
  private static final int LONGEST_WRAPPED = 120;

  private static final String DETECTED = "  format: auto  # the format of each file is detected\n";

  /**
   * @param files that are trained on
   * @param code the result of {@link #areCode} for the corpus
   * @param bytes that are read of each text
   */
  static FormatProposal of(List<InputFile> files, boolean code, int bytes) throws IOException {
    SeparatorProposal separator = null;
    if (!code) {
      List<InputFile> texts =
          files.stream()
              .filter(file -> file.format() == InputFormat.TEXT && !isDescription(file))
              .toList();
      separator = SeparatorProposal.of(texts, bytes);
      if (separator.line() != null) {
        String keys = DETECTED + separatorKeys(separator.line(), separator.count());
        return new FormatProposal(InputFormat.AUTO, separator, keys);
      }
    }
    List<InputFile> giants = CorpusPlanner.giants(files);
    if (!giants.isEmpty() && files.stream().allMatch(f -> f.format() == InputFormat.TEXT)) {
      return ofGiant(giants.get(0), separator, bytes);
    }
    return code
        ? new FormatProposal(
            InputFormat.TEXT,
            null,
            "  format: text  # most files are source code or unknown text: each is one document\n")
        : new FormatProposal(InputFormat.AUTO, separator, DETECTED);
  }

  /** Whether most files are texts whose names end like those of source code. */
  static boolean areCode(List<InputFile> files) {
    long code =
        files.stream()
            .filter(file -> file.format() == InputFormat.TEXT)
            .map(file -> Compression.withoutSuffix(file.path().toLowerCase(Locale.ROOT)))
            .filter(name -> name.matches(".*\\.[a-z0-9+]+") && !InputFormat.TEXT.hasName(name))
            .count();
    return 2 * code > files.size();
  }

  /** Whether a text describes the data beside it, such as a README. */
  static boolean isDescription(InputFile file) {
    return file.format() == InputFormat.TEXT && DESCRIPTION.matcher(file.path()).matches();
  }

  private static String separatorKeys(String line, int count) {
    return """
      # This line ends a document in files of text: it occurs %s times in what init read, with
      # texts between that differ. Without this key each file of text is one document.
      separator: %s
    """
        .formatted(count, ProposedText.quoted(line));
  }

  /** The format of a corpus that is mostly one text. */
  private static FormatProposal ofGiant(
      InputFile file, @Nullable SeparatorProposal separator, int bytes) throws IOException {
    String name = ProposedText.path(file.path());
    List<String> lines = RecordSample.beginning(file, bytes).lines().toList();
    long blank = lines.stream().filter(String::isBlank).count();
    boolean paragraphs = blank >= lines.size() / LINES_PER_BLANK;
    String oneDocument = null;
    if (lines.size() < LEAST_LINES) {
      oneDocument = "it has few lines";
    } else if (!paragraphs && areWrapped(lines)) {
      oneDocument = "most of its lines continue the line before";
    }
    if (oneDocument != null) {
      String key = "  format: text  # %s is one document: %s\n".formatted(name, oneDocument);
      return new FormatProposal(InputFormat.TEXT, separator, key);
    }
    InputFormat format = paragraphs ? InputFormat.PARAGRAPHS : InputFormat.LINES;
    String keys =
        "  # %s has most of the text, in %s. As format: text it is one document.\n  format: %s\n"
            .formatted(
                name, paragraphs ? "paragraphs between blank lines" : "lines", format.spelled());
    return new FormatProposal(format, separator, keys);
  }

  /** Whether most lines begin in lower case, and are nearly as long as the longest. */
  private static boolean areWrapped(List<String> lines) {
    int[] lengths = lines.stream().mapToInt(String::length).sorted().toArray();
    int longest = lengths[lengths.length * 19 / 20]; // of all but a twentieth
    long lower = lines.stream().filter(line -> line.matches("\\s*\\p{Ll}.*")).count();
    long full = Arrays.stream(lengths).filter(length -> 4 * length >= 3 * longest).count();
    return longest <= LONGEST_WRAPPED && 2 * lower > lengths.length && 2 * full > lengths.length;
  }
}
