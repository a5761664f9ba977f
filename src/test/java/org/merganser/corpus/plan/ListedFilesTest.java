package org.merganser.corpus.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.corpus.Compression;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;

class ListedFilesTest {
  private static InputFile file(String location, String path) {
    return new InputFile(path, location, 1, 2, InputFormat.TEXT, Compression.NONE);
  }

  @Test
  void findsWhatAMapOfNamesFindsAndKeepsTheOrder() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    ListedFiles files = new ListedFiles();
    Map<String, InputFile> byLocation = new HashMap<>();
    Map<String, InputFile> byPath = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      // Aa and BB hash alike as Strings: whole runs of names that only equality tells apart.
      String name = (random.nextBoolean() ? "Aa" : "BB").repeat(8) + random.nextInt(9_000);
      InputFile file = file("/root/" + name, name + random.nextInt(2));
      assertThat(files.atLocation(file.location()))
          .as("seed %s", seed)
          .isEqualTo(byLocation.get(file.location()));
      assertThat(files.withPath(file.path())).isEqualTo(byPath.get(file.path()));
      if (!byLocation.containsKey(file.location()) && !byPath.containsKey(file.path())) {
        files.add(file);
        byLocation.put(file.location(), file);
        byPath.put(file.path(), file);
        assertThat(files.all().get(files.all().size() - 1)).isSameAs(file);
      }
    }
    assertThat(files.all()).hasSameSizeAs(byLocation.entrySet());
    assertThat(files.atLocation("/nowhere")).isNull();
    assertThat(files.withPath("")).isNull();
  }
}
