package org.merganser.cli.init;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.read.CsvSample.Row;

/**
 * A column of the first rows of a table, and what it shows of the first row: whether that cell is a
 * value like those below it, such as a number above numbers, or a name. {@link TableHeading} weighs
 * all columns.
 *
 * @param first the first cell
 * @param values the cells below it that are not empty
 */
record TableColumn(String first, List<String> values) {
  /** Usual names of columns, in lower case. */
  private static final Set<String> USUAL =
      Set.of(
          ("id doc_id uuid url key index text content body document title name label labels class"
                  + " category lang language source domain license date time timestamp author user"
                  + " score rating sentence question answer prompt response review comment message"
                  + " split set subset")
              .split(" "));

  private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9.,]*[0-9] ?%?");
  private static final Pattern YEAR = Pattern.compile("(19|20)[0-9]{2}");

  /** A number in hexadecimal, such as a checksum. */
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{8,}|[0-9A-F]{8,}");

  /** A sentence with its end. */
  private static final Pattern SENTENCE = Pattern.compile(".*[.!?][\"']?", Pattern.DOTALL);

  /** A text of at least three words. */
  private static final Pattern WORDS = Pattern.compile("\\S+\\s+\\S+\\s+\\S.*", Pattern.DOTALL);

  /** Longer cells are no names. */
  private static final int LONGEST_NAME = 64;

  /** Cells of a column of texts have at least this mean length. */
  private static final int LEAST_TEXT = 40;

  /** Shorter cells may have equal lengths by chance. */
  private static final int LEAST_EQUAL_LENGTH = 8;

  /** With fewer values, one that equals the first cell is evidence of data; with more, two are. */
  private static final int FEW_VALUES = 10;

  /** The column at an index, which the first row must have; other rows may lack it. */
  static TableColumn of(List<Row> rows, int i) {
    return new TableColumn(
        rows.get(0).cells().get(i).strip(),
        rows.stream()
            .skip(1)
            .filter(row -> i < row.cells().size())
            .map(row -> row.cells().get(i).strip())
            .filter(cell -> !cell.isEmpty())
            .toList());
  }

  /** The mean number of UTF-16 characters of the values; 0 without values. */
  double meanLength() {
    return values.stream().mapToInt(String::length).average().orElse(0);
  }

  /** Whether no value occurs twice; false without values. */
  boolean isDistinct() {
    return !values.isEmpty() && Set.copyOf(values).size() == values.size();
  }

  /** Whether the values occur twice or more on average; true without values. */
  boolean repeats() {
    return 2 * Set.copyOf(values).size() <= values.size();
  }

  /** Whether all values match; false without values. */
  private boolean allMatch(Pattern pattern) {
    return !values.isEmpty() && values.stream().allMatch(v -> pattern.matcher(v).matches());
  }

  /** Whether at least half of the values match; true without values. */
  private boolean halfMatch(Pattern pattern) {
    return 2 * values.stream().filter(v -> pattern.matcher(v).matches()).count() >= values.size();
  }

  /** The {@link #shape} that all values have; null if they differ, or have no digits. */
  private @Nullable String sharedShape() {
    List<String> shapes = values.stream().map(TableColumn::shape).distinct().limit(2).toList();
    return shapes.size() == 1 && shapes.get(0).contains("9") ? shapes.get(0) : null;
  }

  /** A value with 9 in place of each run of digits: {@code 9-9-9} for 2024-12-31. */
  private static String shape(String value) {
    return value.replaceAll("[0-9]+", "9");
  }

  /**
   * Whether the first cell is a question, and less than a quarter of the values, as in a survey.
   */
  private boolean isQuestion() {
    return first.endsWith("?")
        && 4 * values.stream().filter(v -> v.endsWith("?")).count() < values.size();
  }

  /** Whether the first cell is one of the {@link #USUAL} names. */
  private boolean isUsualName() {
    return USUAL.contains(first.toLowerCase(Locale.ROOT));
  }

  /** Whether the first cell is a number. */
  private boolean isNumber() {
    return NUMBER.matcher(first).matches();
  }

  /** Whether all cells are numbers, unless the first is a year and not all others are. */
  private boolean isNumberAboveNumbers() {
    boolean isYearAboveOthers = YEAR.matcher(first).matches() && !allMatch(YEAR);
    return isNumber() && allMatch(NUMBER) && !isYearAboveOthers;
  }

  /** Whether all cells are checksums of one length, or have the same shape. */
  private boolean hasFormOfValues() {
    boolean haveOneLength =
        first.length() >= LEAST_EQUAL_LENGTH
            && values.stream().allMatch(v -> v.length() == first.length());
    boolean isHash = HASH.matcher(first).matches() && haveOneLength && allMatch(HASH);
    return isHash || (!isNumber() && shape(first).equals(sharedShape()));
  }

  /** Whether the first cell is too frequent below itself for a name. */
  private boolean occursAgain() {
    int least = values.size() < FEW_VALUES ? 1 : 2;
    return Collections.frequency(values, first) >= least && !isUsualName();
  }

  /** Whether the first cell is too long for a name, or a sentence above sentences. */
  private boolean isTextAboveTexts() {
    boolean isSentence =
        SENTENCE.matcher(first).matches() && halfMatch(SENTENCE) && sharedShape() == null;
    return first.length() > LONGEST_NAME || isSentence;
  }

  /**
   * Why the first cell is a value like those below it; null if it does not look so. The most
   * certain reason is tried first.
   */
  @Nullable String evidenceOfData() {
    if (first.isEmpty() || values.isEmpty()) {
      return null;
    }
    String cell = ProposedText.cut(first, LONGEST_NAME);
    if (isNumberAboveNumbers()) {
      return cell + " is a number, as all cells below it are";
    }
    if (hasFormOfValues()) {
      return cell + " has the form of all cells below it";
    }
    if (occursAgain()) {
      return cell + " occurs again below it";
    }
    return isTextAboveTexts() && !isQuestion()
        ? cell + " is a text, as the cells below it are"
        : null;
  }

  /** Less certain evidence that the first cell is a value: texts of words; null without any. */
  @Nullable String weakEvidenceOfData() {
    boolean areWords = !values.isEmpty() && WORDS.matcher(first).matches() && halfMatch(WORDS);
    return areWords && 2 * first.length() >= meanLength()
        ? ProposedText.cut(first, LONGEST_NAME) + " is a text, as the cells below it are"
        : null;
  }

  /** Whether the first cell is a usual name, a question, or unlike the cells below it. */
  boolean isNamed() {
    if (isUsualName() || isQuestion()) {
      return true;
    }
    if (values.isEmpty() || evidenceOfData() != null) {
      return false;
    }
    String shape = sharedShape();
    boolean hasOtherForm = shape != null && !shape(first).equals(shape);
    boolean isShortAboveTexts =
        meanLength() >= LEAST_TEXT && halfMatch(WORDS) && 4 * first.length() <= meanLength();
    if (isNumber()) {
      return !halfMatch(NUMBER) || isShortAboveTexts; // a number has no form
    }
    return allMatch(NUMBER) || hasOtherForm || isShortAboveTexts;
  }
}
