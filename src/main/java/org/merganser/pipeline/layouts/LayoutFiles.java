package org.merganser.pipeline.layouts;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.merganser.dataset.WrittenFile;
import org.merganser.layout.ShardConversion;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.store.FileStore;

/**
 * The files of a layout while they are written. They become visible all together; closing without
 * {@link #publish} leaves nothing.
 */
final class LayoutFiles implements ShardConversion.Files, Closeable {
  private final OutputLayout layout;
  private final String folder;
  private final Map<String, FileStore.Draft> drafts = new LinkedHashMap<>();

  /**
   * @param folder of the layout, relative to the output
   */
  LayoutFiles(OutputLayout layout, String folder) {
    this.layout = layout;
    this.folder = folder;
  }

  @Override
  public Path file(String part, String suffix) throws IOException {
    String location = layout.at(folder + part + suffix);
    FileStore.Draft draft = FileStore.of(location).draft(location);
    drafts.put(folder + part + suffix, draft);
    return draft.file();
  }

  /** Makes the files of finished parts visible and says what they are. */
  List<WrittenFile> publish(List<ShardConversion.Converted> parts) throws IOException {
    List<WrittenFile> files = new ArrayList<>();
    for (ShardConversion.Converted part : parts) {
      for (String suffix : part.suffixes()) {
        // The first file of a part is the one that holds the ids.
        boolean holdsIds = suffix.equals(part.suffixes().get(0));
        String path = folder + part.name() + suffix;
        files.add(
            WrittenFile.of(
                Objects.requireNonNull(drafts.get(path)).file(),
                path,
                holdsIds ? part.documents() : 0,
                holdsIds ? part.tokens() : 0));
      }
    }
    for (FileStore.Draft draft : drafts.values()) {
      draft.publish();
    }
    return files;
  }

  @Override
  public void close() throws IOException {
    for (FileStore.Draft draft : drafts.values()) {
      draft.close();
    }
  }
}
