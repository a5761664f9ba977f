package org.merganser.pipeline.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.select.DocumentChoice;
import org.merganser.store.CheckedFile;

/**
 * What {@link CountInOneReading} made.
 *
 * @param choice of the documents that were counted
 * @param texts locations of the texts for validation, in document order
 */
public record CountedOnce(DocumentChoice choice, List<String> texts) {
  public CountedOnce {
    List<String> sorted = new ArrayList<>(texts);
    sorted.sort(Comparator.comparing(CountedOnce::name)); // by unit
    texts = List.copyOf(sorted);
  }

  private static String name(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }

  String publish(String location) throws IOException {
    CheckedFile.publish(location, Json.file(this));
    return location;
  }

  /** What lies there, whole with its texts; null where it does not. */
  public static @Nullable CountedOnce find(String location) throws IOException {
    byte[] json = CheckedFile.find(location);
    if (json == null) {
      return null;
    }
    CountedOnce found = Json.read(json, CountedOnce.class, location, RunException::new);
    for (String texts : found.texts) {
      if (!CheckedFile.isWhole(texts)) {
        return null;
      }
    }
    return found;
  }
}
