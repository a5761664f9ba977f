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
import org.merganser.corpus.read.FileBeginning;

/**
 * What a document is in files of text: the file, a line, a paragraph, or what is between two
 * separators. Files with records have the format that is detected for each.
 *
 * @param format the value of {@code corpus.format}
 * @param separator the search for a line between documents; null if it was not made
 * @param keys the lines of the section {@code corpus} for both, with the reasons
 */
record FormatProposal(InputFormat format, @Nullable SeparatorProposal separator, String keys) {
  /** Paths of texts about the data beside them. */
  private static final Pattern DESCRIPTION =
      Pattern.compile("(?i)(^|.*/)(readme|license|licence|notice)(\\.[a-z]+)?");

  /** The extension of a name in lower case. */
  private static final Pattern EXTENSION = Pattern.compile("\\.[a-z0-9+]+\\z");

  /** A text with fewer lines in its beginning stays one document. */
  private static final int LEAST_LINES = 20;

  /** A text of paragraphs has at most this many lines for each blank line. */
  private static final int LINES_PER_BLANK = 20;

  /** The most characters of a line that is broken at the width of a page. */
  private static final int LONGEST_WRAPPED = 120;

  /** The key for a corpus whose files have the formats that are detected. */
  private static final String DETECTED = "  format: auto  # the format of each file is detected\n";

  /** The format with which files are listed before their texts are read; it has no keys. */
  static FormatProposal beforeReading(InputFormat format) {
    return new FormatProposal(format, null, "");
  }

  /**
   * Proposes a format. The first of these that fits decides: a separator at the beginnings of some
   * texts, which are read unless the corpus is code; texts that are too large for documents; code;
   * else the format of each file is detected.
   *
   * @param files that are trained on
   * @param areCode the result of {@link #areCode} for the corpus
   * @param bytesRead of each text, at most
   */
  static FormatProposal of(List<InputFile> files, boolean areCode, int bytesRead)
      throws IOException {
    SeparatorProposal separator = areCode ? null : findSeparator(files, bytesRead);
    if (separator != null && separator.line() != null) {
      String keys = DETECTED + separatorKeys(separator.line(), separator.count());
      return new FormatProposal(InputFormat.AUTO, separator, keys);
    }
    List<InputFile> giants = CorpusPlanner.giants(files);
    if (!giants.isEmpty() && files.stream().allMatch(f -> f.format() == InputFormat.TEXT)) {
      return ofGiant(giants.get(0), separator, bytesRead);
    }
    return areCode
        ? new FormatProposal(
            InputFormat.TEXT,
            null,
            "  format: text  # most files are source code or unknown text: each is one document\n")
        : new FormatProposal(InputFormat.AUTO, separator, DETECTED);
  }

  private static SeparatorProposal findSeparator(List<InputFile> files, int bytesRead)
      throws IOException {
    List<InputFile> texts =
        files.stream()
            .filter(file -> file.format() == InputFormat.TEXT && !isDescription(file))
            .toList();
    return SeparatorProposal.of(texts, bytesRead);
  }

  /** The line between the documents of a text; null for none. */
  @Nullable String separatorLine() {
    return separator == null ? null : separator.line();
  }

  /**
   * Whether most files are texts with an extension that is not one of plain text ({@code .txt},
   * {@code .text}, {@code .md}): source code, or a format that is not known here.
   */
  static boolean areCode(List<InputFile> files) {
    long code =
        files.stream()
            .filter(file -> file.format() == InputFormat.TEXT)
            .map(file -> Compression.withoutSuffix(file.path().toLowerCase(Locale.ROOT)))
            .filter(name -> EXTENSION.matcher(name).find() && !InputFormat.TEXT.hasName(name))
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

  /**
   * The format of a corpus that is mostly one text, by the beginning of this text: paragraphs or
   * lines, unless it is one document.
   *
   * @param separator the search that found no line; null if it was not made
   */
  private static FormatProposal ofGiant(
      InputFile file, @Nullable SeparatorProposal separator, int bytesRead) throws IOException {
    String name = ProposedText.path(file.path());
    List<String> lines = FileBeginning.text(file, bytesRead).lines().toList();
    long blank = lines.stream().filter(String::isBlank).count();
    boolean hasParagraphs = blank >= lines.size() / LINES_PER_BLANK;
    String whyOneDocument = null;
    if (lines.size() < LEAST_LINES) {
      whyOneDocument = "it has few lines";
    } else if (!hasParagraphs && areWrapped(lines)) {
      whyOneDocument = "most of its lines continue the line before";
    }
    if (whyOneDocument != null) {
      String key = "  format: text  # %s is one document: %s\n".formatted(name, whyOneDocument);
      return new FormatProposal(InputFormat.TEXT, separator, key);
    }
    InputFormat format = hasParagraphs ? InputFormat.PARAGRAPHS : InputFormat.LINES;
    String keys =
        "  # %s has most of the text, in %s. As format: text it is one document.\n  format: %s\n"
            .formatted(
                name, hasParagraphs ? "paragraphs between blank lines" : "lines", format.spelled());
    return new FormatProposal(format, separator, keys);
  }

  /**
   * Whether the lines are those of prose that is broken at the width of a page: most begin in lower
   * case, and most have at least three quarters of the longest length. This is the length that 19
   * of 20 lines do not exceed, so that a few long ones do not matter.
   */
  private static boolean areWrapped(List<String> lines) {
    int[] lengths = lines.stream().mapToInt(String::length).sorted().toArray();
    int longest = lengths[lengths.length * 19 / 20];
    long inLowerCase = lines.stream().filter(line -> line.matches("\\s*\\p{Ll}.*")).count();
    long full = Arrays.stream(lengths).filter(length -> 4 * length >= 3 * longest).count();
    return longest <= LONGEST_WRAPPED
        && 2 * inLowerCase > lengths.length
        && 2 * full > lengths.length;
  }
}
