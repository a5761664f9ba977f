package org.merganser.cli.init;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.plan.FormatSample;
import org.merganser.corpus.read.RecordSample;
import org.merganser.pipeline.output.OutputFolder;

/**
 * Examines a corpus without a description, and makes the choices of a job file for it, one after
 * another: splits, formats, fields and excluded files. The result is a {@link JobProposal}.
 * Deterministic. Cost: that of {@link CorpusSample} and {@link CorpusSurvey}.
 */
final class CorpusExamination {
  /** The inputs as the user named them, for messages. */
  private final String named;

  private final CorpusListing listing;
  private final FormatSample formatSample;

  /** The choices so far. */
  private final JobChoices choices;

  private CorpusExamination(String named, CorpusListing listing, JobChoices choices) {
    this.named = named;
    this.listing = listing;
    this.formatSample = listing.formatSample();
    this.choices = choices;
  }

  /**
   * Examines a corpus and makes all choices.
   *
   * @param located files, folders and globs, as this process opens them
   * @throws CorpusException if there is no such input, nothing in it can be read, records have no
   *     field with text, or they are chats
   */
  static JobProposal propose(List<String> located) throws IOException {
    CorpusSettings plain = JobChoices.withoutSplits(located).settings();
    String ownOutput = null;
    OutputFolder.requireNoInput(plain, ownOutput);
    CorpusListing listing = new CorpusListing();
    CorpusListing.Listed found = listing.list(plain);
    JobChoices choices = chooseSplits(listing, located, found.files());
    return new CorpusExamination(String.join(", ", located), listing, choices).propose(found);
  }

  /** Chooses the first splits whose globs match exactly the right files, else none. */
  private static JobChoices chooseSplits(
      CorpusListing listing, List<String> located, List<InputFile> files) throws IOException {
    for (DatasetSplitProposal proposal : DatasetSplitProposal.of(located, files)) {
      JobChoices proposed = JobChoices.withSplits(proposal);
      CorpusListing.Listed listed;
      try {
        listed = listing.list(proposed.settings());
      } catch (CorpusException e) {
        continue; // two files would have one name, so the next proposal is tried
      }
      if (proposal.isConfirmedBy(listed)) {
        return proposed;
      }
    }
    return JobChoices.withoutSplits(located);
  }

  /**
   * Makes all further choices. Each step takes the listing of the choices before it; one that
   * changes how files are read returns a new listing.
   *
   * @param found the listing of all files
   */
  private JobProposal propose(CorpusListing.Listed found) throws IOException {
    CorpusListing.Listed read = chooseFormat(FormatProposal.areCode(found.files()));
    CorpusSample sample = CorpusSample.read(read.training(), formatSample);
    TableHeadings.requireNames(named, SampledFiles.of(tables(read.files())));
    if (!sample.fields().fields().isEmpty()) {
      read = chooseFields(sample, read);
    }
    CorpusSurvey survey =
        CorpusSurvey.read(sample, choices.settings(), read.files(), found.skipped());
    choices.excludeIfAbsent(survey.unread().globs(read.files()));
    requireText(survey, read.training());
    excludeDescriptions(read.files());
    CorpusSettings settings = choices.settings();
    CorpusListing.Listed kept = listing.list(settings);
    Set<String> warnings = new LinkedHashSet<>(kept.skipped().warnings());
    warnings.addAll(fileWarnings(survey, read.training(), found.files()));
    warnings.addAll(textWarnings());
    SampledDocuments documents = SampledDocuments.read(settings, kept.training());
    return new JobProposal(choices, survey, settings, List.copyOf(warnings), documents);
  }

  /** The files of formats whose records have fields. */
  private static List<InputFile> withRecords(List<InputFile> files) {
    return files.stream().filter(file -> file.format().hasTextField()).toList();
  }

  /** The files of formats with a separator of cells. */
  private static List<InputFile> tables(List<InputFile> files) {
    return files.stream().filter(file -> file.format().separator() != null).toList();
  }

  /** Chooses the format of texts, and the separator; returns the listing with both. */
  private CorpusListing.Listed chooseFormat(boolean areCode) throws IOException {
    choices.setFormat(FormatProposal.beforeReading(areCode ? InputFormat.TEXT : InputFormat.AUTO));
    List<InputFile> training = listing.list(choices.settings()).training();
    choices.setFormat(
        FormatProposal.of(training, areCode, SampledFiles.beginningBytes(formatSample)));
    return listing.list(choices.settings());
  }

