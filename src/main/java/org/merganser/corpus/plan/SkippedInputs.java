package org.merganser.corpus.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.json.Json;
import org.merganser.store.FileStore;

/**
 * The files and folders of inputs that are not read, by reason, and warnings about those that are
 * read. A folder is one entry; the first {@value #MOST_LISTED} entries are kept by name, further
 * ones are counted.
 */
public final class SkippedInputs {
  /** The most entries that are kept by name. */
  private static final int MOST_LISTED = 100_000;

  /** In place of a size in bytes. */
  private static final long UNKNOWN = -1;

  /** The beginning of the reasons of new files that wait for a later run. */
  public static final String WAITS = "waits: ";

  /**
   * A line of the list of what was not read.
   *
   * @param path location of the file or folder; null in a line that only counts
   * @param size in bytes; null for a folder, and if unknown
   * @param reason why it is not read
   * @param more the number of further entries of the reason; null in lines with a path
   * @param file the name in the column {@code file}, for a new file that waits; else null
   * @param letters the first dead letters of a file that waits for them; else null
   */
  public record Line(
      @Nullable String path,
      @Nullable Long size,
      String reason,
      @Nullable Integer more,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String file,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<JsonNode> letters) {
    /** The line of an entry that is kept by name. */
    private static Line ofEntry(
        String path, @Nullable Long size, String reason, @Nullable Waiting waits) {
      Integer more = null;
      return waits == null
          ? new Line(path, size, reason, more, null, null)
          : new Line(path, size, reason, more, waits.file(), waits.letters());
    }

    /** The line that counts the further entries of a reason. */
    private static Line ofFurther(String reason, int more) {
      return new Line(null, null, reason, more, null, null);
    }
  }

  /** The entries of one reason. */
  private static final class Entries {
    /** By location, the size in bytes, or {@link #UNKNOWN}. */
    final SortedMap<String, Long> sizes = new TreeMap<>();

    /** The number of entries that are not in {@link #sizes}. */
    int more;

    /**
     * The last location that was added: one that is not kept by name is often added again at once.
     */
    String last = "";
  }

  /**
   * What a line has of a file that waits: its name in the column {@code file}, and dead letters.
   */
  private record Waiting(String file, List<JsonNode> letters) {}

  private final SortedMap<String, Entries> reasons = new TreeMap<>();
  private final Map<String, Waiting> waiting = new HashMap<>();
  private final Set<String> warnings = new LinkedHashSet<>();

  /** The number of entries that are kept by name. */
  private int listed;

  /** Adds a reason that is reported even if nothing is left out for it. */
  void expect(String reason) {
    reasons.computeIfAbsent(reason, r -> new Entries());
  }

  /** Adds a file or folder of unknown size. */
  public void add(String reason, String location) {
    add(reason, location, UNKNOWN);
  }

  /**
   * Adds a file, once for each reason if it is kept by name. One that is not is counted once if it
   * is added again at once.
   *
   * @param size in bytes
   */
  public void add(String reason, String location, long size) {
    Entries entries = reasons.computeIfAbsent(reason, key -> new Entries());
    if (entries.sizes.containsKey(location) || location.equals(entries.last)) {
      return;
    }
    entries.last = location;
    if (listed < MOST_LISTED) {
      entries.sizes.put(location, size);
      listed++;
    } else {
      entries.more++;
    }
  }

  /**
   * Adds a new file that waits for its dead letters.
   *
   * @param file its name in the column {@code file}
   */
  public void addWaiting(
      String reason, String location, long size, String file, List<JsonNode> letters) {
    add(reason, location, size);
    waiting.put(location, new Waiting(file, letters));
  }

  /** Adds a warning, once. */
  public void warn(String sentence) {
    warnings.add(sentence);
  }

  /** The number of new files that wait for a later run. */
  public int waiting() {
    return counts().entrySet().stream()
        .filter(reason -> reason.getKey().startsWith(WAITS))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /** The warnings in their order. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** The number of entries by reason. */
  public SortedMap<String, Integer> counts() {
    SortedMap<String, Integer> counts = new TreeMap<>();
    reasons.forEach((reason, entries) -> counts.put(reason, entries.sizes.size() + entries.more));
    return counts;
  }

  /** Writes the list as JSON lines, unless the existing file has these lines. */
  public void publish(String location) throws IOException {
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    for (Map.Entry<String, Entries> reason : reasons.entrySet()) {
      for (Map.Entry<String, Long> file : reason.getValue().sizes.entrySet()) {
        String path = file.getKey();
        Long size = file.getValue() == UNKNOWN ? sizeOf(path) : file.getValue();
        append(list, Line.ofEntry(path, size, reason.getKey(), waiting.get(path)));
      }
      if (reason.getValue().more > 0) {
        append(list, Line.ofFurther(reason.getKey(), reason.getValue().more));
      }
    }
    FileStore store = FileStore.of(location);
    if (!hasContent(store, location, list.toByteArray())) {
      store.publish(location, list::writeTo);
    }
  }

  /** Whether a file has these bytes. */
  private static boolean hasContent(FileStore store, String location, byte[] list)
      throws IOException {
    try {
      return store.exists(location) && Arrays.equals(store.readAll(location), list);
    } catch (FileSystemException unreadable) {
      return false; // an unreadable file is replaced
    }
  }

  private static void append(ByteArrayOutputStream list, Line line) throws IOException {
    list.write(Json.bytes(line));
    list.write('\n');
  }

  /** The lines of a list that {@link #publish} wrote; empty if there is no such file. */
  public static List<Line> read(String location) throws IOException {
    FileStore store = FileStore.of(location);
    List<Line> lines = new ArrayList<>();
    if (store.exists(location)) {
      new String(store.readAll(location), UTF_8)
          .lines()
          .forEach(
              line ->
                  lines.add(
                      Json.read(line.getBytes(UTF_8), Line.class, location, CorpusException::new)));
    }
    return lines;
  }

  /**
   * The size of a local file; null for a folder, a file that is gone, and one in a remote store.
   */
  private static @Nullable Long sizeOf(String location) throws IOException {
    if (!FileStore.isLocal(location)) {
      return null;
    }
    File file = FileStore.localPath(location).toFile();
    if (!file.isFile()) {
      return null;
    }
    return file.length();
  }

  /** A line for each reason, with its number of entries and the first of them. */
  public List<String> summary() {
    return reasons.entrySet().stream()
        .map(reason -> reason.getKey() + ": " + counted(reason.getValue()))
        .toList();
  }

  /** The lines of {@link #summary}. */
  @Override
  public String toString() {
    return String.join("\n", summary());
  }

  private static String counted(Entries entries) {
    int count = entries.sizes.size() + entries.more;
    return count + (entries.sizes.isEmpty() ? "" : ", such as " + entries.sizes.firstKey());
  }
}
