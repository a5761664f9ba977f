package org.merganser.cli.init;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.plan.ChatAdvice;
import org.merganser.corpus.read.JsonSample;
import org.merganser.message.ProgramCommand;

/**
 * Refuses records that no job reads as they are: chats, ids and lists of words. The errors have the
 * commands that make text of them; {@link ChatAdvice} has those for chats. {@link #command} is also
 * for warnings about records that a job reads.
 */
final class RefusedRecords {
  private final String inputs;
  private final Map<InputFile, List<Map<String, Object>>> samples;
  private final List<FieldSummary> fields;

  /**
   * @param inputs as the user named them, for messages
   * @param samples the first records of some files
   * @param fields of these records
   */
  RefusedRecords(
      String inputs, Map<InputFile, List<Map<String, Object>>> samples, List<FieldSummary> fields) {
    this.inputs = inputs;
    this.samples = samples;
    this.fields = fields;
  }

  /**
   * The command that passes the records of the first file with this field to a program, one a line.
   *
   * @param program reads standard input
   */
  String command(FieldSummary field, String program) {
    return ShellCommand.ofRecords(filesWith(field).get(0), program);
  }

  /** The sampled files that have a field. */
  private List<InputFile> filesWith(FieldSummary field) {
    return samples.entrySet().stream()
        .filter(sample -> sample.getValue().stream().anyMatch(r -> r.containsKey(field.path())))
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Refuses chats.
   *
   * @throws CorpusException for records with chats, with the script that turns them into segments
   */
  void requireNoChat() {
    for (FieldSummary field : fields) {
      if (field.hasChatsInStrings()) {
        throw chatsInStrings(field);
      }
      if (JsonSample.beginsChat(field.list().items())) {
        String next = ProgramCommand.line("init", "segments.jsonl", "--output", "segments.yaml");
        String advice =
            ChatAdvice.advice(field.path(), field.list().items(), renderCommand(field), next);
        throw new CorpusException(inputs + ": " + advice + otherTexts(field));
      }
    }
  }

  /** The error for a field of strings, with the command that makes lists of them. */
  private CorpusException chatsInStrings(FieldSummary field) {
    String program = "jq -c '%s |= fromjson'".formatted(ShellCommand.stepsOfJq(field.path()));
    return new CorpusException(
        ("%s: the field %s holds chats as strings of JSON. This writes them as lists, for init"
                + " to read:\n%s > lists.jsonl")
            .formatted(inputs, ProposedText.quoted(field.path()), command(field, program)));
  }

  /** The command that writes the chats of a field as segments. */
  private String renderCommand(FieldSummary chat) {
    return command(chat, ChatAdvice.PROGRAM)
        + " > segments.jsonl"
        + (filesWith(chat).size() == 1 ? "" : "  # each other file likewise, with >>");
  }

  /** A line about the other fields with text, which segments do not have; "" without any. */
  private String otherTexts(FieldSummary chat) {
    String names =
        fields.stream()
            .filter(field -> !field.equals(chat) && field.holdsText())
            .map(field -> ProposedText.path(field.path()))
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "" : "Not in segments.jsonl, though they hold text: " + names + "\n";
  }

  /**
   * Refuses ids.
   *
   * @throws CorpusException for records with a list of integers, and without a list of strings or a
   *     text that is longer than a name: they have been tokenized already
   */
  void requireNoIds() {
    boolean hasText =
        fields.stream()
            .anyMatch(
                field -> (field.isLongText() && field.isReadable()) || field.hasListedStrings());
    if (hasText) {
      return;
    }
    for (FieldSummary field : fields) {
      if (field.list().first().isIntegralNumber()) {
        throw nothingButIds(field);
      }
    }
  }

  /** The error for a field of ids, with the command that decodes them. */
  private CorpusException nothingButIds(FieldSummary field) {
    return new CorpusException(
        ("%s: this is tokenized already: the field %s has ids, and no field has text. Ids become"
                + " text with the tokenizer that made them: %s prints the text of ids on standard"
                + " input, one document a line; or take the text that the ids were made from")
            .formatted(
                inputs,
                ProposedText.quoted(field.path()),
                ProgramCommand.line("decode", "tokenizer.json")));
  }

  /**
   * Refuses words.
   *
   * @throws CorpusException if a list holds single words, as corpora of marked words have them
   */
  void requireNoWords(FieldSummary list) {
    if (!list.hasListedWords()) {
      return;
    }
    String steps = ShellCommand.stepsOfJq(list.path());
    throw new CorpusException(
        ("%s: the field %s is a list of words. This joins them with spaces:\n%s >"
                + " texts.jsonl\nIf each is to be a line of the text, write a job with"
                + " corpus.textField: %s")
            .formatted(
                inputs,
                ProposedText.quoted(list.path()),
                command(list, "jq -c '.text = (%s | join(\" \"))'".formatted(steps)),
                ProposedText.quoted(list.path())));
  }
}