  /**
   * Chooses the fields of records, and inputs of their own for files that have other fields.
   *
   * @param read the listing before these choices
   * @return the listing with the inputs that are chosen
   */
  private CorpusListing.Listed chooseFields(CorpusSample sample, CorpusListing.Listed read)
      throws IOException {
    CorpusListing.Listed listed = read;
    FieldProposal fields = new FieldProposal(named, sample.records());
    choices.setFields(fields);
    List<InputFile> training = withRecords(read.training());
    InputProposal own =
        new DifferingFiles(named, choices.inputs(), sample.records(), training, fields).inputs();
    choices.setFieldInputs(own);
    if (!own.inputs().isEmpty()) {
      Map<InputFile, List<Map<String, Object>>> others = new LinkedHashMap<>(sample.records());
      others.keySet().retainAll(own.others());
      fields = new FieldProposal(named, others);
      choices.setFields(fields);
      listed = listing.list(choices.settings());
    }
    InputProposal validation = validationFieldInputs(fields, withRecords(listed.validation()));
    choices.setValidationFieldInputs(validation);
    return validation.inputs().isEmpty() ? listed : listing.list(choices.settings());
  }

  /**
   * The inputs of validation files whose fields differ from those that are trained on.
   *
   * @param trained the fields of the files that are trained on
   * @param validation the validation files with records
   */
  private InputProposal validationFieldInputs(FieldProposal trained, List<InputFile> validation)
      throws IOException {
    DatasetSplitProposal splits = choices.splits();
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
   * @param training the files that are trained on
   * @throws CorpusException if there is none in them, with the reasons
   */
  private void requireText(CorpusSurvey survey, List<InputFile> training) throws IOException {
    Map<InputFile, String> lost = survey.unread().lost();
    List<InputFile> records = withRecords(training);
    boolean isUnread = lacksTextField() && areMost(records, training);
    String longRecords = survey.sample().longRecordsPhrase();
    if (isUnread && lost.isEmpty() && !longRecords.isEmpty()) {
      throw new CorpusException(
          named
              + ": the fields are unknown of "
              + longRecords
              + ": write a job with the field of the text as corpus.textField");
    }
    boolean onlyDescriptions =
        training.stream().allMatch(f -> lost.containsKey(f) || FormatProposal.isDescription(f));
    if (isUnread || (!lost.isEmpty() && onlyDescriptions)) {
      throw noText(survey, records);
    }
  }

  /**
   * Whether files with records are most of the corpus: all of its files if no record was found in
   * them, else more than half of its bytes.
   *
   * @param training the files that are trained on, with those with records
   */
  private boolean areMost(List<InputFile> records, List<InputFile> training) {
    return choices.fields() == null
        ? records.size() == training.size()
        : 2 * CorpusSurvey.storedBytes(records) > CorpusSurvey.storedBytes(training);
  }

  /** The error for files without text that a run can read. */
  private CorpusException noText(CorpusSurvey survey, List<InputFile> records) throws IOException {
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

  /** Whether no field of the records is their text; true without records. */
  private boolean lacksTextField() {
    FieldProposal fields = choices.fields();
    return fields == null || (fields.textField() == null && fields.segmentsField() == null);
  }

  /** Excludes the texts that describe records, since they are not part of the data. */
  private void excludeDescriptions(List<InputFile> files) {
    if (!lacksTextField()) {
      files.stream()
          .filter(FormatProposal::isDescription)
          .forEach(
              file ->
                  choices.exclude(ProposedText.globOf(file.path()), "it describes the records"));
    }
  }

  /**
   * Sentences about files that a person should look at.
   *
   * @param training the files that are trained on
   * @param found all files of the corpus
   */
  private List<String> fileWarnings(
      CorpusSurvey survey, List<InputFile> training, List<InputFile> found) throws IOException {
    Map<InputFile, String> lost = survey.unread().lost();
    List<InputFile> opened = training.stream().filter(formatSample::isOpened).toList();
    List<InputFile> sampled = SampledFiles.of(opened);
    List<String> sentences = new ArrayList<>();
    String equal = EqualFiles.sentence(opened.stream().filter(f -> !lost.containsKey(f)).toList());
    if (!equal.isEmpty()) {
      sentences.add(equal);
    }
    sentences.addAll(MarkedUpTexts.sentences(opened));
    sentences.addAll(TextTables.sentences(sampled));
    sentences.addAll(TableHeadings.sharedNames(sampled));
    if (choices.splits() == null) {
      sentences.addAll(DatasetSplitProposal.unusedNames(found));
    }
    return sentences;
  }

  /** Sentences about text that the fields, or the separator, leave where it is. */
  private List<String> textWarnings() {
    List<String> sentences = new ArrayList<>();
    if (choices.fields() != null) {
      sentences.addAll(choices.fields().warnings());
    }
    if (choices.format().separator() != null) {
      sentences.addAll(choices.format().separator().warnings());
    }
    return sentences;
  }
}
