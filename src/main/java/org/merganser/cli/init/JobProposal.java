package org.merganser.cli.init;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.plan.FormatSample;
import org.merganser.corpus.plan.SkippedInputs;
import org.merganser.corpus.read.RecordSample;
import org.merganser.pipeline.output.OutputFolder;

/**
 * Makes the choices of a job file for a corpus without a description, one after another: splits,
 * formats, fields and excluded files. {@link JobChoices} has them, and {@link ProposedJobFile}
 * writes them. Deterministic. Cost: that of {@link CorpusSurvey}.
 */
final class JobProposal {
  /** The inputs as the user named them, for messages. */
  private final String named;

  private final CorpusListing listing = new CorpusListing();
  private final FormatSample formatSample = listing.formatSample();
  private final JobChoices choices;

  /** The files that a job with the choices so far would read, as last listed. */
  private List<InputFile> read;

  /** Those of {@link #read} that are trained on. */
  private List<InputFile> training;

  private final CorpusSurvey survey;
  private final CorpusSettings settings;
  private final SkippedInputs skipped;
  private final SampledDocuments documents;

  /**
   * Examines a corpus and makes all choices. Their order matters, since each decides which files
   * the next one sees: splits, formats, fields, excluded files.
   *
   * @param located files, folders and globs, as this process opens them
   * @throws CorpusException if there is no such input, nothing in it can be read, records have no
   *     field with text, or they are chats
   */
  JobProposal(List<String> located) throws IOException {
    named = String.join(", ", located);
    CorpusSettings plain = JobChoices.withoutSplits(located).settings();
    OutputFolder.requireNoInput(plain, null);
    CorpusListing.Listed found = listing.list(plain);
    boolean areCode = FormatProposal.areCode(found.files());
    choices = chooseSplits(located, found.files());
    choices.setFormat(FormatProposal.beforeReading(areCode ? InputFormat.TEXT : InputFormat.AUTO));
    listAgain();
    choices.setFormat(
        FormatProposal.of(training, areCode, SampledFiles.beginningBytes(formatSample)));
    listAgain();
    survey = new CorpusSurvey(training, found.skipped(), formatSample);
    TableHeadings.require(
        named, SampledFiles.of(read.stream().filter(f -> f.format().separator() != null).toList()));
    if (!survey.fields().isEmpty()) {
      chooseFields();
    }
    survey.findUnread(choices.settings(), read);
    choices.excludeIfAbsent(survey.unread().globs(training));
    requireText();
    excludeDescriptions();
    settings = choices.settings();
    CorpusListing.Listed kept = listing.list(settings);
    skipped = kept.skipped();
    warn(found.files());
    documents = new SampledDocuments(settings, withoutValidation(kept.files()));
  }

  private static List<InputFile> withoutValidation(List<InputFile> files) {
    return files.stream().filter(file -> !file.validation()).toList();
  }

  private static List<InputFile> withRecords(List<InputFile> files) {
    return files.stream().filter(file -> file.format().hasTextField()).toList();
  }

  /** Lists the files again, after a choice that may change which are read, and how. */
  private void listAgain() throws IOException {
    read = listing.list(choices.settings()).files();
    training = withoutValidation(read);
  }

  /** Chooses the first splits whose globs match exactly the right files, else none. */
  private JobChoices chooseSplits(List<String> located, List<InputFile> files) throws IOException {
    for (DatasetSplitProposal proposal : DatasetSplitProposal.of(located, files)) {
      JobChoices proposed = JobChoices.withSplits(proposal);
      List<InputFile> listed;
      try {
        listed = listing.list(proposed.settings()).files();
      } catch (CorpusException e) {
        continue; // two files would have one name, so the next proposal is tried
      }
      if (proposal.isConfirmedBy(listed)) {
        return proposed;
      }
    }
    return JobChoices.withoutSplits(located);
  }

  /** Chooses the fields of records, and inputs of their own for files that have other fields. */
  private void chooseFields() throws IOException {
    FieldProposal fields = new FieldProposal(named, survey.samples());
    choices.setFields(fields);
    InputProposal own =
        new DifferingFiles(named, choices.inputs(), survey.samples(), withRecords(training), fields)
            .inputs();
    choices.setFieldInputs(own);
    if (!own.inputs().isEmpty()) {
      Map<InputFile, List<Map<String, Object>>> others = new LinkedHashMap<>(survey.samples());
      others.keySet().retainAll(own.others());
      fields = new FieldProposal(named, others);
      choices.setFields(fields);
      listAgain();
    }
    InputProposal validation = validationFieldInputs(fields);
    choices.setValidationFieldInputs(validation);
    if (!validation.inputs().isEmpty()) {
      read = listing.list(choices.settings()).files();
    }
  }

