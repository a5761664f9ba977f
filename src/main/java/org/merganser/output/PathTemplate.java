package org.merganser.output;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path below an output folder with variables, such as {@code run/plan/{F}.jsonl}, in which F is a
 * fingerprint. It spells paths and recognizes them, so each name that a run writes is known to the
 * run that deletes it. {@link OutputFile} has the templates.
 */
final class PathTemplate {
  /** The length of a fingerprint, in hexadecimal digits. */
  static final int FINGERPRINT_LENGTH = 32;

  private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)\\}");

  /** What may be in the place of each variable. */
  private static final Map<String, Piece> VARIABLES =
      Map.ofEntries(
          Map.entry(
              "vocabulary",
              new Text(
                  "tokenizer\\.json|tokenizer_config\\.json|special_tokens_map\\.json"
                      + "|vocab\\.json|merges\\.txt|tokenizer\\.tiktoken|counts\\.parquet"
                      + "|training-groups\\.json|training-parity\\.json")),
          Map.entry("side", Folder.oneOf("shards", "validation")),
          Map.entry("vectors", Folder.oneOf("embedded", "validation")),
          Map.entry("order", Folder.optional("packed/|shuffled/")),
          Map.entry("format", new Text("[a-z]+")),
          Map.entry("group", Folder.optional("[^/=]+=[^/]*/")),
          Map.entry("blend", new Text("megatron\\.txt|megatron\\.json|nemo\\.yaml|maxtext\\.json")),
          Map.entry("list", new Text("manifest\\.json|inputs\\.jsonl|outputs\\.jsonl")),
          Map.entry("kind", new Text("[a-z]+-|")),
          Map.entry("unit", new Digits(7)),
          Map.entry("part", new Digits(3)),
          Map.entry("number", new Digits(1)),
          Map.entry("any", new Text("[^/]+")),
          Map.entry("F", new Text("[0-9a-f]{" + FINGERPRINT_LENGTH + "}")),
          Map.entry("sha256", new Text("[0-9a-f]{64}")));

  /** The text and the variables of the template, in their order. */
  private final List<Piece> pieces = new ArrayList<>();

  /** Matches the paths. */
  private final Pattern pathPattern;

  /** Matches the folders of the paths, with a slash at their ends. */
  private final Pattern folderPattern;

  /** A part of a template: the same text in all paths, or a variable. */
  private sealed interface Piece {
    /** The regular expression of what it may be in a path. */
    String regex();
  }

  /** The same text in all paths. */
  private record Literal(String text) implements Piece {
    @Override
    public String regex() {
      return Pattern.quote(text);
    }
  }

  /** A variable whose values a regular expression describes. */
  private record Text(String values) implements Piece {
    @Override
    public String regex() {
      return "(" + values + ")";
    }
  }

  /** A variable that is a number, with zeros before it if it has fewer digits. */
  private record Digits(int minDigits) implements Piece {
    @Override
    public String regex() {
      return "\\d{" + minDigits + ",}";
    }

    String spell(Object value) {
      return String.format(Locale.ROOT, "%0" + minDigits + "d", value);
    }
  }

  /**
   * A variable that is a folder with a slash at its end.
   *
   * @param values its values, as a regular expression
   * @param names the names of the folders, without slashes; empty if there may be no folder
   */
  private record Folder(String values, List<String> names) implements Piece {
    static Folder oneOf(String... names) {
      return new Folder(String.join("/|", names) + "/", List.of(names));
    }

    /** A folder, or nothing. */
    static Folder optional(String values) {
      return new Folder(values + "|", List.of());
    }

    @Override
    public String regex() {
      return "(" + values + ")";
    }
  }

  /**
   * @param template a path in which {@code {NAME}} is a variable; the name is a key of {@link
   *     #VARIABLES}
   */
  PathTemplate(String template) {
    Matcher variable = VARIABLE.matcher(template);
    int from = 0;
    while (variable.find()) {
      addText(template.substring(from, variable.start()));
      String name = variable.group(1);
      pieces.add(Objects.requireNonNull(VARIABLES.get(name), name));
      from = variable.end();
    }
    addText(template.substring(from));
    StringBuilder path = new StringBuilder();
    pieces.forEach(piece -> path.append(piece.regex()));
    this.pathPattern = Pattern.compile(path.toString());
    this.folderPattern = Pattern.compile(folderRegex());
  }

  /** Adds the text between two variables, which may be empty. */
  private void addText(String text) {
    if (!text.isEmpty()) {
      pieces.add(new Literal(text));
    }
  }

  /**
   * The expression of the paths up to their last slash. A variable that is a folder counts only at
   * the beginning of a name: in {@code part-{group}} it is a part of a name.
   */
  private String folderRegex() {
    StringBuilder path = new StringBuilder();
    int folderEnd = 0; // the folder is the beginning of the path up to here
    for (Piece piece : pieces) {
      boolean beginsName = path.length() == folderEnd;
      if (piece instanceof Literal literal) {
        int nameStart = literal.text.lastIndexOf('/') + 1;
        if (nameStart > 0) {
          path.append(Pattern.quote(literal.text.substring(0, nameStart)));
          folderEnd = path.length();
        }
        String name = literal.text.substring(nameStart);
        path.append(name.isEmpty() ? "" : Pattern.quote(name));
      } else {
        path.append(piece.regex());
        if (piece instanceof Folder && beginsName) {
          folderEnd = path.length();
        }
      }
    }
    return path.substring(0, folderEnd);
  }

  /**
   * A path.
   *
   * @param values the values of the variables, in their order; numbers get leading zeros, and a
   *     folder has its slash
   */
  String path(Object... values) {
    long variables = pieces.stream().filter(piece -> !(piece instanceof Literal)).count();
    if (values.length != variables) {
      throw new IllegalArgumentException(pathPattern + " has " + variables + " variables");
    }
    Iterator<Object> next = List.of(values).iterator();
    StringBuilder path = new StringBuilder();
    for (Piece piece : pieces) {
      if (piece instanceof Literal literal) {
        path.append(literal.text);
      } else {
        Object value = next.next();
        path.append(piece instanceof Digits number ? number.spell(value) : value);
      }
    }
    return path.toString();
  }

  /** Whether the template has this path for some values. */
  boolean matches(String path) {
    return pathPattern.matcher(path).matches();
  }

  /**
   * Whether a path of the template may be directly in a folder.
   *
   * @param folder the folder with a slash at the end; empty for the output folder
   */
  boolean mayBeDirectlyIn(String folder) {
    return folderPattern.matcher(folder).matches();
  }

  /**
   * The first folders of the paths, without a slash: one, or several if the first folder is a
   * variable, or none if the files are in the output folder itself.
   */
  List<String> firstFolders() {
    Piece first = pieces.get(0);
    if (first instanceof Folder folder) {
      if (folder.names.isEmpty()) {
        throw new IllegalStateException(pathPattern + " may begin without a folder");
      }
      return folder.names;
    }
    if (first instanceof Literal literal && literal.text.contains("/")) {
      return List.of(literal.text.substring(0, literal.text.indexOf('/')));
    }
    return List.of();
  }
}
