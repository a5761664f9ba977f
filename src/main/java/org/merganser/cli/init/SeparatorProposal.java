package org.merganser.cli.init;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.read.RecordSample;

/**
 * The line between the documents of some texts, by a look at their beginnings: one without letters
 * and digits, or in angle brackets, that is more than a fiftieth of all lines, with texts between
 * that differ.
 *
 * @param line null for none
 * @param count how often it occurs in what was read
 * @param inLines how often the same text, or another mark in bars, occurs within lines, where it
 *     stays text
 */
record SeparatorProposal(@Nullable String line, int count, Map<String, Integer> inLines) {
  private static final int SAMPLED = 16;
  private static final int LEAST = 2;
  private static final int SHARE = 50;

  /** Lines of brackets and fences belong to code, and those of bars to tables of Markdown. */
  private static final Pattern SEPARATOR =
      Pattern.compile(
          "<[^<>\\s][^<>]*>|(?![\\[\\](){};,]+$|`+$|~+$|[-|: \\t]*\\|[-|: \\t]*$)[^\\p{L}\\p{N}]+");

  private static final Pattern MARK = Pattern.compile("<\\|(end|eo|sep)[A-Za-z0-9_]*\\|>|</s>");

  /** The front matter of Markdown is between two lines of hyphens at the beginning. */
  private static final Pattern FRONT_MATTER =
      Pattern.compile("\\A---[ \\t]*\r?\n(?:[\\w-]+:.*\r?\n|[ \\t-].*\r?\n)*---[ \\t]*\r?\n");

  /**
   * @param bytes that are read of each of some texts
   */
  static SeparatorProposal of(List<InputFile> texts, int bytes) throws IOException {
    Map<String, Integer> counts = new HashMap<>();
    List<String> samples = new ArrayList<>();
    boolean frontMatter = false;
    int lines = 0;
    int sampled = Math.min(SAMPLED, texts.size());
    for (int i = 0; i < sampled; i++) {
      InputFile file = texts.get((int) ((long) i * texts.size() / sampled));
      String beginning = RecordSample.beginning(file, bytes);
      String sample = FRONT_MATTER.matcher(beginning).replaceFirst("");
      frontMatter |= sample.length() < beginning.length();
      samples.add(sample);
      for (String line : sample.split("\n", -1)) {
        String plain = trimmed(line);
        if (!plain.isEmpty()) {
          lines++;
          if (SEPARATOR.matcher(plain).matches()) {
            counts.merge(plain, 1, Integer::sum);
          }
        }
      }
    }
    if (frontMatter) {
      counts.remove("---"); // it would separate each front matter from its text
    }
    String best = null;
    for (Map.Entry<String, Integer> candidate : counts.entrySet()) {
      int count = candidate.getValue();
      boolean more =
          best == null
              || count > counts.get(best)
              || count == counts.get(best) && candidate.getKey().compareTo(best) < 0;
      if (count >= LEAST
          && (long) count * SHARE > lines
          && more
          && differ(samples, candidate.getKey())) {
        best = candidate.getKey();
      }
    }
    return new SeparatorProposal(best, best == null ? 0 : counts.get(best), marks(samples, best));
  }

  private static String trimmed(String line) {
    return line.replaceFirst("[ \\t\\r]+$", "");
  }

  /** Whether most texts between the separators are different, and more than one. */
  private static boolean differ(List<String> samples, String separator) {
    Set<String> different = new HashSet<>();
    int pieces = 0;
    for (String sample : samples) {
      for (String piece : sample.split("(?m)^" + Pattern.quote(separator) + "[ \\t]*\r?$", -1)) {
        if (!piece.isBlank()) {
          pieces++;
          different.add(piece.strip());
        }
      }
    }
    return different.size() > 1 && 2 * different.size() > pieces;
  }

  private static Map<String, Integer> marks(List<String> samples, @Nullable String separator) {
    Map<String, Integer> marks = new HashMap<>();
    Pattern wanted =
        separator == null || separator.length() < 3
            ? MARK
            : Pattern.compile(MARK + "|" + Pattern.quote(separator));
    for (String sample : samples) {
      for (String line : sample.split("\n", -1)) {
        Matcher mark = wanted.matcher(trimmed(line));
        while (mark.find()) {
          if (!mark.group().equals(trimmed(line))) {
            marks.merge(mark.group(), 1, Integer::sum);
          }
        }
      }
    }
    return marks;
  }

  /** A sentence for each mark within lines, with the command that makes lines of it. */
  List<String> warnings() {
    return inLines.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            mark ->
                ("%s occurs %s times within lines, where it is text and separates nothing; perl"
                        + " -pe 's/\\s*(%s)\\s*/\\n"
                        + "$1\\n"
                        + "/g' OLD > NEW writes it as a line, and corpus.separator names it")
                    .formatted(
                        JobProposal.quoted(mark.getKey()),
                        mark.getValue(),
                        mark.getKey().replaceAll("[^A-Za-z0-9_<>]", "\\\\$0")))
        .collect(Collectors.toList());
  }
}
