package org.merganser.cli.usage;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.WholeFile;
import org.merganser.cli.job.KeyOption;
import org.merganser.job.Key;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The texts of a command, or of options that several commands share, from CLASS.txt next to the
 * class. Empty lines separate its parts: a sentence for the list of commands with more lines about
 * it; after {@code Options:}, and after {@code Seldom:} for those that the short help leaves out, a
 * line for the argument and each option; and what follows the options. A line is such as {@code
 * --ids FILE} with two spaces before the description. {@code = KEY} in place of a description takes
 * that of the key, with {@code (required)} and with a description of its own after a colon; in the
 * text of a command that runs a job, such a line makes the option. The examples write below {@code
 * target}; the launcher of a release names another folder.
 *
 * @param options by name; the argument has no name
 */
record HelpText(String[] about, Map<String, Line> options, String[] more) {
  private static final HelpText NONE = new HelpText(new String[0], Map.of(), new String[0]);
  private static final Pattern KEY = Pattern.compile("= ([\\w.]+)( \\(required\\))?(?:: (.*))?");

  private static final Map<Class<?>, HelpText> TEXTS = new ConcurrentHashMap<>();

  record Line(String placeholder, String text, boolean seldom, @Nullable KeyOption key) {
    String description() {
      return key == null ? text : Key.at(key.path()).summary();
    }
  }

  /** The texts of a command; a command or option of picocli has no file, and no text here. */
  static HelpText of(Class<?> type) {
    return type.getName().startsWith("picocli.")
        ? NONE
        : TEXTS.computeIfAbsent(type, HelpText::read);
  }

  private static HelpText read(Class<?> type) {
    String outputs = Objects.requireNonNullElse(System.getenv("MERGANSER_EXAMPLES"), "target");
    String text = WholeFile.resource(type, type.getSimpleName() + ".txt");
    List<String> parts = new ArrayList<>();
    Map<String, Line> options = new LinkedHashMap<>();
    for (String part : text.replace("target/", outputs + "/").split("\n\n", -1)) {
      boolean seldom = part.startsWith("Seldom:\n");
      if (seldom || part.startsWith("Options:\n")) {
        part.lines().skip(1).forEach(line -> add(line, seldom, options));
      } else {
        parts.add(part);
      }
    }
    String more = String.join("\n\n", parts.subList(Math.min(1, parts.size()), parts.size()));
    String about = parts.isEmpty() ? "" : parts.get(0);
    return new HelpText(lines(about), options, lines("\n" + more));
  }

  private static String[] lines(String text) {
    return text.lines().toArray(String[]::new);
  }

  private static void add(String line, boolean seldom, Map<String, Line> options) {
    String[] texts = line.split("  ", 2);
    boolean isOption = texts[0].startsWith("--");
    String name = isOption ? texts[0].split(" ", 2)[0] : "";
    String placeholder = texts[0].substring(name.length()).strip();
    Matcher key = KEY.matcher(texts[1]);
    KeyOption option = null;
    if (key.matches()) {
      String own = Objects.requireNonNullElse(key.group(3), "");
      boolean required = key.group(2) != null;
      option = new KeyOption(name, placeholder, key.group(1), required, own);
    }
    options.put(name, new Line(placeholder, texts[1], seldom, option));
  }

  List<KeyOption> keyOptions() {
    return options.values().stream().map(Line::key).filter(Objects::nonNull).toList();
  }

  /**
   * The line of an option or argument: that of the command, or else of the class that declares it;
   * null for one that picocli or a key describes.
   */
  @Nullable Line of(ArgSpec argument, String name) {
    if (argument.description().length > 0 || !(argument.userObject() instanceof Field field)) {
      return null;
    }
    return Objects.requireNonNull(declared(argument, name), field.toString());
  }

  /** Whether the short help leaves an option out; it also does so for those of picocli. */
  boolean isSeldom(OptionSpec option) {
    Line line = declared(option, option.longestName());
    return line == null || line.seldom;
  }

  private @Nullable Line declared(ArgSpec argument, String name) {
    return argument.userObject() instanceof Field field && !options.containsKey(name)
        ? of(field.getDeclaringClass()).options.get(name)
        : options.get(name);
  }
}
