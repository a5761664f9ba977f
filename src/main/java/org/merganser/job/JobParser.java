package org.merganser.job;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.ContentReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parsers for the text of a job file or of a setting, and their errors in plain words. */
final class JobParser {
  /** The most levels of sections and lists in a job file. */
  private static final int MAX_NESTING = 32;

  private static final StreamReadConstraints CONSTRAINTS =
      StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build();

  private static final YAMLFactory YAML =
      YAMLFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
          .streamReadConstraints(CONSTRAINTS)
          .build();

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(CONSTRAINTS)
          .build();

  /** The place of a problem in a message of SnakeYAML. */
  private static final Pattern PLACE = Pattern.compile(" in .*, line (\\d+), column \\d+");

  /** The beginning of a message of SnakeYAML on an invalid name after * or &. */
  private static final Pattern ALIAS_OR_ANCHOR =
      Pattern.compile("while scanning an (alias|anchor)");

  private JobParser() {}

  /**
   * The parser of a text: of JSON, if the text is JSON, since YAML does not allow its tabs and
   * {@code \/}.
   */
  static JsonParser of(byte[] text) throws IOException {
    try (JsonParser json = JSON.createParser(text)) {
      while (json.nextToken() != null) {}
    } catch (JsonParseException e) {
      requireCharactersOfYaml(text);
      return YAML.createParser(text); // its error names the problem
    }
    return JSON.createParser(text);
  }

  /** Refuses control characters with their line, which the error of SnakeYAML does not have. */
  private static void requireCharactersOfYaml(byte[] text) throws JsonParseException {
    int line = 1;
    for (byte b : text) {
      if (b == 0) {
        return; // probably UTF-16, which has an error of its own
      }
      if (b == '\n') {
        line++;
      } else if (b == 0x7F || (b >= 0 && b < ' ' && b != '\t' && b != '\r')) {
        String message = String.format(Locale.ROOT, "it has the control character U+%04X", b);
        throw new JsonParseException(
            null, message, new JsonLocation(ContentReference.unknown(), -1, line, -1));
      }
    }
  }

  /**
   * The error of a parser as a problem with its line. The message of SnakeYAML has the context and
   * its place, then the problem and its place, each as a line of text and a line with the place.
   */
  static String problem(JsonProcessingException e) {
    String problem = e.getOriginalMessage().lines().findFirst().orElse("");
    String line = e.getLocation() == null ? "" : String.valueOf(e.getLocation().getLineNr());
    String before = problem; // the last line that is no place
    for (String text : e.getOriginalMessage().lines().toList()) {
      Matcher place = PLACE.matcher(text);
      if (place.lookingAt()) {
        problem = before;
        line = place.group(1);
      } else if (!text.startsWith(" ")) {
        before = text;
      }
    }
    boolean isAliasOrAnchor = ALIAS_OR_ANCHOR.matcher(e.getOriginalMessage()).lookingAt();
    String quoted = isAliasOrAnchor ? "; quote a text that begins with * or &" : "";
    String where = line.isEmpty() ? "is" : "line " + line + " is";
    return where + " not YAML: " + inPlainWords(problem) + quoted;
  }

  /** What is wrong in the file, for a problem that SnakeYAML describes by its tokens. */
  private static String inPlainWords(String problem) {
    if (problem.startsWith("java.io.CharConversionException")) {
      return "it is not UTF-8";
    }
    if (problem.startsWith("expected <block end>")) {
      return "it is indented otherwise than the lines before it; all keys of a section begin in the"
          + " same column";
    }
    if (problem.startsWith("found unknown escape character")) {
      return "\\ in double quotes begins an escape such as \\n; write the text in single quotes,"
          + " and a path with /";
    }
    if (problem.startsWith("mapping values are not allowed here")) {
      return "a second \": \", or a key that is indented deeper than its neighbours; quote a text"
          + " with \": \"";
    }
    if (problem.startsWith("could not find expected ':'")) {
      return "a key without \": \" and its value";
    }
    if (problem.startsWith("Expected a field name")) {
      return "a key that is a list or a section; a key is a name";
    }
    if (problem.startsWith("Document nesting depth")) {
      return "its sections and lists are nested more than " + MAX_NESTING + " deep";
    }
    return problem.replaceFirst("^Duplicate field '(.*)'$", "the key $1 occurs twice; keep one");
  }
}
