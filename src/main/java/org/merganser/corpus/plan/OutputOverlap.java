package org.merganser.corpus.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFile;
import org.merganser.store.FileStore;
import org.merganser.store.FileStore.Filter;

/**
 * Refuses an output folder that is among the inputs. Otherwise a second run would read the first
 * one's output as its corpus, and delete an input inside the output folder.
 */
final class OutputOverlap {
  /** The output as the user named it. */
  private final String named;

  /** Its absolute location, with links followed. */
  private final String output;

  OutputOverlap(String output) throws IOException {
    this.named = output;
    this.output = FileStore.of(output).resolved(output);
  }

  /**
   * Refuses inputs that lie in the output, or would read it.
   *
   * @param files of the inputs
   * @throws CorpusException naming the input and the output
   */
  void requireApart(CorpusSettings settings, List<InputFile> files) throws IOException {
    for (CorpusInput input : settings.validationInputs()) {
      requireApart(input.path(), settings, files);
    }
    for (CorpusInput input : settings.inputs()) {
      requireApart(input.path(), settings, files);
    }
    requireOutside(files);
  }

  /** Refuses a local file that lies in the output, also by a link. */
  private void requireOutside(List<InputFile> files) throws IOException {
    Set<Path> folders = new HashSet<>();
    for (InputFile file : files) {
      if (!FileStore.isLocal(file.location())) {
        continue;
      }
      Path path = FileStore.localPath(file.location());
      Path folder = path.getParent();
      boolean isNew = folder != null && folders.add(folder); // one look-up for each folder
      if ((isNew || Files.isSymbolicLink(path)) && isWithin(resolved(path.toString()), output)) {
        throw inside(file.location());
      }
    }
  }

  /** Refuses an input that lies in the output, or of which a folder would read the output. */
  private void requireApart(String input, CorpusSettings settings, List<InputFile> files)
      throws IOException {
    FileStore store = FileStore.of(input);
    boolean isGlob = !store.exists(input) && Glob.firstSpecial(input) >= 0;
    Glob.Rooted glob = isGlob ? Glob.Rooted.of(input) : new Glob.Rooted(input, "**");
    String location = store.absolute(glob.root());
    Filter filter = new InputFilter(store, location, glob.pattern(), settings, new SkippedInputs());
    String resolved = store.resolved(glob.root());
    if (isWithin(resolved, output)) {
      throw inside(input);
    }
    if (isGlob || store.isFolder(input)) {
      requireNotEntered(filter, "", resolved, input);
      requireLinksApart(filter, location, files, input);
    }
  }

  /**
   * Refuses an input of which a link leads to a folder that would read the output: looks at the
   * folders of its files, and those above them.
   *
   * @param location of the root of the input
   */
  private void requireLinksApart(
      Filter filter, String location, List<InputFile> files, String input) throws IOException {
    FileStore store = FileStore.of(location);
    Set<String> folders = new HashSet<>();
    for (InputFile file : files) {
      if (!file.location().startsWith(location + "/")) {
        continue;
      }
      String path = file.path();
      int end = path.lastIndexOf('/');
      while (end > 0 && folders.add(path.substring(0, end))) {
        String folder = path.substring(0, end);
        requireNotEntered(filter, folder + "/", store.resolved(location + "/" + folder), input);
        end = path.lastIndexOf('/', end - 1);
      }
    }
  }

  /**
   * Refuses an output below a folder of an input that the filter would read.
   *
   * @param folder its path below the input, "" or ending in {@code /}
   * @param resolved its location, with links followed
   */
  private void requireNotEntered(Filter filter, String folder, String resolved, String input) {
    if (!isWithin(output, resolved)) {
      return;
    }
    int below = resolved.length() + (resolved.endsWith("/") ? 0 : 1);
    String path = folder + output.substring(Math.min(output.length(), below));
    if (filter.enters(path) || filter.takes(path)) {
      throw new CorpusException(
          ("%s lies in the input %s, so the next run would read what this one"
                  + " writes; name an output outside of it, or a narrower glob")
              .formatted(named, input));
    }
  }

  /** The error for an input that lies in the output. */
  private CorpusException inside(String input) {
    return new CorpusException(
        "the input %s lies in %s, where a run replaces and deletes files; name another output"
            .formatted(input, named));
  }

  private static String resolved(String location) throws IOException {
    return FileStore.of(location).resolved(location);
  }

  /** Whether a location is a folder or lies in it. */
  private static boolean isWithin(String location, String folder) {
    return location.equals(folder)
        || location.startsWith(folder.endsWith("/") ? folder : folder + "/");
  }
}
