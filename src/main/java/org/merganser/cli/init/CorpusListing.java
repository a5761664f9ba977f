package org.merganser.cli.init;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.plan.FormatSample;
import org.merganser.corpus.plan.SkippedInputs;

/**
 * Lists the files that proposed jobs would read, once for settings that decide the same listing.
 */
final class CorpusListing {
  /**
   * A listing.
   *
   * @param files that a job would read, with those for validation
   * @param skipped the files that it would not read, and warnings
   */
  record Listed(List<InputFile> files, SkippedInputs skipped) {
    /** The files that are trained on. */
    List<InputFile> training() {
      return files.stream().filter(file -> !file.validation()).toList();
    }

    /** The files for validation. */
    List<InputFile> validation() {
      return files.stream().filter(InputFile::validation).toList();
    }
  }

  /**
   * What decides a listing, of the settings that {@code init} proposes. Of the fields of records it
   * is only whether the job names segments or a split: files of formats without fields are
   * unsupported then.
   */
  private record Key(
      List<CorpusInput> inputs,
      List<CorpusInput> validationInputs,
      Map<String, String> exclude,
      InputFormat format,
      @Nullable String separator,
      boolean hasSegments,
      boolean hasSplits) {
    static Key of(CorpusSettings settings) {
      boolean hasSegments = settings.segmentsField() != null;
      boolean hasSplits = settings.splitField() != null;
      return new Key(
          settings.inputs(),
          settings.validationInputs(),
          settings.exclude(),
          settings.format(),
          settings.separator(),
          hasSegments,
          hasSplits);
    }
  }

  private final FormatSample formatSample = new FormatSample();
  private final Map<Key, Listed> listings = new HashMap<>();

  /** Which files have been opened for their formats. */
  FormatSample formatSample() {
    return formatSample;
  }

  /** The files that a job of these settings would read. */
  Listed list(CorpusSettings settings) throws IOException {
    Key key = Key.of(settings);
    Listed known = listings.get(key);
    if (known == null) {
      SkippedInputs skipped = new SkippedInputs();
      known = new Listed(CorpusPlanner.list(settings, skipped, formatSample), skipped);
      listings.put(key, known);
    }
    return known;
  }
}
