package org.merganser.cli.init;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.kind.FileKind;

/**
 * Fills the commands of an advice about a file, as {@link FileKind} and dead letters have them:
 * with its name, and with a command before them if the file must be decompressed first.
 */
final class FileAdvice {
  /** The words of an advice that {@link #filled} replaces. */
  private static final Pattern PLACEHOLDER = Pattern.compile("(FILE|NEW|DIR)\\b");

  /** A command in the detail of a dead letter; the groups are its program and its output. */
  private static final Pattern COMMAND =
      Pattern.compile("(jq -c (?:'[^']*'|\\S+)|iconv -f \\S+ -t UTF-8) FILE > (FILE\\.jsonl|NEW)");

  private FileAdvice() {}

  /**
   * The advice of a kind of file, with the commands for one such file. If they cannot decompress
   * it, a command before them does.
   */
  static String ofKind(FileKind kind, InputFile file) {
    String path = ShellCommand.fromHere(file.location());
    String decoder = kind.decodes() ? null : ShellCommand.decoder(file.compression());
    if (decoder == null || !PLACEHOLDER.matcher(kind.advice()).find()) {
      return filled(kind.advice(), path);
    }
    String plain = ShellCommand.plain(path, file.compression());
    return "decompress it with %s < %s > %s, and then %s"
        .formatted(
            decoder,
            ShellCommand.quoted(path),
            ShellCommand.quoted(plain),
            filled(kind.advice(), plain));
  }

  /** The detail of a dead letter with its command for the file, and else as it is. */
  static String ofDetail(String detail, InputFile file) {
    return COMMAND
        .matcher(detail)
        .replaceAll(command -> Matcher.quoteReplacement(filledCommand(command, file)));
  }

  /**
   * The command of a detail for a file, which is decompressed first if needed.
   *
   * @param command a match of {@link #COMMAND}
   */
  private static String filledCommand(MatchResult command, InputFile file) {
    String path = ShellCommand.fromHere(file.location());
    String decoder = ShellCommand.decoder(file.compression());
    if (decoder == null) {
      return filled(command.group(), path);
    }
    String program = command.group(1);
    String output = filled(command.group(2), ShellCommand.plain(path, file.compression()));
    return "%s < %s | %s > %s".formatted(decoder, ShellCommand.quoted(path), program, output);
  }

  /** An advice with names in place of its placeholders. */
  private static String filled(String advice, String path) {
    return PLACEHOLDER
        .matcher(advice)
        .replaceAll(
            found -> Matcher.quoteReplacement(ShellCommand.quoted(nameFor(found.group(), path))));
  }

  /** The path for FILE, a new name beside it for NEW, and its folder for DIR. */
  private static String nameFor(String placeholder, String path) {
    int slash = path.lastIndexOf('/');
    int dot = path.indexOf('.', slash + 2); // a dot at the beginning of the name is no ending
    return switch (placeholder) {
      case "FILE" -> path;
      case "NEW" ->
          dot < 0 ? path + ".utf8" : path.substring(0, dot) + ".utf8" + path.substring(dot);
      case "DIR" -> slash < 0 ? "." : path.substring(0, Math.max(1, slash));
      default -> throw new IllegalArgumentException(placeholder);
    };
  }
}
