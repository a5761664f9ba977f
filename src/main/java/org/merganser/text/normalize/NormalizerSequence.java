package org.merganser.text.normalize;

import java.util.List;
import org.merganser.binary.ByteBuilder;

/** Applies normalizers in order; an empty sequence leaves the text unchanged. */
final class NormalizerSequence implements Normalizer {
  private final List<Normalizer> steps;
  private final GrowthLimit limit;
  private ByteBuilder current = new ByteBuilder(64);
  private ByteBuilder spare = new ByteBuilder(64);
  private Origins currentOrigins = new Origins();
  private Origins spareOrigins = new Origins();

  /**
   * @param limit is begun with each text; steps that may make a text much longer know it too
   */
  NormalizerSequence(List<Normalizer> steps, GrowthLimit limit) {
    this.steps = List.copyOf(steps);
    this.limit = limit;
  }

  @Override
  public boolean normalize(byte[] text, int from, int to, ByteBuilder out, Origins origins) {
    limit.begin(to - from);
    boolean changed = false;
    for (Normalizer step : steps) {
      Origins asked = origins.areKept() ? spareOrigins : origins;
      boolean stepChanged =
          changed
              ? step.normalize(current.bytes(), 0, current.length(), spare, asked)
              : step.normalize(text, from, to, spare, asked);
      if (stepChanged) {
        limit.check(spare.length());
        if (origins.areKept()) {
          if (changed) {
            asked.through(currentOrigins);
          }
          spareOrigins = currentOrigins;
          currentOrigins = asked;
        }
        ByteBuilder previous = current;
        current = spare;
        spare = previous;
        changed = true;
      }
    }
    if (changed) {
      out.clear();
      out.append(current.bytes(), 0, current.length());
      origins.set(currentOrigins);
    }
    return changed;
  }
}
