package org.merganser.corpus.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.store.FileStore;

/**
 * The files and folders whose own names show that they accompany a corpus and are not data. They
 * are read if a glob spells their name (of a file, its extension is enough), or with {@code
 * corpus.includeAll}. {@link CompanionFiles} has the files that others show not to be data, and
 * {@link InputFilter} leaves out names that begin with {@code .} or {@code _} by {@link Glob}.
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

  /** Files that a program has not finished. */
  private static final Pattern UNFINISHED = Pattern.compile("(?i).*\\.(tmp|part|partial)");

  /** Checksums of other files. */
  private static final Pattern CHECKSUM =
      Pattern.compile(
          "(?i).*\\.(md5|sha1|sha224|sha256|sha384|sha512|crc(32c?)?)|(md5|sha(1|256|512))sums?(\\.txt)?"
              + "|checksums?(\\.txt)?");

  private final FileStore store;

  /** The folder of the input, with a final slash. */
  private final String root;

  private final SpelledNames spelled;

  /** By path of a folder of {@link #BUILT}, whether a build file is beside it. */
  private final Map<String, Boolean> built = new HashMap<>();

  /**
   * @param root the folder of the input, with a final slash
   * @param spelled the names in the glob of the input, which are data
   */
  NotData(FileStore store, String root, SpelledNames spelled) {
    this.store = store;
    this.root = root;
    this.spelled = spelled;
  }

  /** The reason why a folder is not read, by its own name; null if it is read. */
  @Nullable String reasonOfFolder(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (spelled.has(name)) {
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
    if (spelled.hasOrEndsIn(name)) {
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
}
