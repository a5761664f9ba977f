package org.merganser.dataset;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import org.merganser.json.Json;
import org.merganser.store.FileStore;

public final class DeadLetterReader {
  private DeadLetterReader() {}

  public static MappingIterator<ObjectNode> open(String location) throws IOException {
    return Json.MAPPER
        .readerFor(ObjectNode.class)
        .readValues(new ZstdInputStreamNoFinalizer(FileStore.of(location).open(location, 0)));
  }
}
