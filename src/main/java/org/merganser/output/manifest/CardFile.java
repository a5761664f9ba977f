package org.merganser.output.manifest;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.merganser.output.WrittenFile;
import org.merganser.store.FileStore;
import org.merganser.store.IrregularFileException;

/**
 * {@link Manifest#CARD} in an output folder. It is the user's if its checksum is not the one in the
 * list of the published version. A user's card is not damage, and no run changes it.
 */
public final class CardFile {
  private CardFile() {}

  /**
   * Whether there is something in the place of the card, and no run is known to have written it.
   *
   * @param root the output folder
   * @param outputs the files that the published version lists
   */
  public static boolean belongsToUser(String root, List<WrittenFile> outputs) throws IOException {
    String location = root + "/" + Manifest.CARD;
    FileStore store = FileStore.of(root);
    if (!store.exists(location)) {
      return false;
    }
    if (store.isFolder(location)) {
      return true;
    }
    try {
      String sha256 = FileStore.sha256(location);
      return outputs.stream()
          .noneMatch(file -> file.path().equals(Manifest.CARD) && file.sha256().equals(sha256));
    } catch (NoSuchFileException gone) {
      return false;
    } catch (AccessDeniedException | IrregularFileException notOfARun) {
      return true; // nothing proves that a run wrote it
    }
  }
}
