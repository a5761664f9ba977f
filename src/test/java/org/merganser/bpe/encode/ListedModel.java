package org.merganser.bpe.encode;

import java.util.List;

/** Makes models of lists of entries and merges, for tests. */
public final class ListedModel {
  private ListedModel() {}

  /** An entry of {@code model.vocab}. */
  public record Entry(String token, int id) {}

  /**
   * @param entries of the vocabulary; ids may have gaps
   * @param merges pairs of token strings by rank, left and right alternating
   */
  public static BpeModel of(List<Entry> entries, List<String> merges, BpeModel.Options options) {
    BpeModelBuilder builder = BpeModel.builder();
    entries.forEach(entry -> builder.addToken(entry.token(), entry.id()));
    for (int i = 0; i < merges.size(); i += 2) {
      builder.addMerge(merges.get(i), merges.get(i + 1));
    }
    return builder.build(options);
  }
}
