package org.merganser.cli.init;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds the fields of a prompt and its answer, which are joined to one text. */
final class PromptAndAnswer {
  /** The names of what comes before the prompt, the most likely first, as in all these lists. */
  private static final List<String> CONTEXT_NAMES =
      List.of("system_prompt", "system", "context", "passage");

  private static final List<String> PROMPT_NAMES =
      List.of("instruction", "prompt", "question", "query", "problem", "inputs", "input", "user");

  /** The name of the data of an instruction, which is between the prompt and the answer. */
  private static final List<String> INPUT_NAMES = List.of("input");

  private static final List<String> ANSWER_NAMES =
      List.of(
          "completion", "response", "output", "answer", "solution", "chosen", "targets", "target");

  /** The names of lists whose first item is the answer. */
  private static final List<String> ANSWER_LIST_NAMES =
      List.of("answers.text", "answers", "answer");

  private PromptAndAnswer() {}

  /**
   * The proposal that joins a prompt, its answer, and what comes before the answer; empty if the
   * records have no prompt or no answer.
   */
  static Optional<TextFieldProposal> propose(SampledFields sampled) {
    Predicate<FieldSummary> isFrequent = f -> f.isText() && areMost(f.records(), sampled);
    Optional<FieldSummary> prompt = sampled.first(PROMPT_NAMES, isFrequent);
    Optional<FieldSummary> answer =
        sampled
            .first(ANSWER_NAMES, isFrequent)
            .or(() -> sampled.first(ANSWER_LIST_NAMES, f -> f.list().beginsWithString()));
    if (prompt.isEmpty() || answer.isEmpty()) {
      return Optional.empty();
    }
    List<FieldSummary> parts = new ArrayList<>();
    sampled.first(CONTEXT_NAMES, FieldSummary::isText).ifPresent(parts::add);
    parts.add(prompt.get());
    Optional<FieldSummary> input =
        sampled.first(INPUT_NAMES, FieldSummary::isText).filter(f -> !parts.contains(f));
    input.ifPresent(parts::add);
    parts.add(answer.get());
    boolean isSpaced =
        areMost(prompt.get().endingWithSpace(), sampled)
            || areMost(answer.get().beginningWithSpace(), sampled);
    String template = template(parts, isSpaced, sampled.records());
    String reasons = reasons(isSpaced) + input.map(PromptAndAnswer::emptyInputReason).orElse("");
    return Optional.of(TextFieldProposal.ofText(template, parts, reasons));
  }

  /** Whether these are more than half of the records. */
  private static boolean areMost(int records, SampledFields sampled) {
    return 2 * records > sampled.records();
  }

  /**
   * The template that joins fields by empty lines. A field that some records lack is optional.
   *
   * @param parts the fields, of which the last is the answer
   * @param isSpaced whether nothing is put before the answer, since spaces are there already
   * @param records the number of all records
   */
  private static String template(List<FieldSummary> parts, boolean isSpaced, int records) {
    StringBuilder template = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      FieldSummary part = parts.get(i);
      boolean isAnswer = i == parts.size() - 1;
      boolean isListed = part.list().exists(); // the list may be empty
      boolean isOptional = isListed || part.records() < records;
      boolean isSeparated = i > 0 && !(isAnswer && isSpaced);
      template.append(isSeparated ? "\n\n" : "");
      template.append('{').append(part.path()).append(isListed ? "[0]" : "");
      template.append(isOptional ? "?}" : "}");
    }
    return template.toString();
  }

  private static String reasons(boolean isSpaced) {
    return """
      # Each record is a prompt and its answer: these fields are joined in this order,
      # %s. All of it is trained on. To train on the
      # answers alone, write segments, and name them as segmentsField in place of textField:
      #   {"segments": [{"text": PROMPT, "loss": false}, {"text": ANSWER, "loss": true}]}
      # A model that has a chat template wants its marks in the segments.
    """
        .formatted(isSpaced ? "as their spaces show" : "with an empty line between them");
  }

  private static String emptyInputReason(FieldSummary input) {
    return "  # A record with an empty %s keeps the empty lines around it.\n"
        .formatted(ProposedText.path(input.path()));
  }
}
