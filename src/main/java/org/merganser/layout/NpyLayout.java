package org.merganser.layout;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.merganser.binary.NpyHeader;

/**
 * A numpy array with a {@code .npy} header (NEP 1, version 1.0), of uint16 or int32, for {@code
 * numpy.load(file, mmap_mode="r")}. The ids of documents are an array of one dimension, those of
 * packed sequences of two.
 */
final class NpyLayout extends ShardLayout {
  private static final String SUFFIX = ".npy";

  NpyLayout() {
    super(
        new Shape(
            "npy", List.of(SUFFIX), IdWidth.UINT16_BOUND, Sequences.FILLED, LossMask.WRITTEN));
  }

  @Override
  byte[] maskHeader(IdSettings settings, long count) {
    return NpyHeader.of("|b1", dimensions(settings, count)); // numpy's bool
  }

  @Override
  String printInPython(int bound) {
    return "import numpy; print(numpy.load(f, \"r\")[:9])";
  }

  @Override
  Part newPart(FilesOfPart files, IdSettings settings, Map<String, String> metadata)
      throws IOException {
    IdWidth width = width(settings.bound());
    String descr = width == IdWidth.UINT16 ? "<u2" : "<i4"; // little-endian uint16 or int32
    return new PlainPart(
        files, SUFFIX, width, settings, count -> NpyHeader.of(descr, dimensions(settings, count)));
  }

  /** The dimensions of an array of {@code count} ids as a tuple of Python without parentheses. */
  private static String dimensions(IdSettings settings, long count) {
    int length = settings.sequenceLength();
    return length == 0 ? count + "," : count / length + ", " + length;
  }
}
