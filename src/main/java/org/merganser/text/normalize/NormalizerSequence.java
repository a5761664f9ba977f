package org.merganser.text.normalize;

import java.util.List;
import org.merganser.binary.ByteBuilder;

/** Applies normalizers in order; an empty sequence leaves the text unchanged. */
final class NormalizerSequence implements Normalizer {
  private final List<Normalizer> steps;
  private final GrowthLimit limit;

  /** The text after the steps so far, once one of them has changed it. */
  private ByteBuilder current = new ByteBuilder(64);

  /** Where the next step writes. */
  private ByteBuilder spare = new ByteBuilder(64);

  /** The origins of {@link #current} in the text before all steps. */
  private Origins currentOrigins = new Origins();

  /** Where the next step writes its origins. */
  private Origins spareOrigins = new Origins();

  /**
   * @param limit is begun with each text, and checked after each step; a step that may make a text
   *     much longer checks it meanwhile
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
      Origins stepOrigins = origins.areKept() ? spareOrigins : Origins.NONE;
      boolean stepChanged =
          changed
              ? step.normalize(current.bytes(), 0, current.length(), spare, stepOrigins)
              : step.normalize(text, from, to, spare, stepOrigins);
      if (stepChanged) {
        limit.check(spare.length());
        if (changed && origins.areKept()) {
          spareOrigins.composeWith(currentOrigins);
        }
        makeSpareCurrent();
        changed = true;
      }
    }
    if (changed) {
      out.clear();
      out.append(current.bytes(), 0, current.length());
      origins.copyFrom(currentOrigins);
    }
    return changed;
  }

  private void makeSpareCurrent() {
    ByteBuilder previous = current;
    current = spare;
    spare = previous;
    Origins previousOrigins = currentOrigins;
    currentOrigins = spareOrigins;
    spareOrigins = previousOrigins;
  }
}
