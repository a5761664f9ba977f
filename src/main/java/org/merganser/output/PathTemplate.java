package org.merganser.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path below an output folder with variables, such as {@code run/plan/{F}.jsonl}. It spells paths
 * and recognizes them, so a name that a run writes cannot be unknown to the run that deletes it.
 */
final class PathTemplate {
  /** The hexadecimal digits of a fingerprint. */
  static final int FINGERPRINT = 32;

  private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)\\}");

  /** The values that each variable may have, as a regular expression. */
  private static final Map<String, String> VALUES =
      Map.ofEntries(
          Map.entry(
              "vocabulary",
              "tokenizer\\.json|tokenizer_config\\.json|special_tokens_map\\.json|vocab\\.json"
                  + "|merges\\.txt|tokenizer\\.tiktoken|counts\\.parquet"
                  + "|training-groups\\.json|training-parity\\.json"),
          Map.entry("side", "shards/|validation/"),
          Map.entry("vectors", "embedded/|validation/"),
          Map.entry("order", "packed/|shuffled/|"),
          Map.entry("format", "[a-z]+"),
          Map.entry("group", "[^/=]+=[^/]*/|"),
          Map.entry("blend", "megatron\\.txt|megatron\\.json|nemo\\.yaml|maxtext\\.json"),
          Map.entry("list", "manifest\\.json|inputs\\.jsonl|outputs\\.jsonl"),
          Map.entry("kind", "[a-z]+-|"),
          Map.entry("unit", "\\d{7,}"),
          Map.entry("part", "\\d{3,}"),
          Map.entry("number", "\\d+"),
          Map.entry("any", "[^/]+"),
          Map.entry("F", "[0-9a-f]{" + FINGERPRINT + "}"),
          Map.entry("sha256", "[0-9a-f]{64}"));

  /** The variables that are folders, or several, or nothing; each ends in a slash. */
  private static final Set<String> FOLDERS = Set.of("side", "vectors", "order", "group");

  /** How many digits a number has at least. */
  private static final Map<String, Integer> DIGITS = Map.of("unit", 7, "part", 3);

  /** The text before each variable, and after the last. */
  private final List<String> texts = new ArrayList<>();

  private final List<String> variables = new ArrayList<>();
  private final Pattern pattern;

  /** Matches the folders of its files, with a slash at their ends. */
  private final Pattern folder;

  PathTemplate(String template) {
    StringBuilder regex = new StringBuilder();
    String folders = ""; // the part of the expression up to the last slash
    Matcher found = VARIABLE.matcher(template);
    int from = 0;
    while (found.find()) {
      String text = template.substring(from, found.start());
      String variable = found.group(1);
      texts.add(text);
      variables.add(variable);
      folders = folders(regex, text, folders);
      regex.append(Pattern.quote(text));
      boolean afterSlash = regex.toString().equals(folders);
      regex.append('(').append(VALUES.get(variable)).append(')');
      if (afterSlash && FOLDERS.contains(variable)) {
        folders = regex.toString();
      }
      from = found.end();
    }
    String text = template.substring(from);
    texts.add(text);
    folders = folders(regex, text, folders);
    regex.append(Pattern.quote(text));
    this.pattern = Pattern.compile(regex.toString());
    this.folder = Pattern.compile(folders);
  }

  /** The expression up to the last slash of a text that follows it. */
  private static String folders(CharSequence regex, String text, String folders) {
    int slash = text.lastIndexOf('/') + 1;
    boolean endsThere = slash == text.length() && regex.toString().equals(folders);
    return slash == 0 && !endsThere ? folders : regex + Pattern.quote(text.substring(0, slash));
  }

  /**
   * @param values of the variables, in their order; numbers get leading zeros
   */
  String path(Object... values) {
    if (values.length != variables.size()) {
      throw new IllegalArgumentException(pattern + " has " + variables.size() + " variables");
    }
    StringBuilder path = new StringBuilder(texts.get(0));
    for (int i = 0; i < values.length; i++) {
      Integer digits = DIGITS.get(variables.get(i));
      path.append(
          digits == null ? values[i] : String.format(Locale.ROOT, "%0" + digits + "d", values[i]));
      path.append(texts.get(i + 1));
    }
    return path.toString();
  }

  /**
   * Whether its files may lie in a folder.
   *
   * @param path ends in a slash, or is empty
   */
  boolean mayLieIn(String path) {
    return folder.matcher(path).matches();
  }

  boolean matches(String path) {
    return pattern.matcher(path).matches();
  }
}
