package org.merganser.cli.init;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.plan.FormatSample;
import org.merganser.corpus.plan.SkippedInputs;

/** Lists the files that jobs would read, once for all settings with the same files and formats. */
final class CorpusListing {
  /**
   * A listing.
   *
   * @param files that a job would read
   * @param skipped the files that it would not read, and warnings
   */
  record Listed(List<InputFile> files, SkippedInputs skipped) {}

  private final FormatSample formatSample = new FormatSample();

  /** By what decides a listing. */
  private final Map<List<Object>, Listed> listings = new HashMap<>();

  /** Which files have been opened for their formats. */
  FormatSample formatSample() {
    return formatSample;
  }

  /** The files that a job of these settings would read. */
  Listed list(CorpusSettings settings) throws IOException {
    List<Object> decides =
        List.of(
            settings.validationInputs(),
            settings.inputs(),
            settings.exclude(),
            settings.format(),
            settings.segmentsField() == null,
            settings.splitField() == null,
            String.valueOf(settings.separator()));
    Listed known = listings.get(decides);
    if (known == null) {
      SkippedInputs skipped = new SkippedInputs();
      known = new Listed(CorpusPlanner.list(settings, skipped, formatSample), skipped);
      listings.put(decides, known);
    }
    return known;
  }
}
