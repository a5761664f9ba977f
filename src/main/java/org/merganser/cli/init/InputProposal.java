package org.merganser.cli.init;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.field.FieldPath;
import org.merganser.corpus.field.FieldTemplate;

/**
 * The inputs of files that do not have the text field of the corpus: each names its own. An input
 * is a folder if all of its files have the same fields, else a file.
 *
 * @param inputs narrower than those of the job, before which they come
 * @param others the files that have the text field of the corpus; without any, no other inputs are
 *     needed
 */
record InputProposal(List<CorpusInput> inputs, Set<InputFile> others) {
  static final InputProposal NONE = new InputProposal(List.of(), Set.of());

  /** With more inputs than these, their owner knows better what differs. */
  private static final int MOST = 12;

  private record Fields(String textField, String idField) {}

  /**
   * @param named the inputs as the user named them, for messages
   * @param located the inputs of the corpus
   * @param samples the first records of some files with records
   * @param all files with records, of which each has the place of its input
   * @throws CorpusException if too many files differ, or fields that all files must have
   */
  static InputProposal of(
      String named,
      List<String> located,
      Map<InputFile, List<Map<String, Object>>> samples,
      List<InputFile> all,
      FieldProposal corpus)
      throws IOException {
    Set<InputFile> others = new LinkedHashSet<>();
    Map<InputFile, Fields> own = own(named, samples, corpus, others);
    return own.isEmpty() || others.isEmpty()
        ? new InputProposal(List.of(), others)
        : narrower(named, located, own, others, all, corpus);
  }

  /** Like {@link #of} for validation files, all of which may differ from the corpus. */
  static InputProposal ofValidation(
      String named,
      List<String> located,
      Map<InputFile, List<Map<String, Object>>> samples,
      List<InputFile> all,
      FieldProposal corpus)
      throws IOException {
    Set<InputFile> others = new LinkedHashSet<>();
    Map<InputFile, Fields> own = own(named, samples, corpus, others);
    Set<Fields> different = Set.copyOf(own.values());
    if (own.isEmpty()) {
      return NONE;
    }
    return own.size() == samples.size() && different.size() == 1
        ? new InputProposal(
            located.stream().map(glob -> input(glob, different.iterator().next())).toList(),
            Set.of())
        : narrower(named, located, own, others.isEmpty() ? Set.copyOf(all) : others, all, corpus);
  }

  /** The fields of the files that lack those of the corpus; other files are added to a set. */
  private static Map<InputFile, Fields> own(
      String named,
      Map<InputFile, List<Map<String, Object>>> samples,
      FieldProposal corpus,
      Set<InputFile> others) {
    Map<InputFile, Fields> own = new LinkedHashMap<>();
    for (Map.Entry<InputFile, List<Map<String, Object>>> sample : samples.entrySet()) {
      List<FieldSummary> fields = FieldSummary.of(sample.getValue());
      if (has(fields, sample.getValue().size(), corpus)) {
        others.add(sample.getKey());
        continue;
      }
      FieldProposal proposal = new FieldProposal(named, Map.of(sample.getKey(), sample.getValue()));
      if (proposal.textField != null) {
        String id = proposal.idField == null ? "" : proposal.idField;
        own.put(sample.getKey(), new Fields(proposal.textField, id));
      }
    }
    return own;
  }

  private static InputProposal narrower(
      String named,
      List<String> located,
      Map<InputFile, Fields> own,
      Set<InputFile> others,
      List<InputFile> all,
      FieldProposal corpus)
      throws IOException {
    Map<String, Fields> inputs = new LinkedHashMap<>();
    for (Map.Entry<InputFile, Fields> file : own.entrySet()) {
      inputs.put(path(located, file.getKey(), own, others, all), file.getValue());
    }
    if (inputs.size() > MOST || corpus.segmentsField != null || corpus.splitField != null) {
      throw new CorpusException(
          ("%s: files have different fields: %s has the text in %s, and %s in %s%s; name each kind"
                  + " of files as an input with its textField: `inputs: [ { path: %s, textField: %s }"
                  + " ]`, or leave it out with corpus.exclude")
              .formatted(
                  named,
                  others.isEmpty()
                      ? "the corpus"
                      : JobProposal.cut(others.iterator().next().path(), 60),
                  JobProposal.quoted(
                      "" + (corpus.textField == null ? corpus.segmentsField : corpus.textField)),
                  JobProposal.cut(own.keySet().iterator().next().path(), 60),
                  JobProposal.quoted(own.values().iterator().next().textField()),
                  inputs.size() > MOST ? ", and there are " + inputs.size() + " such files" : "",
                  JobProposal.quoted(inputs.keySet().iterator().next()),
                  JobProposal.quoted(own.values().iterator().next().textField())));
    }
    List<CorpusInput> narrower = new ArrayList<>();
    inputs.forEach((path, fields) -> narrower.add(input(path, fields)));
    return new InputProposal(narrower, others);
  }

