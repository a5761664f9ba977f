package org.merganser.cli.usage;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.WholeFile;
import org.merganser.job.Key;
import picocli.CommandLine.Model.ArgSpec;

/**
 * The texts of a command, or of options that several commands share, from CLASS.txt next to the
 * class. Empty lines separate three parts: a sentence for the list of commands with more lines
 * about it; after {@code Options:} a line for the argument and each option, such as {@code --ids
 * FILE} and two spaces before the description, or before {@code =} and a key that has one; and what
 * follows the options. The examples write below {@code target}; the launcher of a release names
 * another folder.
 *
 * @param options by name, each with its placeholder; the argument has no name
 */
record HelpText(String[] about, Map<String, Line> options, String[] more) {
  static final HelpText NONE = new HelpText(new String[0], Map.of(), new String[0]);
  private static final String OPTIONS = "Options:\n";

  record Line(String placeholder, String description) {}

  static HelpText of(Class<?> type) {
    String outputs = Objects.requireNonNullElse(System.getenv("MERGANSER_EXAMPLES"), "target");
    String text = WholeFile.resource(type, type.getSimpleName() + ".txt");
    List<String> parts = new ArrayList<>();
    Map<String, Line> options = new TreeMap<>();
    for (String part : text.replace("target/", outputs + "/").split("\n\n", -1)) {
      if (part.startsWith(OPTIONS)) {
        part.substring(OPTIONS.length()).lines().forEach(line -> add(line, options));
      } else {
        parts.add(part);
      }
    }
    String more = String.join("\n\n", parts.subList(Math.min(1, parts.size()), parts.size()));
    return new HelpText(lines(parts.isEmpty() ? "" : parts.get(0)), options, lines("\n" + more));
  }

  private static String[] lines(String text) {
    return text.lines().toArray(String[]::new);
  }

  private static void add(String line, Map<String, Line> options) {
    String[] texts = line.split("  ", 2);
    String[] named =
        texts[0].startsWith("--") ? texts[0].split(" ", 2) : new String[] {"", texts[0]};
    boolean ofKey = texts[1].startsWith("= ");
    String description = ofKey ? Key.at(texts[1].substring(2)).summary() : texts[1];
    options.put(named[0], new Line(named.length > 1 ? named[1] : "", description));
  }

  /**
   * The line of an option or argument: that of the command, or else of the class that declares it;
   * null for one that picocli or a key describes.
   */
  @Nullable Line of(ArgSpec argument, String name) {
    if (argument.description().length > 0 || !(argument.userObject() instanceof Field field)) {
      return null;
    }
    Map<String, Line> declared =
        options.containsKey(name) ? options : of(field.getDeclaringClass()).options;
    return Objects.requireNonNull(declared.get(name), field.toString());
  }
}
