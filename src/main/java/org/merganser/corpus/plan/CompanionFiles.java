package org.merganser.corpus.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.Compression;
import org.merganser.corpus.InputFormat;
import org.merganser.store.FileStore;

/**
 * Files that other files of the input show not to be data: licences and cards of data sets beside
 * records, and what LaTeX needs beside its text. {@link NotData} has those that their own names
 * show. They are read if the glob spells their name (of files of LaTeX, its extension is enough),
 * or with {@code corpus.includeAll}.
 */
final class CompanionFiles {
  /** Styles, bibliographies and intermediate files of LaTeX. */
  private static final Pattern OF_LATEX =
      Pattern.compile(
          "(?i).*\\.(bib|bst|sty|cls|clo|aux|bbl|blg|fls|fdb_latexmk|synctex|lof|lot|idx|ind|ilg)");

  /** Licences and notices of rights. */
  private static final Pattern LICENCE =
      Pattern.compile(
          "(?i)((un)?licen[sc]es?|copying|copyright|notice)([-_.][a-z0-9]+){0,3}?(\\.(txt|md|rst))?");

  /** READMEs, of which some are the card of a data set: {@link #OF_CARD}. */
  private static final Pattern CARD = Pattern.compile("(?i)readme(\\.md)?");

  /** Keys that are typical of the front matter of a data set's card. */
  private static final Pattern OF_CARD =
      Pattern.compile(
          "(?s)\\x{feff}?---\\r?\\n(?:(?!\\n---).)*?(?<=\\n)"
              + "(dataset_info|configs|license|task_categories|task_ids"
              + "|size_categories|pretty_name|annotations_creators|language_creators"
              + "|source_datasets|multilinguality|viewer):.*");

  /** The bytes of a README in which its front matter is searched. */
  private static final int FRONT_MATTER_BYTES = 8192;

  private final FileStore store;

  /** The folder of the input, with a final slash. */
  private final String root;

  private final SpelledNames spelled;

  /**
   * @param root the folder of the input, with a final slash
   * @param spelled the names in the glob of the input, which are data
   */
  CompanionFiles(FileStore store, String root, SpelledNames spelled) {
    this.store = store;
    this.root = root;
    this.spelled = spelled;
  }

  /**
   * Removes files that other files of the input show not to be data: a licence if everything else
   * in its folder and below is records, web archives, READMEs or licences; a README if records or a
   * web archive are there and its front matter is that of the card of a data set; styles,
   * bibliographies and intermediate files of LaTeX if its text is in their folder or in one above.
   *
   * @param found the files of the input, in the order of their listing
   * @param skipped receives the removed files
   * @return the files that are read
   */
  List<FileStore.Entry> removeFrom(List<FileStore.Entry> found, SkippedInputs skipped)
      throws IOException {
    List<FileStore.Entry> data = new ArrayList<>();
    Set<String> latex =
        found.stream()
            .map(FileStore.Entry::location)
            .filter(location -> location.endsWith(".tex"))
            .map(CompanionFiles::folderOf)
            .collect(Collectors.toSet());
    for (int i = 0; i < found.size(); i++) {
      FileStore.Entry entry = found.get(i);
      String reason = reasonByNeighbours(i, found, latex);
      if (reason == null) {
        data.add(entry);
      } else {
        skipped.add(reason, entry.location(), entry.size());
      }
    }
    return data;
  }

  /**
   * The reason why a file of a listing is not read, by the files around it; null if it is read.
   *
   * @param index of the file in the listing
   * @param latex the folders with text of LaTeX
   */
  private @Nullable String reasonByNeighbours(
      int index, List<FileStore.Entry> found, Set<String> latex) throws IOException {
    String location = found.get(index).location();
    String name = name(found.get(index));
    if (isLicence(name) && hasOnlyRecordsAround(index, found)) {
      return "licence files beside data";
    }
    if (CARD.matcher(name).matches()
        && !spelled.has(name)
        && hasRecordsAround(index, found)
        && isCard(location)) {
      return "cards of data sets, README.md";
    }
    boolean isOfLatex =
        !latex.isEmpty()
            && OF_LATEX.matcher(name).matches()
            && !spelled.hasOrEndsIn(name)
            && isBelow(latex, location);
    return isOfLatex ? "styles, bibliographies and intermediate files of LaTeX" : null;
  }

  /** Whether the folder of a file, or one above it in the input, is among some folders. */
  private boolean isBelow(Set<String> folders, String location) {
    String folder = folderOf(location);
    while (folder.length() >= root.length() - 1) { // the root has a final slash
      if (folders.contains(folder)) {
        return true;
      }
      if (folder.isEmpty()) {
        return false;
      }
      folder = folderOf(folder);
    }
    return false;
  }

  /** The location of the folder of a file, or of the folder above one, without a final slash. */
  private static String folderOf(String location) {
    return location.substring(0, Math.max(0, location.lastIndexOf('/')));
  }

  /** Whether the name is that of a licence, and the glob does not spell it. */
  private boolean isLicence(String name) {
    return !spelled.has(name) && LICENCE.matcher(name).matches() && !isRecords(name);
  }

  private static String name(FileStore.Entry entry) {
    return entry.location().substring(entry.location().lastIndexOf('/') + 1);
  }

  /** Whether some other file in the folder of a file, or below it, has records. */
  private static boolean hasRecordsAround(int index, List<FileStore.Entry> found) {
    return around(index, found).anyMatch(entry -> isRecords(name(entry)));
  }

  /**
   * Whether some other file in the folder of a file, or below it, has records, and each of the
   * others has records or is a licence or a card.
   */
  private boolean hasOnlyRecordsAround(int index, List<FileStore.Entry> found) {
    return around(index, found)
            .map(CompanionFiles::name)
            .allMatch(name -> isRecords(name) || CARD.matcher(name).matches() || isLicence(name))
        && hasRecordsAround(index, found);
  }

  /**
   * The other files in the folder of a file and below it. They are adjacent, since a listing is
   * sorted.
   */
  private static Stream<FileStore.Entry> around(int index, List<FileStore.Entry> found) {
    String location = found.get(index).location();
    String folder = location.substring(0, location.lastIndexOf('/') + 1);
    Stream<FileStore.Entry> after = found.subList(index + 1, found.size()).stream();
    Stream<FileStore.Entry> before =
        IntStream.iterate(index - 1, i -> i >= 0, i -> i - 1).mapToObj(found::get);
    return Stream.of(after, before)
        .flatMap(entries -> entries.takeWhile(entry -> entry.location().startsWith(folder)));
  }

  /** Whether the name is that of a file of records or of a web archive. */
  private static boolean isRecords(String name) {
    String plain = Compression.withoutSuffix(name.toLowerCase(Locale.ROOT));
    return Arrays.stream(InputFormat.values())
        .anyMatch(f -> (f.hasTextField() || f.magic() != null) && f.hasName(plain));
  }

  /** Whether the front matter of a README is that of the card of a data set. */
  private boolean isCard(String location) throws IOException {
    try (InputStream in = store.open(location, 0)) {
      return OF_CARD.matcher(new String(in.readNBytes(FRONT_MATTER_BYTES), UTF_8)).matches();
    }
  }
}
