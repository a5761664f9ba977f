package org.merganser.corpus.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 * The known files and folders that accompany a corpus and are not data. They are read if a glob
 * spells their name (of most files, its extension is enough), or with {@code corpus.includeAll}.
 * Names that begin with {@code .} or {@code _} are not known here: {@link InputFilter} leaves them
 * out by {@link Glob}.
 */
final class NotData {
  /** Folders of tools. */
  private static final Set<String> OF_TOOLS =
      Set.of("node_modules", "bower_components", "venv", "virtualenv", "site-packages");

  /** Folders that have the results of a build if they are beside one of {@link #BUILDS}. */
  private static final Set<String> BUILT = Set.of("target", "build");

  /** Files that describe a build. */
  private static final List<String> BUILDS =
      List.of(
          ("pom.xml build.gradle build.gradle.kts build.sbt Cargo.toml CMakeLists.txt Makefile"
                  + " meson.build package.json pyproject.toml setup.py setup.cfg BUILD.bazel")
              .split(" "));

  /** Files that describe a data set. */
  private static final Pattern DESCRIPTION =
      Pattern.compile("dataset_infos\\.json|dataset_dict\\.json|croissant\\.json");

  /** Files that desktops write into folders. */
  private static final Pattern OF_DESKTOPS = Pattern.compile("(?i)thumbs\\.db|desktop\\.ini");

  /** Backups of editors. */
  private static final Pattern BACKUP =
      Pattern.compile("(?i).*~|#.*#|~\\$.*|.*\\.(bak|orig|rej|swp|swo)");

  /** Lock files of package managers. */
  private static final Set<String> LOCKS =
      Set.of(
          ("package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb"
                  + " deno.lock Cargo.lock poetry.lock uv.lock pdm.lock Pipfile.lock conda-lock.yml"
                  + " composer.lock Gemfile.lock go.sum flake.lock mix.lock pubspec.lock Podfile.lock"
                  + " packages.lock.json gradle.lockfile")
              .split(" "));

  /** Styles, bibliographies and intermediate files of LaTeX. */
  private static final Pattern OF_LATEX =
      Pattern.compile(
          "(?i).*\\.(bib|bst|sty|cls|clo|aux|bbl|blg|fls|fdb_latexmk|synctex|lof|lot|idx|ind|ilg)");

  /** Files that a program has not finished. */
  private static final Pattern UNFINISHED = Pattern.compile("(?i).*\\.(tmp|part|partial)");

  /** Checksums of other files. */
  private static final Pattern CHECKSUM =
      Pattern.compile(
          "(?i).*\\.(md5|sha1|sha224|sha256|sha384|sha512|crc(32c?)?)|(md5|sha(1|256|512))sums?(\\.txt)?"
              + "|checksums?(\\.txt)?");

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

  /** The names of which the glob of the input consists, with their wildcards. */
  private final Set<String> spelled;

  /** By path of a folder of {@link #BUILT}, whether a build file is beside it. */
  private final Map<String, Boolean> built = new HashMap<>();

  /**
   * @param root the folder of the input, with a final slash
   * @param glob of the input, whose own names are data
   */
  NotData(FileStore store, String root, String glob) {
    this.store = store;
    this.root = root;
    this.spelled = Arrays.stream(glob.split("/")).collect(Collectors.toUnmodifiableSet());
  }

  /** The reason why a folder is not read, by its own name; null if it is read. */
  @Nullable String reasonOfFolder(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (spelled.contains(name)) {
      return null;
    }
    if (OF_TOOLS.contains(name)) {
      return "folders of tools, such as node_modules and venv";
    }
    return BUILT.contains(name) && built.computeIfAbsent(path, this::isBuilt)
        ? "folders target and build beside a build file"
        : null;
  }

  /** Whether a build file is beside a folder. */
  private boolean isBuilt(String path) {
    String above = root + path.substring(0, path.lastIndexOf('/') + 1);
    try {
      for (String build : BUILDS) {
        if (store.exists(above + build)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The reason why a file is not read, by its own name; null if it is read. */
  @Nullable String reasonOfFile(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (spells(name)) {
      return null;
    }
    if (DESCRIPTION.matcher(name).matches()) {
      return "descriptions of a data set, such as dataset_infos.json";
    }
    if (OF_DESKTOPS.matcher(name).matches()) {
      return "files of desktops, such as Thumbs.db";
    }
    if (UNFINISHED.matcher(name).matches()) {
      return "half-uploaded files, such as *.part";
    }
    if (BACKUP.matcher(name).matches()) {
      return "backups of editors, such as x~ and *.bak";
    }
    if (LOCKS.contains(name)) {
      return "lock files of package managers";
    }
    return CHECKSUM.matcher(name).matches() ? "checksums" : null;
  }

  /** Whether the glob of the input spells a name or its extension. */
  private boolean spells(String name) {
    String extension = name.substring(name.lastIndexOf('.') + 1);
    return spelled.contains(name) || spelled.stream().anyMatch(s -> s.endsWith("." + extension));
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
  List<FileStore.Entry> withoutCompanions(List<FileStore.Entry> found, SkippedInputs skipped)
      throws IOException {
    List<FileStore.Entry> data = new ArrayList<>();
    Set<String> latex =
        found.stream()
            .map(FileStore.Entry::location)
            .filter(location -> location.endsWith(".tex"))
            .map(NotData::folderOf)
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

  /** The reason why a file of a listing is not read, by the files around it; null if it is read. */
  private @Nullable String reasonByNeighbours(
      int file, List<FileStore.Entry> found, Set<String> latex) throws IOException {
    String location = found.get(file).location();
    String name = name(found.get(file));
    if (isLicence(name) && hasOnlyRecordsAround(file, found)) {
      return "licence files beside data";
    }
    if (CARD.matcher(name).matches()
        && !spelled.contains(name)
        && hasRecordsAround(file, found)
        && isCard(location)) {
      return "cards of data sets, README.md";
    }
    boolean isOfLatex =
        !latex.isEmpty()
            && OF_LATEX.matcher(name).matches()
            && !spells(name)
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
    return !spelled.contains(name) && LICENCE.matcher(name).matches() && !isRecords(name);
  }

  private static String name(FileStore.Entry entry) {
    return entry.location().substring(entry.location().lastIndexOf('/') + 1);
  }

  /** Whether some other file in the folder of a file, or below it, has records. */
  private static boolean hasRecordsAround(int file, List<FileStore.Entry> found) {
    return around(file, found).anyMatch(entry -> isRecords(name(entry)));
  }

  /**
   * Whether some other file in the folder of a file, or below it, has records, and each of the
   * others has records or is a licence or a card.
   */
  private boolean hasOnlyRecordsAround(int file, List<FileStore.Entry> found) {
    return around(file, found)
            .map(NotData::name)
            .allMatch(name -> isRecords(name) || CARD.matcher(name).matches() || isLicence(name))
        && hasRecordsAround(file, found);
  }

  /**
   * The other files in the folder of a file and below it. They are adjacent, since a listing is
   * sorted.
   */
  private static Stream<FileStore.Entry> around(int file, List<FileStore.Entry> found) {
    String location = found.get(file).location();
    String folder = location.substring(0, location.lastIndexOf('/') + 1);
    Stream<FileStore.Entry> after = found.subList(file + 1, found.size()).stream();
    Stream<FileStore.Entry> before =
        IntStream.iterate(file - 1, i -> i >= 0, i -> i - 1).mapToObj(found::get);
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
