package org.merganser.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.ContentReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.job.key.KeyRole;
import org.merganser.json.Json;

/** Reads job files; the only way to make a {@link Job}. */
public final class JobReader {
  /** The most bytes of a job file. */
  private static final int MAX_BYTES = 1 << 20;

  /** The most levels of sections and lists in a job file. */
  private static final int MAX_NESTING = 32;

  private static final YAMLFactory YAML =
      YAMLFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
          .build();

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
          .build();

  /** What ends or begins a document of YAML in a file; in a flag it is a text. */
  private static final Pattern DOCUMENT_MARK =
      Pattern.compile("\\s*(---|\\.\\.\\.)(\\s.*)?", Pattern.DOTALL);

  /** The place of a problem in a message of SnakeYAML. */
  private static final Pattern PLACE = Pattern.compile(" in .*, line (\\d+), column \\d+");

  private JobReader() {}

  /**
   * Reads a job file and applies overrides. Relative paths in the file are relative to its folder,
   * those in overrides to the current folder.
   *
   * @param overrides each {@code path.to.key=value}, the value as YAML
   * @throws JobException listing every problem
   */
  public static Job read(Path file, List<String> overrides) {
    return read(job(file), file.toString(), overrides, Locations.folderOf(file));
  }

  /**
   * Reads a job that was written before.
   *
   * @param tree in the form of {@link JobWriter#tree}
   * @param name of the source of the tree, for errors
   * @param folder from which its relative locations are resolved; empty for the current folder
   */
  public static Job read(JsonNode tree, String name, String folder) {
    if (!(tree instanceof ObjectNode job)) {
      throw new JobException(name, List.of("has no job"));
    }
    return read(job, name, List.of(), folder);
  }

  /**
   * Makes a job of settings alone.
   *
   * @param settings as the overrides of {@link #read(Path, List)}
   * @param name of their source, for errors
   */
  public static Job of(List<String> settings, String name) {
    return read(JsonNodeFactory.instance.objectNode(), name, settings, "");
  }

  /**
   * The job for a part of a run that declares these roles: every other key has its default, or its
   * minimum if it has none. A section exists if the part sees it or a key in it.
   */
  public static Job only(Job job, Set<KeyRole> roles) {
    ObjectNode tree = JobWriter.tree(job);
    keep(tree, Job.class, roles);
    JobTree reader = new JobTree(job.folder());
    Job seen = reader.section(tree, Job.class, "");
    return Objects.requireNonNull(seen, () -> "not a job: " + reader.problems());
  }

  /** Removes the keys of a section without these roles; returns whether another key is left. */
  private static boolean keep(ObjectNode section, Class<?> type, Set<KeyRole> roles) {
    boolean any = false;
    for (Key key : Key.of(type).values()) {
      boolean inside =
          key.type().isRecord()
              && section.get(key.name()) instanceof ObjectNode inner
              && keep(inner, key.type(), roles);
      if (inside || key.hasRole(roles)) {
        any = true;
      } else if (key.required()) {
        section.put(key.name(), key.declared().min());
      } else {
        section.remove(key.name());
      }
    }
    return any;
  }

  /** A setting {@code path=value}; a text in the value stays one, however YAML would read it. */
  public static String setting(String path, Object value) {
    return path + "=" + Json.line(value);
  }

  /**
   * A setting {@code path={name: value, …}} of numbers as they are written, which are checked
   * later.
   */
  public static String numbers(String path, Map<String, String> values) {
    return values.entrySet().stream()
        .map(entry -> Json.line(entry.getKey()) + ": " + entry.getValue())
        .collect(Collectors.joining(", ", path + "={", "}"));
  }

  /** The tree of a job file; throws a {@link JobException} for a file that is none. */
  private static ObjectNode job(Path file) {
    JsonNode tree;
    try {
      tree = tree(file);
    } catch (NoSuchFileException e) {
      String quoted =
          file.toString().contains(" -")
              ? "; this is one argument: put only the file in quotes, and the options after it"
              : "";
      throw new JobException(file.toString(), List.of("there is no such job file" + quoted));
    } catch (JsonProcessingException e) {
      throw new JobException(file.toString(), List.of(notYaml(e)));
    } catch (IOException e) {
      if (Files.isDirectory(file)) {
        throw new JobException(file.toString(), List.of("is a folder; name a job file"));
      }
      throw new JobException(file.toString(), List.of("cannot be read: " + e.getMessage()));
    }
    if (tree instanceof ObjectNode job) {
      return job;
    }
    boolean isEmpty = tree == null || tree.isMissingNode() || tree.isNull();
    throw new JobException(
        file.toString(),
        List.of(
            (isEmpty ? "is empty; a job file has" : "must be")
                + " sections such as corpus, tokenizer and output"));
  }

