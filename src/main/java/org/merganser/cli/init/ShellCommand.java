package org.merganser.cli.init;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.kind.FileKind;
import org.merganser.store.FileStore;

/** Commands of an advice with the names of a file, as a shell reads them. */
final class ShellCommand {
  private static final Pattern PLACE = Pattern.compile("(FILE|NEW|DIR)\\b");

  private static final Pattern COMMAND =
      Pattern.compile("(jq -c \\S+|iconv -f \\S+ -t UTF-8) FILE > (FILE\\.jsonl|NEW)");

  private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{M}\\p{N}_./@%+=:,-]+");

  private ShellCommand() {}

  static String of(FileKind kind, InputFile file) {
    return filled(kind.advice(), file);
  }

  /** The detail of a dead letter, in which only its command is filled. */
  static String inDetail(String detail, InputFile file) {
    return COMMAND
        .matcher(detail)
        .replaceAll(command -> Matcher.quoteReplacement(filled(command.group(), file)));
  }

  /** A text with the path of the file in place of FILE, its folder for DIR, a new name for NEW. */
  static String filled(String advice, InputFile file) {
    String path = seen(file.location());
    int slash = path.lastIndexOf('/');
    int dot = path.indexOf('.', slash + 2);
    String renamed =
        dot < 0 ? path + ".utf8" : path.substring(0, dot) + ".utf8" + path.substring(dot);
    String folder = slash < 0 ? "." : slash == 0 ? "/" : path.substring(0, slash);
    return PLACE
        .matcher(advice)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    quoted(
                        switch (found.group()) {
                          case "FILE" -> path;
                          case "NEW" -> renamed;
                          default -> folder;
                        })));
  }

  /** A local path as it is seen from the working directory, where it is shorter. */
  private static String seen(String location) {
    if (!FileStore.isLocal(location)) {
      return location;
    }
    try {
      Path path = FileStore.localPath(location).toAbsolutePath().normalize();
      Path here = Path.of("").toAbsolutePath();
      return path.startsWith(here) ? here.relativize(path).toString() : path.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(location, e);
    }
  }

  private static String quoted(String word) {
    String safe = word.startsWith("-") ? "./" + word : word;
    return PLAIN.matcher(safe).matches() ? safe : "'" + safe.replace("'", "'\\''") + "'";
  }
}
