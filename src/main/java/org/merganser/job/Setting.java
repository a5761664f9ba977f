package org.merganser.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.merganser.json.Json;

/**
 * A setting {@code path.to.key=value} with the value as YAML, which replaces the value of a job
 * file: {@code --set}, and every option of a command that sets a key.
 */
public final class Setting {
  /** What ends or begins a document of YAML in a file; in a flag it is a text. */
  private static final Pattern DOCUMENT_MARK =
      Pattern.compile("\\s*(---|\\.\\.\\.)(\\s.*)?", Pattern.DOTALL);

  private Setting() {}

  /**
   * The setting {@code path=value}; a text in the value stays one, however YAML would read it.
   *
   * @param value a text, a number, a boolean, or a list of such values
   */
  public static String of(String path, Object value) {
    return path + "=" + Json.line(value);
  }

  /**
   * The setting {@code path={name: value, …}} of numbers.
   *
   * @param values the numbers by name, as the user wrote them; {@link JobReader} checks them
   */
  public static String ofNumbers(String path, Map<String, String> values) {
    return values.entrySet().stream()
        .map(entry -> Json.line(entry.getKey()) + ": " + entry.getValue())
        .collect(Collectors.joining(", ", path + "={", "}"));
  }

  /**
   * Sets a key in the tree of a job, and adds the sections that the key needs. An invalid setting
   * changes nothing.
   *
   * @param setting {@code path.to.key=value}, whose relative locations are relative to the current
   *     folder
   * @param folder of the job, as in {@link Job#folder}
   * @param problems receives what is wrong with the setting
   */
  static void apply(String setting, ObjectNode tree, String folder, List<String> problems) {
    int equals = setting.indexOf('=');
    if (equals <= 0) {
      problems.add("--set " + setting + ": must be path.to.key=value");
      return;
    }
    JsonNode value;
    try {
      value = value(setting.substring(equals + 1));
    } catch (JsonProcessingException e) {
      problems.add("--set " + setting + ": " + JobParser.problem(e));
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // reading text in memory cannot fail
    }
    String[] path = setting.substring(0, equals).strip().split("\\.", -1);
    ObjectNode section = tree;
    for (int i = 0; i < path.length - 1; i++) {
      JsonNode next = section.get(path[i]);
      if (next == null || next.isNull()) { // so are all further ones, and nothing can fail
        section = section.putObject(path[i]);
      } else if (next instanceof ObjectNode object) {
        section = object;
      } else {
        problems.add("--set " + setting + ": " + path[i] + " is " + next + ", not a section");
        return;
      }
    }
    section.set(path[path.length - 1], JobLocations.moved(path, value, folder));
  }

  /** The value of a setting, which is YAML or a text. */
  private static JsonNode value(String yaml) throws IOException {
    if (hasHash(yaml) || DOCUMENT_MARK.matcher(yaml).matches()) {
      return TextNode.valueOf(yaml.strip());
    }
    try (JsonParser parser = JobParser.of(yaml.getBytes(UTF_8))) {
      JsonNode value = WrittenScalar.tree(parser);
      return value.isMissingNode() ? TextNode.valueOf("") : value;
    }
  }

  /**
   * Whether YAML would read all or the end of an unquoted value as a comment, which is never
   * intended in a flag: {@code output=/data/run #2} is a folder.
   */
  private static boolean hasHash(String yaml) {
    String value = yaml.strip();
    return !value.isEmpty()
        && "\"'[{|>".indexOf(value.charAt(0)) < 0
        && (value.startsWith("#") || value.contains(" #"));
  }
}