  /** The only document of a file. */
  private static @Nullable JsonNode tree(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      throw new JobException(
          file.toString(),
          List.of(
              "has more than %s bytes, the most of a job file. Is this a job file?"
                  .formatted(MAX_BYTES)));
    }
    try (JsonParser parser = parser(bytes)) {
      JsonNode tree = WrittenScalar.tree(parser);
      if (parser.nextToken() != null) {
        throw new JobException(
            file.toString(),
            List.of(
                parser instanceof YAMLParser
                    ? "has a second YAML document (after ---), which would be ignored; a job file"
                        + " is one document"
                    : "has several JSON values, as the JSON lines of a corpus have; a job file is"
                        + " one document with sections such as corpus, tokenizer and output"));
      }
      return tree;
    }
  }

  /** The parser of JSON, if the text is JSON: YAML does not allow tabs and {@code \/}. */
  private static JsonParser parser(byte[] text) throws IOException {
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
        return; // UTF-16 has an error of its own
      } else if (b == '\n') {
        line++;
      } else if (b == 0x7F || (b >= 0 && b < ' ' && b != '\t' && b != '\r')) {
        String message = String.format(Locale.ROOT, "it has the control character U+%04X", b);
        throw new JsonParseException(
            null, message, new JsonLocation(ContentReference.unknown(), -1, line, -1));
      }
    }
  }

  /**
   * A problem with its line. SnakeYAML names the context and its place, then the problem and its
   * place: each as a line of text, followed by the place.
   */
  private static String notYaml(JsonProcessingException e) {
    String problem = e.getOriginalMessage().lines().findFirst().orElse("");
    String line = e.getLocation() == null ? "" : String.valueOf(e.getLocation().getLineNr());
    String before = problem;
    for (String text : e.getOriginalMessage().lines().toList()) {
      Matcher place = PLACE.matcher(text);
      if (place.lookingAt()) {
        problem = before;
        line = place.group(1);
      } else if (!text.startsWith(" ")) {
        before = text;
      }
    }
    boolean isMark = e.getOriginalMessage().startsWith("while scanning an a"); // alias or anchor
    String quoted = isMark ? "; quote a text that begins with * or &" : "";
    String where = line.isEmpty() ? "is" : "line " + line + " is";
    return where + " not YAML: " + inPlainWords(problem) + quoted;
  }

  /** A problem that SnakeYAML describes by its tokens, as what is wrong in the file. */
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

  /** Applies overrides to a tree, and makes a job of it that all rules allow. */
  private static Job read(ObjectNode tree, String name, List<String> overrides, String folder) {
    JobTree reader = new JobTree(folder);
    for (String override : overrides) {
      apply(override, tree, reader.problems(), folder);
    }
    Locations.change(tree, (path, location) -> expanded(path, location, reader.problems()));
    Job job = reader.section(tree, Job.class, "");
    List<String> problems = new ArrayList<>(reader.problems());
    if (job != null) {
      problems.addAll(JobRules.problems(job));
    }
    if (job == null || !problems.isEmpty()) {
      throw new JobException(name, problems);
    }
    return job;
  }

  /** A location with the home folder in place of {@code ~}; a problem leaves it unchanged. */
  private static String expanded(String path, String location, List<String> problems) {
    try {
      return Locations.expanded(location);
    } catch (IllegalArgumentException e) {
      problems.add(path + ": \"" + location + "\": " + e.getMessage());
      return location;
    }
  }

  /**
   * Sets a key of the tree as {@code path.to.key=value} says, and makes the sections that it needs.
   */
  private static void apply(
      String override, ObjectNode tree, List<String> problems, String folder) {
    int equals = override.indexOf('=');
    if (equals <= 0) {
      problems.add("--set " + override + ": must be path.to.key=value");
      return;
    }
    String[] path = override.substring(0, equals).strip().split("\\.", -1);
    ObjectNode section = tree;
    for (int i = 0; i < path.length - 1; i++) {
      JsonNode next = section.get(path[i]);
      if (next == null || next.isNull()) {
        section = section.putObject(path[i]);
      } else if (next instanceof ObjectNode object) {
        section = object;
      } else {
        problems.add("--set " + override + ": " + path[i] + " is " + next + ", not a section");
        return;
      }
    }
    try {
      JsonNode value = value(override.substring(equals + 1));
      section.set(path[path.length - 1], Locations.moved(path, value, folder));
    } catch (JsonProcessingException e) {
      problems.add("--set " + override + ": " + notYaml(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // reading text in memory cannot fail
    }
  }

  /** The value of an override, which is YAML or a text. */
  private static JsonNode value(String yaml) throws IOException {
    if (hasHash(yaml) || DOCUMENT_MARK.matcher(yaml).matches()) {
      return TextNode.valueOf(yaml.strip());
    }
    try (JsonParser parser = parser(yaml.getBytes(UTF_8))) {
      JsonNode value = WrittenScalar.tree(parser);
      return value.isMissingNode() ? TextNode.valueOf("") : value;
    }
  }

  /**
   * Whether YAML would read the end of an unquoted value as a comment, which is never intended in a
   * flag: {@code output=/data/run #2} is a folder.
   */
  private static boolean hasHash(String yaml) {
    String value = yaml.strip();
    return !value.isEmpty()
        && "\"'[{|>".indexOf(value.charAt(0)) < 0
        && (value.startsWith("#") || value.contains(" #"));
  }
}
