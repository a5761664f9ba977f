package org.merganser.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A path below an output folder with variables, such as {@code run/plan/{F}.jsonl}, in which F is a
 * fingerprint. It spells paths and recognizes them, so each name that a run writes is known to the
 * run that deletes it.
 */
final class PathTemplate {
  /** The length of a fingerprint, in hexadecimal digits. */
  static final int FINGERPRINT_LENGTH = 32;

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
          Map.entry("F", "[0-9a-f]{" + FINGERPRINT_LENGTH + "}"),
          Map.entry("sha256", "[0-9a-f]{64}"));

  /** The variables whose values are a folder or, for some, empty; a folder ends in a slash. */
  private static final Set<String> FOLDERS = Set.of("side", "vectors", "order", "group");

  /** The minimum number of digits of a number, by its variable. */
  private static final Map<String, Integer> MIN_DIGITS = Map.of("unit", 7, "part", 3);

  private final List<String> variables = new ArrayList<>();

  /** The text before each variable, and after the last one. */
  private final List<String> texts = new ArrayList<>();

  /** Matches the paths. */
  private final Pattern pathPattern;

  /** Matches the folders of the paths, with a slash at their ends. */
  private final Pattern folderPattern;

  /**
   * @param template a path in which {@code {NAME}} is a variable; the name is a key of {@link
   *     #VALUES}
   */
  PathTemplate(String template) {
    Matcher variable = VARIABLE.matcher(template);
    int from = 0;
    while (variable.find()) {
      texts.add(template.substring(from, variable.start()));
      variables.add(variable.group(1));
      from = variable.end();
    }
    String lastText = template.substring(from);
    texts.add(lastText);
    this.pathPattern = Pattern.compile(regex(variables.size()) + Pattern.quote(lastText));
    this.folderPattern = Pattern.compile(folderRegex());
  }

  /** The expression of the paths up to the end of a number of variables. */
  private String regex(int variableCount) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < variableCount; i++) {
      regex.append(Pattern.quote(texts.get(i)));
      String variable = variables.get(i);
      String values = Objects.requireNonNull(VALUES.get(variable), variable);
      regex.append('(').append(values).append(')');
    }
    return regex.toString();
  }

  /**
   * The expression of the paths up to their last slash. A folder variable counts only after a
   * slash: in {@code part-{group}} it is a part of a name.
   */
  private String folderRegex() {
    String folder = "";
    boolean isAfterSlash = true;
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      int slash = text.lastIndexOf('/') + 1;
      if (slash > 0) {
        folder = regex(i) + Pattern.quote(text.substring(0, slash));
      }
      if (!text.isEmpty()) {
        isAfterSlash = slash == text.length();
      }
      isAfterSlash = isAfterSlash && i < variables.size() && FOLDERS.contains(variables.get(i));
      if (isAfterSlash) {
        folder = regex(i + 1);
      }
    }
    return folder;
  }

  /**
   * A path.
   *
   * @param values the values of the variables, in their order; numbers get leading zeros, and a
   *     folder has its slash
   */
  String path(Object... values) {
    if (values.length != variables.size()) {
      throw new IllegalArgumentException(pathPattern + " has " + variables.size() + " variables");
    }
    StringBuilder path = new StringBuilder(texts.get(0));
    for (int i = 0; i < values.length; i++) {
      Integer digits = MIN_DIGITS.get(variables.get(i));
      path.append(
          digits == null ? values[i] : String.format(Locale.ROOT, "%0" + digits + "d", values[i]));
      path.append(texts.get(i + 1));
    }
    return path.toString();
  }

  /** Whether the template has this path for some values. */
  boolean matches(String path) {
    return pathPattern.matcher(path).matches();
  }

  /**
   * Whether a path of the template may lie in a folder.
   *
   * @param folder the folder with a slash at the end; empty for the output folder
   */
  boolean mayLieIn(String folder) {
    return folderPattern.matcher(folder).matches();
  }

  /**
   * The first folders of the paths, without a slash: one, or several if the first folder is a
   * variable, or none if the files are in the output folder itself.
   */
  Set<String> firstFolders() {
    String text = texts.get(0);
    if (text.isEmpty() && FOLDERS.contains(variables.get(0))) {
      return Stream.of(VALUES.getOrDefault(variables.get(0), "").split("\\|", -1))
          .map(folder -> folder.replace("/", ""))
          .collect(Collectors.toCollection(TreeSet::new));
    }
    int slash = text.indexOf('/');
    return slash < 0 ? Set.of() : Set.of(text.substring(0, slash));
  }
}
