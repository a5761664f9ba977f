package org.merganser.cli.init;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.read.FileBeginning;
import org.merganser.message.Plural;

/**
 * The line between the documents of some texts, by a look at their beginnings. Such a line has
 * neither letters nor digits, or is in angle brackets. It occurs at least {@value #LEAST_MARKS}
 * times, more often than once in {@value #MOST_LINES_PER_MARK} lines that are not blank, and more
 * than half of the texts between two such lines differ.
 *
 * @param line the separator, without spaces at its end; null for none
 * @param count how often it occurs in what was read; 0 for none
 * @param marksInLines marks within lines that look like the end of a document, such as {@code
 *     <|endoftext|>}, and the number of each; they stay text
 */
record SeparatorProposal(@Nullable String line, int count, Map<String, Integer> marksInLines) {
  private static final int LEAST_MARKS = 2;
  private static final int MOST_LINES_PER_MARK = 50;

  /** The least length of a separator that is a mark in lines: shorter ones are there by chance. */
  private static final int LEAST_MARK_IN_LINES = 3;

  /** Lines of brackets and fences belong to code, and those of bars to tables of Markdown. */
  private static final Pattern SEPARATOR =
      Pattern.compile(
          "<[^<>\\s][^<>]*>|(?![\\[\\](){};,]+$|`+$|~+$|[-|: \\t]*\\|[-|: \\t]*$)[^\\p{L}\\p{N}]+");

  /**
   * The spaces at the end of a line. The lookbehind lets a search enter each run of spaces once, so
   * that a long run takes linear time.
   */
  private static final Pattern SPACES_AT_END = Pattern.compile("(?<![ \\t\\r])[ \\t\\r]++$");

  /** Marks of the end of a document, as tokenizers spell them. */
  private static final Pattern MARK = Pattern.compile("<\\|(end|eo|sep)[A-Za-z0-9_]*\\|>|</s>");

  /**
   * The front matter of Markdown is between two lines of hyphens at the beginning. The lines
   * between them are matched possessively, since a search that can go back needs stack for each
   * line.
   */
  private static final Pattern FRONT_MATTER =
      Pattern.compile(
          "\\A---[ \\t]*\r?\n"
              + "(?:(?!---[ \\t]*\r?\n)(?:[\\w-]+:|[ \\t-]).*\r?\n)*+"
              + "---[ \\t]*\r?\n");

  /**
   * Reads the beginnings of some texts, and finds the line that separates documents in them.
   *
   * @param texts of which some are read, evenly spread
   * @param bytesRead of each, at most
   */
  static SeparatorProposal of(List<InputFile> texts, int bytesRead) throws IOException {
    List<String> beginnings = new ArrayList<>();
    for (InputFile text : SampledFiles.spreadOver(texts)) {
      beginnings.add(FileBeginning.text(text, bytesRead));
    }
    List<String> samples =
        beginnings.stream().map(text -> FRONT_MATTER.matcher(text).replaceFirst("")).toList();
    List<String> lines = lines(samples).filter(line -> !line.isEmpty()).toList();
    Map<String, Integer> counts = countSeparators(lines);
    boolean hasFrontMatter = !samples.equals(beginnings);
    if (hasFrontMatter) {
      counts.remove("---"); // it would separate each front matter from its text
    }
    int least = Math.max(LEAST_MARKS, lines.size() / MOST_LINES_PER_MARK + 1);
    String best = mostFrequent(counts, least, samples);
    int count = best == null ? 0 : counts.getOrDefault(best, 0);
    return new SeparatorProposal(best, count, countMarksInLines(samples, best));
  }

  /** The lines of all samples, without spaces at their ends. */
  private static Stream<String> lines(List<String> samples) {
    return samples.stream()
        .flatMap(sample -> Arrays.stream(sample.split("\n", -1)))
        .map(line -> SPACES_AT_END.matcher(line).replaceFirst(""));
  }

  /** Counts each line that could be a separator. */
  private static Map<String, Integer> countSeparators(List<String> lines) {
    Map<String, Integer> counts = new HashMap<>();
    for (String line : lines) {
      if (SEPARATOR.matcher(line).matches()) {
        counts.merge(line, 1, Integer::sum);
      }
    }
    return counts;
  }

  /**
   * The line with the highest count that separates texts which differ, and of equally frequent ones
   * the first in the alphabet; null if no such line has the least count.
   */
  private static @Nullable String mostFrequent(
      Map<String, Integer> counts, int least, List<String> samples) {
    return counts.entrySet().stream()
        .filter(candidate -> candidate.getValue() >= least)
        .sorted(
            Map.Entry.<String, Integer>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .filter(line -> separatesDifferentTexts(line, samples))
        .findFirst()
        .orElse(null);
  }

  /** Whether more than half of the texts between the separators are different, and at least two. */
  private static boolean separatesDifferentTexts(String separator, List<String> samples) {
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

  /** Counts the marks, and separators that are long enough, that share a line with text. */
  private static Map<String, Integer> countMarksInLines(
      List<String> samples, @Nullable String separator) {
    Map<String, Integer> marks = new HashMap<>();
    Pattern wanted =
        separator == null || separator.length() < LEAST_MARK_IN_LINES
            ? MARK
            : Pattern.compile(MARK + "|" + Pattern.quote(separator));
    lines(samples)
        .forEach(
            line -> {
              Matcher mark = wanted.matcher(line);
              while (mark.find()) {
                if (!mark.group().equals(line)) {
                  marks.merge(mark.group(), 1, Integer::sum);
                }
              }
            });
    return marks;
  }

  /** A sentence for each mark within lines, with the command that makes lines of it. */
  List<String> warnings() {
    return marksInLines.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            mark ->
                ("%s occurs %s within lines, where it is text and separates nothing;"
                        + " perl -pe 's/\\s*(%s)\\s*/\\n$1\\n/g' OLD > NEW"
                        + " writes it as a line, and corpus.separator names it")
                    .formatted(
                        ProposedText.quoted(mark.getKey()),
                        Plural.of(mark.getValue(), "time"),
                        mark.getKey().replaceAll("[^A-Za-z0-9_<>]", "\\\\$0")))
        .toList();
  }
}
