package org.merganser.cli;

import static java.util.regex.Matcher.quoteReplacement;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.merganser.cli.job.ExitCode;

/**
 * A command line that was run in this JVM: its exit code, and what it printed.
 *
 * @param out the text on standard output
 * @param err the text on standard error
 */
public record CommandLineRun(int exitCode, String out, String err) {
  private static final Pattern VALUE = Pattern.compile("%s");

  /** A word of a command line, in quotes or not. */
  private static final Pattern TYPED = Pattern.compile("'([^']*)'|(\\S+)");

  /** Runs a command. */
  public static CommandLineRun of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    return new CommandLineRun(exitCode, out.toString(), err.toString());
  }

  /**
   * Runs a command line as it is typed, such as {@code "verify %s --full"}. Each value replaces a
   * {@code %s} in the words and may have spaces; a list or an array becomes several words.
   */
  public static CommandLineRun line(String words, Object... values) {
    return of(words(words, values));
  }

  /** The arguments of {@link #line}. */
  public static String[] words(String words, Object... values) {
    Iterator<Object> next = List.of(values).iterator();
    List<String> all = new ArrayList<>();
    for (String word : words.split(" ", -1)) {
      Object whole = word.equals("%s") ? next.next() : null;
      if (whole instanceof Collection<?> several) {
        several.forEach(value -> all.add(value.toString()));
      } else if (whole != null) {
        all.addAll(whole instanceof String[] array ? List.of(array) : List.of(whole.toString()));
      } else {
        all.add(VALUE.matcher(word).replaceAll(value -> quoteReplacement("" + next.next())));
      }
    }
    return all.toArray(String[]::new);
  }

  /** The words of a line on a page; those that are not in quotes may be changed. */
  public static List<String> typed(String line, UnaryOperator<String> change) {
    List<String> words = new ArrayList<>();
    Matcher word = TYPED.matcher(line);
    while (word.find()) {
      words.add(word.group(1) != null ? word.group(1) : change.apply(word.group(2)));
    }
    return words;
  }

  /** Runs a command with some settings of the job, each after {@code --set}. */
  public static CommandLineRun with(List<String> settings, String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    settings.forEach(setting -> all.addAll(List.of("--set", setting)));
    return of(all.toArray(String[]::new));
  }

  /** Runs a command with bytes on standard input, also if it writes to {@code System.out}. */
  static CommandLineRun reading(byte[] input, String... args) {
    InputStream in = System.in;
    PrintStream stdout = System.out;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setIn(new ByteArrayInputStream(input));
    System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      CommandLineRun run = of(args);
      return new CommandLineRun(
          run.exitCode, written.toString(StandardCharsets.UTF_8) + run.out, run.err);
    } finally {
      System.setIn(in);
      System.setOut(stdout);
    }
  }

  /** Fails, with the printed text, unless the exit code is 0. */
  public CommandLineRun succeeded() {
    return endedWith(ExitCode.DONE.code());
  }

  /** Fails, with the printed text, unless the exit code is this one. */
  public CommandLineRun endedWith(int code) {
    assertThat(exitCode).as("%s%n%s", out, err).isEqualTo(code);
    return this;
  }
}
