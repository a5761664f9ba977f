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

/** The fields that are read from the records of a file, by the settings of its input. */
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
   * The fields of the records of a file, which it has by its settings and by whether its format may
   * have segments. Files that agree in both share an object.
   */
  RecordFields of(InputFile file) {
    boolean mayHaveSegments = file.format().hasSegments();
    return (mayHaveSegments ? segmentFields : fields)
        .computeIfAbsent(file.source(), source -> newFields(source, mayHaveSegments));
  }

  private RecordFields newFields(SourceSettings source, boolean mayHaveSegments) {
    String ownText = source.textField();
    boolean segmented = ownText == null && mayHaveSegments && settings.segmentsField() != null;
    // If the job names only segments, a file without them was planned as one that is not read.
    String text = segmented ? settings.segmentsField() : settings.textField();
    String key = segmented ? "corpus.segmentsField" : "corpus.textField";
    return new RecordFields(
        FieldTemplate.parse(ownText == null ? Objects.requireNonNull(text) : ownText),
        ownText == null ? key : "textField of its input",
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
