package org.merganser.cli.init;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.DatasetSplit;
import org.merganser.message.Plural;

/**
 * The field whose values name the split of a record. {@link DatasetSplitProposal} finds splits in
 * the names of files.
 *
 * @param field with the names of splits
 * @param keys the lines of the section {@code corpus} for the field, with the reason
 */
record SplitFieldProposal(FieldSummary field, String keys) {
  private static final List<String> NAMES =
      List.of("split", "set", "subset", "partition", "fold", "data_split", "dataset_split");

  /**
   * Proposes a field of a usual name that names a split for something else than training.
   *
   * @param inputs as the user named them, for messages
   * @param unused the fields that are not used for something else
   * @return null if there is no such field
   * @throws CorpusException if the field has other values too, or records lack it
   */
  static @Nullable SplitFieldProposal of(String inputs, SampledFields unused) {
    for (FieldSummary field : unused.fields()) {
      boolean suits = NAMES.stream().anyMatch(field::isNamed) && !field.list().exists();
      if (suits && namesHeldOutData(field.values().keySet())) {
        requireOnlySplits(inputs, field, unused.records());
        return new SplitFieldProposal(field, keys(field));
      }
    }
    return null;
  }

  private static boolean namesHeldOutData(Collection<String> values) {
    for (String value : values) {
      DatasetSplit split = DatasetSplit.of(value);
      if (split != null && split != DatasetSplit.TRAIN) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSplit(String value) {
    return DatasetSplit.of(value) != null;
  }

  private static String keys(FieldSummary field) {
    List<String> splits = List.copyOf(field.values().keySet());
    return """
      # Its values are %s. Records of train are trained on, those of validation go to
      # validation/, and those of test are left out.
      splitField: %s
    """
        .formatted(ProposedText.listed(splits), ProposedText.quoted(field.path()));
  }

  /**
   * Requires a field whose values all name splits, in every record.
   *
   * @param records the number of records, also of those that lack the field
   * @throws CorpusException if the field has other values too, or records lack it
   */
  private static void requireOnlySplits(String inputs, FieldSummary field, int records) {
    List<String> splits = new ArrayList<>();
    List<String> others = new ArrayList<>();
    field.values().keySet().forEach(value -> (isSplit(value) ? splits : others).add(value));
    int lacking = records - field.records();
    if (others.isEmpty() && lacking == 0) {
      return;
    }
    String path = ProposedText.quoted(field.path());
    throw new CorpusException(
        ("%s: the field %s names splits (%s), but %s. Write a job with the key"
                + " corpus.splitField: `splitField: %s` trains on train, keeps validation apart,"
                + " leaves test out and makes each other record a dead letter; without the key all"
                + " records are trained on")
            .formatted(
                inputs,
                path,
                ProposedText.listed(splits),
                others.isEmpty()
                    ? Plural.of(lacking, "record") + (lacking == 1 ? " has none" : " have none")
                    : "other values too (" + ProposedText.listed(others) + ")",
                path));
  }
}