  /** The inputs of validation files whose fields differ from those that are trained on. */
  private InputProposal validationFieldInputs(FieldProposal trained) throws IOException {
    DatasetSplitProposal splits = choices.splits();
    List<InputFile> validation = withRecords(read.stream().filter(InputFile::validation).toList());
    if (splits == null || validation.isEmpty()) {
      return InputProposal.NONE;
    }
    Map<InputFile, List<Map<String, Object>>> samples = new LinkedHashMap<>();
    for (InputFile file : SampledFiles.of(validation)) {
      List<Map<String, Object>> records =
          RecordSample.of(file, SampledFiles.beginningBytes(formatSample));
      if (!records.isEmpty()) {
        samples.put(file, records);
      }
    }
    return new DifferingFiles(named, splits.validationInputs(), samples, validation, trained)
        .validationInputs();
  }

  /**
   * Requires text that a run can read.
   *
   * @throws CorpusException if there is none in the files that are trained on, with the reasons
   */
  private void requireText() throws IOException {
    Map<InputFile, String> lost = survey.unread().lost();
    List<InputFile> records = withRecords(training);
    boolean isUnread =
        choices.fields() == null
            ? records.size() == training.size()
            : lacksTextField()
                && 2 * CorpusSurvey.storedBytes(records) > CorpusSurvey.storedBytes(training);
    if (isUnread && lost.isEmpty() && !survey.longRecords().isEmpty()) {
      throw new CorpusException(
          named
              + ": the fields are unknown of "
              + survey.longRecords()
              + ": write a job with the field of the text as corpus.textField");
    }
    boolean onlyDescriptions =
        training.stream().allMatch(f -> lost.containsKey(f) || FormatProposal.isDescription(f));
    if (isUnread || (!lost.isEmpty() && onlyDescriptions)) {
      throw noText(records);
    }
  }

  /** The error for files without text that a run can read. */
  private CorpusException noText(List<InputFile> records) throws IOException {
    String chats = survey.chatAdvice();
    List<String> reasons = new ArrayList<>(survey.unread().sentences());
    reasons.addAll(TableHeadings.sharedNames(SampledFiles.of(records)));
    return new CorpusException(
        "%s: no %s holds text that can be read: %s%s"
            .formatted(
                named,
                choices.fields() == null ? "file" : "field",
                String.join("; ", reasons),
                chats.isEmpty() ? "; docs/corpus-formats.md lists the formats" : chats));
  }

  private boolean lacksTextField() {
    FieldProposal fields = choices.fields();
    return fields == null || (fields.textField() == null && fields.segmentsField() == null);
  }

  /** Excludes the texts that describe records, since they are not part of the data. */
  private void excludeDescriptions() {
    if (!lacksTextField()) {
      read.stream()
          .filter(FormatProposal::isDescription)
          .forEach(
              file ->
                  choices.exclude(ProposedText.globOf(file.path()), "it describes the records"));
    }
  }

  /**
   * Adds sentences about files that a person should look at to {@link #skipped}.
   *
   * @param found all files of the corpus
   */
  private void warn(List<InputFile> found) throws IOException {
    Map<InputFile, String> lost = survey.unread().lost();
    List<InputFile> opened = training.stream().filter(formatSample::isOpened).toList();
    String equal = EqualFiles.sentence(opened.stream().filter(f -> !lost.containsKey(f)).toList());
    if (!equal.isEmpty()) {
      skipped.warn(equal);
    }
    MarkedUpTexts.sentences(opened).forEach(skipped::warn);
    TextTables.sentences(SampledFiles.of(opened)).forEach(skipped::warn);
    TableHeadings.sharedNames(SampledFiles.of(opened)).forEach(skipped::warn);
    if (choices.splits() == null) {
      DatasetSplitProposal.unusedNames(found).forEach(skipped::warn);
    }
  }

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
    warnings().forEach(warning -> lines.add("look at: " + warning));
    return lines;
  }

  /** Sentences about what a person should look at. */
  private List<String> warnings() {
    List<String> warnings = new ArrayList<>(skipped.warnings());
    if (choices.fields() != null) {
      warnings.addAll(choices.fields().warnings());
    }
    if (choices.format().separator() != null) {
      warnings.addAll(choices.format().separator().warnings());
    }
    return warnings;
  }

  /** How the proposed job reads the corpus. */
  CorpusSettings settings() {
    return settings;
  }

  /** The choices of the proposed job. */
  JobChoices choices() {
    return choices;
  }

  /** What was found in the corpus. */
  CorpusSurvey survey() {
    return survey;
  }
}
