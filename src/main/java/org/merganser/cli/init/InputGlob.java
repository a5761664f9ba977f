package org.merganser.cli.init;

import java.io.IOException;
import org.merganser.corpus.plan.Glob;
import org.merganser.store.FileStore;

/** The parts of a proposed input: the folder of an input of the user, and a glob below it. */
final class InputGlob {
  private InputGlob() {}

  /**
   * The folder of an input, with a slash at its end: the input itself if it is a folder, else the
   * folder of the file, or the last one before a special character of the glob; "" for none.
   */
  static String root(String input) throws IOException {
    FileStore store = FileStore.of(input);
    if (store.exists(input) && store.isFolder(input)) {
      return input.replaceFirst("/+$", "") + "/";
    }
    int special = store.exists(input) ? input.length() : Glob.firstSpecial(input);
    return input.substring(0, input.lastIndexOf('/', special) + 1);
  }

  /**
   * A glob with its first folder in braces, so that the name of this folder stays in the names of
   * documents. A glob without a folder is not changed.
   */
  static String keepingFolder(String glob) {
    int slash = glob.indexOf('/');
    return slash < 0 ? glob : "{" + glob.substring(0, slash) + "}" + glob.substring(slash);
  }
}