  private static CorpusInput input(String path, Fields fields) {
    String idField = fields.idField().isEmpty() ? null : fields.idField();
    return new CorpusInput(path, null, null, fields.textField(), idField, null, 1);
  }

  /** These inputs, and those of the job if some of its files need no own. */
  List<CorpusInput> with(List<String> located) {
    List<CorpusInput> all = new ArrayList<>(inputs);
    if (inputs.isEmpty() || !others.isEmpty()) {
      all.addAll(CorpusInput.of(located));
    }
    return all;
  }

  private static boolean has(List<FieldSummary> fields, int records, FieldProposal corpus) {
    if (corpus.segmentsField != null) {
      return fields.stream()
          .anyMatch(f -> f.path().equals(corpus.segmentsField) && f.hasSegments());
    }
    if (corpus.textField == null) {
      return true;
    }
    FieldTemplate template = FieldTemplate.parse(corpus.textField);
    List<FieldPath> paths = template.paths();
    for (int i = 0; i < paths.size(); i++) {
      String path = paths.get(i).source();
      boolean there =
          fields.stream().anyMatch(f -> path.startsWith(f.path()) && 2 * f.records() >= records);
      if (!there && !template.isOptional(i)) {
        return false;
      }
    }
    return true;
  }

  /** The folder of a file if all that is known of its files is the same, else the file. */
  private static String path(
      List<String> located,
      InputFile file,
      Map<InputFile, Fields> own,
      Set<InputFile> others,
      List<InputFile> all)
      throws IOException {
    String root =
        DatasetSplitProposal.root(located.get(Math.min(file.input(), located.size() - 1)));
    String folder = file.path().substring(0, file.path().lastIndexOf('/') + 1);
    Set<InputFile> beside =
        all.stream()
            .filter(other -> other.path().startsWith(folder) && !other.equals(file))
            .filter(other -> other.path().indexOf('/', folder.length()) < 0)
            .collect(Collectors.toSet());
    boolean same =
        !folder.isEmpty()
            && !beside.isEmpty()
            && beside.stream()
                .allMatch(
                    other ->
                        !others.contains(other)
                            && own.getOrDefault(other, own.get(file)).equals(own.get(file)));
    return root + inBraces(JobProposal.escaped(folder) + (same ? "*" : escapedName(file, folder)));
  }

  private static String escapedName(InputFile file, String folder) {
    return JobProposal.escaped(file.path().substring(folder.length()));
  }

  /** Braces keep the name of the first folder in the names of documents. */
  private static String inBraces(String glob) {
    int slash = glob.indexOf('/');
    return slash < 0 ? glob : "{" + glob.substring(0, slash) + "}" + glob.substring(slash);
  }

  /**
   * The inputs for the job file.
   *
   * @param key {@code inputs} or {@code validationInputs}
   */
  String yaml(String key, List<String> located, UnaryOperator<String> named) {
    StringBuilder lines = new StringBuilder();
    lines.append(
        others.isEmpty()
            ? "  # These files have other fields than those that are trained on.\n"
            : """
              # The files do not all have the same fields: the first inputs name those of their files,
              # and the last input is for the others.
            """);
    lines.append("  %s:\n".formatted(key));
    for (CorpusInput input : inputs) {
      lines.append("  - { path: ").append(JobProposal.quoted(named.apply(input.path())));
      lines.append(", textField: ").append(JobProposal.quoted("" + input.textField()));
      if (input.idField() != null) {
        lines.append(", idField: ").append(JobProposal.quoted(input.idField()));
      }
      lines.append(" }\n");
    }
    for (String input : others.isEmpty() ? List.<String>of() : located) {
      lines.append("  - ").append(JobProposal.quoted(named.apply(input))).append('\n');
    }
    return lines.toString();
  }
}
