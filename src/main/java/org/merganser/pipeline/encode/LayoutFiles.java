package org.merganser.pipeline.encode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.merganser.dataset.WrittenFile;
import org.merganser.layout.ShardConversion;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.store.FileStore;

/** Publishes the files of converted parts, all together or none. */
public final class LayoutFiles {
  private LayoutFiles() {}

  /** Converts shards into files; returns the parts that they are. */
  @FunctionalInterface
  public interface Work {
    List<ShardConversion.Converted> convert(ShardConversion.Files files) throws IOException;
  }

  /**
   * Publishes what {@code work} converts.
   *
   * @param folder of the layout, relative to the output
   */
  public static List<WrittenFile> publish(OutputLayout layout, String folder, Work work)
      throws IOException {
    Map<String, FileStore.Draft> drafts = new LinkedHashMap<>();
    List<WrittenFile> files = new ArrayList<>();
    try {
      List<ShardConversion.Converted> parts =
          work.convert(
              (part, suffix) -> {
                String location = layout.at(folder + part + suffix);
                FileStore.Draft draft = FileStore.of(location).draft(location);
                drafts.put(folder + part + suffix, draft);
                return draft.file();
              });
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
    } finally {
      for (FileStore.Draft draft : drafts.values()) {
        draft.close();
      }
    }
    return files;
  }
}
