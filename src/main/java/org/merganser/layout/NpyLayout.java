package org.merganser.layout;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.merganser.binary.NpyHeader;

/**
 * A numpy array with a {@code .npy} header (NEP 1, version 1.0), of uint16 or int32, for {@code
 * numpy.load(file, mmap_mode="r")}. Documents form one dimension, packed sequences two.
 */
final class NpyLayout extends ShardLayout {
  NpyLayout() {
    super(new Shape("npy", List.of(".npy"), IdWidth.UINT16_BOUND, Sequences.FILLED, true));
  }

  @Override
  byte[] maskHeader(Ids ids, long count) {
    return NpyHeader.of("|b1", shape(ids, count));
  }

  @Override
  Part newPart(Files files, Ids ids, Map<String, String> metadata) throws IOException {
    IdWidth width = width(ids.bound());
    String descr = width == IdWidth.UINT16 ? "<u2" : "<i4";
    return new PlainPart(
        files, ".npy", width, ids, count -> NpyHeader.of(descr, shape(ids, count)));
  }

  private static String shape(Ids ids, long count) {
    int length = ids.sequenceLength();
    return length == 0 ? count + "," : count / length + ", " + length;
  }
}
