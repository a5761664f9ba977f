package org.merganser.job;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.merganser.job.key.KeyRole;

/** Reads job files and settings into a {@link Job}, and validates it with {@link JobRules}. */
public final class JobReader {
  /** The most bytes of a job file. */
  private static final int MAX_BYTES = 1 << 20;

  /** Some text, which is not empty, and which no part of a run reads. */
  private static final String UNSEEN_TEXT = "unseen";

  private JobReader() {}

  /**
   * Reads a job file and applies overrides. Relative paths in the file are relative to its folder,
   * those in overrides to the current folder.
   *
   * @param overrides each a {@link Setting}
   * @throws JobException listing every problem
   */
  public static Job read(Path file, List<String> overrides) {
    return read(readTree(file), file.toString(), overrides, Locations.folderOf(file));
  }

  /**
   * Reads a job that was written before.
   *
   * @param tree in the form of {@link JobWriter#tree}; it is not changed
   * @param name of the source of the tree, for errors
   * @param folder from which the relative locations of the job are resolved; empty for the current
   *     folder
   */
  public static Job read(JsonNode tree, String name, String folder) {
    if (!(tree instanceof ObjectNode job)) {
      throw new JobException(name, List.of("has no job"));
    }
    return read(job.deepCopy(), name, List.of(), folder);
  }

  /**
   * Makes a job of settings alone.
   *
   * @param settings each a {@link Setting}
   * @param name of the source of the settings, for errors
   */
  public static Job of(List<String> settings, String name) {
    return read(JsonNodeFactory.instance.objectNode(), name, settings, "");
  }

  /**
   * The job as seen by a part of a run that declares these roles: every other key has its default,
   * or the {@link #unseenValue} of a required key. An optional section is kept if the section or a
   * key in it has one of the roles.
   */
  public static Job only(Job job, Set<KeyRole> roles) {
    ObjectNode tree = JobWriter.tree(job);
    keepKeys(tree, Job.class, roles);
    SectionReader reader = new SectionReader(job.folder());
    Job seen = reader.section(tree, Job.class, "");
    return Objects.requireNonNull(seen, () -> "not a job: " + reader.problems());
  }

  /**
   * Removes the keys of a section that have none of these roles; a required one gets its {@link
   * #unseenValue}.
   *
   * @return whether a key with one of these roles is left
   */
  private static boolean keepKeys(ObjectNode section, Class<?> type, Set<KeyRole> roles) {
    boolean keepsAny = false;
    for (Key key : JobKeys.of(type).values()) {
      boolean inside =
          key.type().isRecord()
              && section.get(key.name()) instanceof ObjectNode inner
              && keepKeys(inner, key.type(), roles);
      if (inside || key.hasRole(roles)) {
        keepsAny = true;
      } else if (key.required()) {
        section.set(key.name(), unseenValue(key));
      } else {
        section.remove(key.name());
      }
    }
    return keepsAny;
  }

  /**
   * The value of a required key that a part of a run does not see: the minimum of an integer. Any
   * other required key is a text, or a list of inputs that may be one text; a section is never
   * required.
   */
  private static JsonNode unseenValue(Key key) {
    return Key.isInteger(key.type())
        ? LongNode.valueOf(key.declared().min())
        : TextNode.valueOf(UNSEEN_TEXT);
  }

  /**
   * The tree of a job file.
   *
   * @throws JobException for a file that cannot be read, or has no section
   */
  private static ObjectNode readTree(Path file) {
    JsonNode tree;
    try {
      tree = readDocument(file);
    } catch (NoSuchFileException e) {
      String quoted =
          file.toString().contains(" -")
              ? "; this is one argument: put only the file in quotes, and the options after it"
              : "";
      throw new JobException(file.toString(), List.of("there is no such job file" + quoted));
    } catch (JsonProcessingException e) {
      throw new JobException(file.toString(), List.of(JobParser.problem(e)));
    } catch (IOException e) {
      if (Files.isDirectory(file)) {
        throw new JobException(file.toString(), List.of("is a folder; name a job file"));
      }
      throw new JobException(file.toString(), List.of("cannot be read: " + e.getMessage()));
    }
    if (tree instanceof ObjectNode job) {
      return job;
    }
    boolean isEmpty = tree.isMissingNode() || tree.isNull();
    throw new JobException(
        file.toString(),
        List.of(
            (isEmpty ? "is empty; a job file has" : "must be")
                + " sections such as corpus, tokenizer and output"));
  }

  /**
   * The only document of a file.
   *
   * @return a missing node for an empty file
   * @throws JobException for a larger file, and for several documents
   */
  private static JsonNode readDocument(Path file) throws IOException {
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
    try (JsonParser parser = JobParser.of(bytes)) {
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

  /**
   * Applies overrides to the tree of a job, and makes the job.
   *
   * @param tree is changed
   * @param name of the source of the tree, for errors
   * @param folder of the job, as in {@link Job#folder}
   * @throws JobException listing every problem
   */
  private static Job read(ObjectNode tree, String name, List<String> overrides, String folder) {
    SectionReader reader = new SectionReader(folder);
    for (String override : overrides) {
      Setting.apply(override, tree, folder, reader.problems());
    }
    JobLocations.change(tree, (path, location) -> expanded(path, location, reader.problems()));
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
}
