package org.merganser.corpus.read;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.SourceSettings;
import org.merganser.corpus.field.FieldTemplate;
import org.merganser.corpus.field.RecordFields;

/**
 * The fields that are read from the records of a file: those that its input names, else those of
 * the corpus.
 */
final class InputFields {
  private final CorpusSettings settings;

  /** The fields by the settings of an input, for formats without segments. */
  private final Map<SourceSettings, RecordFields> fields = new HashMap<>();

  /** The fields by the settings of an input, for formats that may have segments. */
  private final Map<SourceSettings, RecordFields> segmentFields = new HashMap<>();

  InputFields(CorpusSettings settings) {
    this.settings = settings;
  }

  /**
   * The fields of the records of a file. They depend on the settings of its input, and on whether
   * its format may have segments. Files that agree in both share an object.
   */
  RecordFields of(InputFile file) {
    boolean mayHaveSegments = file.format().hasSegments();
    return (mayHaveSegments ? segmentFields : fields)
        .computeIfAbsent(file.source(), source -> newFields(source, mayHaveSegments));
  }

  private RecordFields newFields(SourceSettings source, boolean mayHaveSegments) {
    String ownText = source.textField();
    if (ownText != null) {
      return fieldsWithText(source, ownText, "textField of its input", /* segmented= */ false);
    }
    String segments = settings.segmentsField();
    if (mayHaveSegments && segments != null) {
      return fieldsWithText(source, segments, "corpus.segmentsField", /* segmented= */ true);
    }
    return fieldsWithText(source, settings.textField(), "corpus.textField", /* segmented= */ false);
  }

  private RecordFields fieldsWithText(
      SourceSettings source, String text, String textKey, boolean segmented) {
    return new RecordFields(
        FieldTemplate.parse(text),
        textKey,
        segmented,
        FieldTemplate.parse(Objects.requireNonNullElse(source.idField(), settings.idField())),
        templateOrNull(settings.groupField()),
        templateOrNull(settings.splitField()),
        settings.kept());
  }

  private static @Nullable FieldTemplate templateOrNull(@Nullable String field) {
    return field == null ? null : FieldTemplate.parse(field);
  }
}
