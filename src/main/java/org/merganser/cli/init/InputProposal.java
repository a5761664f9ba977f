package org.merganser.cli.init;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.InputFile;

/**
 * Inputs of a job that name the fields of their files, and how they are written to the job file.
 * {@link DifferingFiles} finds them.
 *
 * @param inputs folders and files below the inputs of the user; the job names them first
 * @param others the files that are left to the inputs of the user, as far as they are known;
 *     without any, the job has only {@code inputs}, if these are not empty
 */
record InputProposal(List<CorpusInput> inputs, Set<InputFile> others) {
  /** No file needs fields of its own. */
  static final InputProposal NONE = new InputProposal(List.of(), Set.of());

  /**
   * All inputs of the job: these, and those of the user if other files are left to them.
   *
   * @param located the inputs of the user
   */
  List<CorpusInput> with(List<String> located) {
    List<CorpusInput> all = new ArrayList<>(inputs);
    if (inputs.isEmpty() || !others.isEmpty()) {
      all.addAll(CorpusInput.of(located));
    }
    return all;
  }

  /**
   * The lines of the job file with all inputs of a key, at least one of which names its fields.
   *
   * @param key {@code inputs} or {@code validationInputs}
   * @param located the inputs of the user
   * @param named returns the name that the job file must have for an input
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
    lines.append("  ").append(key).append(":\n");
    for (CorpusInput input : inputs) {
      lines.append("  - { path: ").append(ProposedText.quoted(named.apply(input.path())));
      lines.append(", textField: ").append(ProposedText.quoted(textField(input)));
      if (input.idField() != null) {
        lines.append(", idField: ").append(ProposedText.quoted(input.idField()));
      }
      lines.append(" }\n");
    }
    for (String input : others.isEmpty() ? List.<String>of() : located) {
      lines.append("  - ").append(ProposedText.quoted(named.apply(input))).append('\n');
    }
    return lines.toString();
  }

  /** The text field of an input, which names one if {@link DifferingFiles} proposed it. */
  private static String textField(CorpusInput input) {
    return Objects.requireNonNull(input.textField(), input.path());
  }
}
