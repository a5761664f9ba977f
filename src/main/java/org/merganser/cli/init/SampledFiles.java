package org.merganser.cli.init;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.plan.FormatSample;

/** Chooses the files of a corpus that {@code init} looks into, and how far it reads them. */
final class SampledFiles {
  /** How many files are chosen evenly from a listing. */
  static final int SPREAD = 16;

  /** The most files that are chosen, with the first of each folder. */
  static final int MOST = 64;

  /** The bytes that are read of the beginning of a file if all files are opened. */
  private static final int BEGINNING = 1 << 20;

  /**
   * The bytes that are read of the beginning of a file if only some are opened: few, since there
   * are many files.
   */
  static final int SHORT_BEGINNING = 1 << 16;

  private SampledFiles() {}

  /**
   * Chooses {@value #SPREAD} files that are evenly spread over a listing, and the first of each
   * folder, at most {@value #MOST} together.
   *
   * @param files those of a folder one after another
   * @return the chosen files in the order of the listing
   */
  static List<InputFile> of(List<InputFile> files) {
    Set<Integer> places = new TreeSet<>(spread(files.size()));
    String folderBefore = "";
    for (int i = 0; i < files.size(); i++) {
      if (places.size() == MOST) {
        break;
      }
      String path = files.get(i).path();
      String folder = path.substring(0, path.lastIndexOf('/') + 1);
      if (!folder.equals(folderBefore)) {
        places.add(i);
      }
      folderBefore = folder;
    }
    return places.stream().map(files::get).toList();
  }

  /** Chooses at most {@value #SPREAD} files that are evenly spread over a list. */
  static List<InputFile> spreadOver(List<InputFile> files) {
    return spread(files.size()).stream().map(files::get).toList();
  }

  /** The indexes of at most {@value #SPREAD} items that are evenly spread over a list. */
  private static List<Integer> spread(int size) {
    int chosen = Math.min(SPREAD, size);
    return IntStream.range(0, chosen).mapToObj(i -> (int) ((long) i * size / chosen)).toList();
  }

  /** The bytes that are read of the beginning of a sampled file. */
  static int beginningBytes(FormatSample sample) {
    return sample.isComplete() ? BEGINNING : SHORT_BEGINNING;
  }
}
