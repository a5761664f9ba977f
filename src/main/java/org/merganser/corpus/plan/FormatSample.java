package org.merganser.corpus.plan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
 * {@value #MOST_ALL_OPENED} files of a listing are all opened, else {@value #OPENED_OF_ENDING} of
 * each ending of names, evenly spread. Any other file is taken to be like the one of its ending
 * that was opened before it; it is opened, too, if none was. What was opened of the sample is kept,
 * so that a second listing of the same files opens none of it.
 */
public final class FormatSample {
  /** The files of a listing of up to this many are all opened. */
  private static final int MOST_ALL_OPENED = 2_000;

  /** How many files of each ending are opened in a larger listing. */
  private static final int OPENED_OF_ENDING = 200;

  /**
   * Further endings count as one, {@code ""}, since names such as {@code a.tmp8f3} have one each.
   */
  private static final int MOST_ENDINGS = 50;

  /** The ending of a name in lower case, which does not begin the name. */
  private static final Pattern ENDING = Pattern.compile("(?<=.)\\.[a-z][a-z0-9]{0,11}$");

  /** The files that were opened, by location and by what the job said of them. */
  private final Map<String, Map<FormatDetector.Wanted, InputFile>> opened = new HashMap<>();

  /** The number of files of the largest listing. */
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
    return listed <= MOST_ALL_OPENED;
  }

  /** Whether a file was opened; another one is taken to be like one of its ending. */
  public boolean isOpened(InputFile file) {
    return opened.containsKey(file.location());
  }

  /**
   * Passes on each file of a listing in its order, like {@link FileProbe#forEach}.
   *
   * @param atOnce how many files are opened at the same time
   * @param wanted what the job says of the files
   * @param path of an entry below its input
   * @param opener opens a file
   * @param taker receives each file with its format, or the exception of opening it
   */
  void forEach(
      List<FileStore.Entry> found,
      int atOnce,
      FormatDetector.Wanted wanted,
      Function<FileStore.Entry, String> path,
      IOFunction<FileStore.Entry, InputFile> opener,
      IOBiConsumer<FileStore.Entry, IOSupplier<InputFile>> taker)
      throws IOException {
    listed = Math.max(listed, found.size());
    List<String> endings = boundedEndings(found);
    List<FileStore.Entry> chosen = choose(found, endings, wanted);
    Map<String, IOException> failed = open(chosen, atOnce, wanted, opener);
    Map<String, InputFile> last = new HashMap<>(); // by ending
    for (int i = 0; i < found.size(); i++) {
      FileStore.Entry entry = found.get(i);
      String ending = endings.get(i);
      InputFile own = opened.getOrDefault(entry.location(), Map.of()).get(wanted);
      if (own != null) {
        last.put(ending, own);
      }
      IOException failure = failed.get(entry.location());
      InputFile like = last.get(ending);
      if (failure != null) {
        taker.accept(entry, () -> rethrow(failure));
      } else if (like == null) {
        taker.accept(entry, () -> opener.apply(entry));
      } else {
        taker.accept(entry, () -> FormatDetector.like(like, entry, path.apply(entry)));
      }
    }
  }

  private static InputFile rethrow(IOException failure) throws IOException {
    throw failure;
  }

  /**
   * Opens files, and keeps the results in {@link #opened}.
   *
   * @return the exceptions of those that cannot be opened, by location
   */
  private Map<String, IOException> open(
      List<FileStore.Entry> chosen,
      int atOnce,
      FormatDetector.Wanted wanted,
      IOFunction<FileStore.Entry, InputFile> opener)
      throws IOException {
    Map<String, IOException> failed = new HashMap<>();
    FileProbe.forEach(
        chosen,
        atOnce,
        opener,
        (entry, result) -> {
          try {
            InputFile file = result.get();
            opened.computeIfAbsent(entry.location(), l -> new HashMap<>()).put(wanted, file);
          } catch (IOException e) {
            failed.put(entry.location(), e);
          }
        });
    return failed;
  }

  /**
   * The files of a listing that must be opened: those of the sample that were not opened before.
   *
   * @param endings those of the files
   */
  private List<FileStore.Entry> choose(
      List<FileStore.Entry> found, List<String> endings, FormatDetector.Wanted wanted) {
    Map<String, List<FileStore.Entry>> byEnding = new TreeMap<>();
    for (int i = 0; i < found.size(); i++) {
      byEnding.computeIfAbsent(endings.get(i), e -> new ArrayList<>()).add(found.get(i));
    }
    List<FileStore.Entry> chosen = new ArrayList<>();
    for (List<FileStore.Entry> alike : byEnding.values()) {
      int most =
          found.size() <= MOST_ALL_OPENED ? alike.size() : Math.min(OPENED_OF_ENDING, alike.size());
      for (int i = 0; i < most; i++) {
        chosen.add(alike.get((int) ((long) i * alike.size() / most)));
      }
    }
    chosen.removeIf(entry -> opened.getOrDefault(entry.location(), Map.of()).containsKey(wanted));
    return chosen;
  }

  /** The ending of each file of a listing; "" if it is none of the first {@link #MOST_ENDINGS}. */
  private static List<String> boundedEndings(List<FileStore.Entry> found) {
    Set<String> first = new HashSet<>();
    List<String> endings = new ArrayList<>();
    for (FileStore.Entry entry : found) {
      String ending = ending(entry.location());
      boolean counts = first.contains(ending) || first.size() < MOST_ENDINGS;
      endings.add(counts ? ending : "");
      if (counts) {
        first.add(ending);
      }
    }
    return endings;
  }
}
