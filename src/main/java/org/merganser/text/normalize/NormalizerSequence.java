package org.merganser.text.normalize;

import java.util.List;
import org.merganser.text.unicode.ByteBuilder;

/** Normalizers one after the other; with none of them the text stays as it is. */
final class NormalizerSequence implements Normalizer {
  private final List<Normalizer> steps;
  private ByteBuilder current = new ByteBuilder(64);
  private ByteBuilder spare = new ByteBuilder(64);

  NormalizerSequence(List<Normalizer> steps) {
    this.steps = List.copyOf(steps);
  }

  @Override
  public boolean normalize(byte[] text, int from, int to, ByteBuilder out) {
    boolean changed = false;
    for (Normalizer step : steps) {
      boolean stepChanged =
          changed
              ? step.normalize(current.bytes(), 0, current.length(), spare)
              : step.normalize(text, from, to, spare);
      if (stepChanged) {
        ByteBuilder previous = current;
        current = spare;
        spare = previous;
        changed = true;
      }
    }
    if (changed) {
      out.clear();
      out.append(current.bytes(), 0, current.length());
    }
    return changed;
  }
}
