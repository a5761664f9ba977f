package org.merganser.cli.init;

import java.util.ArrayList;
import java.util.List;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;

/**
 * What {@link CorpusExamination} found and chose for a corpus; {@link ProposedJobFile} writes it.
 *
 * @param choices of the proposed job
 * @param survey what was found in the corpus
 * @param settings how the proposed job reads the corpus
 * @param warnings sentences about what a person should look at
 * @param documents the first ones of the job
 */
record JobProposal(
    JobChoices choices,
    CorpusSurvey survey,
    CorpusSettings settings,
    List<String> warnings,
    SampledDocuments documents) {

  /** What was found, as lines for a person; a comment of the job file has the same lines. */
  List<String> table() {
    List<String> lines = new ArrayList<>(SurveyTable.lines(survey));
    if (choices.splits() != null) {
      lines.addAll(choices.splits().table());
    }
    FieldProposal fields = choices.fields();
    if (fields != null && !fields.unused().isEmpty()) {
      lines.add("not used: " + fields.unusedNames());
    }
    if (!documents.lines().isEmpty()) {
      List<InputFormat> formats =
          survey.readable().stream().map(InputFile::format).distinct().sorted().toList();
      lines.add("");
      lines.add(SampledDocuments.heading(formats, choices.format().separatorLine()) + ", such as:");
      documents.lines().forEach(line -> lines.add("  " + line));
    }
    warnings.forEach(warning -> lines.add("look at: " + warning));
    return lines;
  }
}
