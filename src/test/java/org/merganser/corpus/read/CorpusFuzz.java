package org.merganser.corpus.read;

import static org.merganser.corpus.read.Reading.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.KeptField;

/**
 * Reads a damaged file of a corpus in the ways that jobs read it. No bytes end a run: what cannot
 * be read is a dead letter, and the sums of all records hold ({@link Reading} checks them).
 */
abstract class CorpusFuzz {
  private static final int SMALL = 60;

  @TempDir Path folder;

  /** As text and with fields of every role; as a whole and with a limit that cuts documents. */
  final void readToItsEnd(byte[] damaged, InputFormat... formats) throws IOException {
    Path path = file(folder, "f", damaged);
    for (InputFormat format : formats) {
      Reading.of(settings(path, format, null, InvalidUtf8.DEAD_LETTER, 1 << 20), null);
      Reading.of(
          settings(path, format, "messages", InvalidUtf8.REPLACE, SMALL),
          SplitPropertyTest.CAPITALS);
    }
  }

  private static CorpusSettings settings(
      Path path, InputFormat format, String segments, InvalidUtf8 mode, long limit) {
    boolean fields = format.hasTextField();
    CorpusSettings.Builder settings =
        CorpusSettings.builder(CorpusInput.of(List.of(path.toString())))
            .includeAll(true)
            .format(format)
            .segmentsField(format.hasSegments() ? segments : null)
            .maxDocumentBytes(limit)
            .maxWholeDocumentBytes(limit)
            .invalidUtf8(mode);
    if (fields) {
      settings
          .idField("meta.id")
          .splitField("split")
          .groupField("meta.lang")
          .kept(List.of(KeptField.of("number:integer"), KeptField.of("tags")));
    }
    return settings.build();
  }
}
