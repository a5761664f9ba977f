package org.merganser.corpus.plan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.io.function.IOBiConsumer;
import org.apache.commons.io.function.IOFunction;
import org.apache.commons.io.function.IOSupplier;
import org.merganser.corpus.Compression;
import org.merganser.corpus.InputFile;
import org.merganser.store.FileStore;

/**
 * The formats of many files from opening some of them, for a proposal; a run opens each. Up to
 * {@value #ALL} files of a listing are all opened, else {@value #OF_ENDING} of each ending of
 * names, evenly spread. Any other file is taken to be like the one of its ending that was opened
 * before it. What was opened is kept, so that a second listing of the same files opens none.
 */
public final class FormatSample {
  private static final int ALL = 2_000;
  private static final int OF_ENDING = 200;

  /** Endings beyond these count as one, since names such as a.0001 have one each. */
  private static final int ENDINGS = 50;

  private static final Pattern ENDING = Pattern.compile("(?<=.)\\.[a-z][a-z0-9]{0,11}$");

  /** The files that were opened, by location and by what the job said of them. */
  private final Map<String, Map<FormatDetector.Wanted, InputFile>> opened = new HashMap<>();

  /** The most files of one listing. */
  private int listed;

  /** The ending of a name in lower case, such as {@code .jsonl.gz}; "" for none. */
  public static String ending(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    String plain = Compression.withoutSuffix(name);
    Matcher ending = ENDING.matcher(plain);
    return (ending.find() ? ending.group() : "") + name.substring(plain.length());
  }

  /** Whether all files of each listing were opened. */
  public boolean isComplete() {
    return listed <= ALL;
  }

  /** Whether a file was opened; another one is taken to be like one of its ending. */
  public boolean isOpened(InputFile file) {
    return opened.containsKey(file.location());
  }

  /**
   * Passes on each file of a listing in its order, like {@link FileProbe#forEach}.
   *
   * @param wanted what the job says of the files
   * @param path of an entry below its input
   * @param question opens a file
   */
  void forEach(
      List<FileStore.Entry> found,
      int atOnce,
      FormatDetector.Wanted wanted,
      Function<FileStore.Entry, String> path,
      IOFunction<FileStore.Entry, InputFile> question,
      IOBiConsumer<FileStore.Entry, IOSupplier<InputFile>> taker)
      throws IOException {
    listed = Math.max(listed, found.size());
    Map<String, IOException> failed = new HashMap<>();
    FileProbe.forEach(
        chosen(found, wanted),
        atOnce,
        question,
        (entry, answer) -> {
          try {
            InputFile file = answer.get();
            opened.computeIfAbsent(entry.location(), l -> new HashMap<>()).put(wanted, file);
          } catch (IOException e) {
            failed.put(entry.location(), e);
          }
        });
    Map<String, InputFile> last = new HashMap<>();
    for (FileStore.Entry entry : found) {
      String ending = bounded(last, entry);
      InputFile own = opened.getOrDefault(entry.location(), Map.of()).get(wanted);
      IOException failure = failed.get(entry.location());
      InputFile like = own == null ? last.get(ending) : own;
      if (own != null) {
        last.put(ending, own);
      }
      if (failure != null) {
        taker.accept(
            entry,
            () -> {
              throw failure;
            });
      } else if (like == null) {
        taker.accept(entry, () -> question.apply(entry));
      } else {
        taker.accept(entry, () -> FormatDetector.like(like, entry, path.apply(entry)));
      }
    }
  }

  /** The files that must be opened. */
  private List<FileStore.Entry> chosen(List<FileStore.Entry> found, FormatDetector.Wanted wanted) {
    Map<String, List<FileStore.Entry>> byEnding = new TreeMap<>();
    for (FileStore.Entry entry : found) {
      byEnding.computeIfAbsent(bounded(byEnding, entry), e -> new ArrayList<>()).add(entry);
    }
    List<FileStore.Entry> chosen = new ArrayList<>();
    for (List<FileStore.Entry> alike : byEnding.values()) {
      int most = found.size() <= ALL ? alike.size() : Math.min(OF_ENDING, alike.size());
      for (int i = 0; i < most; i++) {
        chosen.add(alike.get((int) ((long) i * alike.size() / most)));
      }
    }
    chosen.removeIf(entry -> opened.getOrDefault(entry.location(), Map.of()).containsKey(wanted));
    return chosen;
  }

  /** The ending of a name, or "" if it would exceed the number of endings that count. */
  private static String bounded(Map<String, ?> endings, FileStore.Entry entry) {
    String ending = ending(entry.location());
    return endings.size() < ENDINGS || endings.containsKey(ending) ? ending : "";
  }
}
