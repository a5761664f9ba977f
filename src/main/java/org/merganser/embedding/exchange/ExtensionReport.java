package org.merganser.embedding.exchange;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What an {@link EmbeddingExtension} wrote.
 *
 * @param tensors the table, and the output head if there is one
 * @param rows of each tensor, which are kept, new or padding
 * @param kept rows of tokens that both tokenizers have
 * @param moved kept rows whose id is another one now
 * @param added rows of tokens that the old tokenizer does not have
 * @param padding rows of ids without a token
 * @param dropped old tokens that the new tokenizer does not have
 * @param newRows the origin of each added row, ascending by id
 */
public record ExtensionReport(
    List<Tensor> tensors,
    int rows,
    int kept,
    int moved,
    @JsonProperty("new") int added,
    int padding,
    int dropped,
    List<NewRow> newRows) {
  public ExtensionReport {
    tensors = List.copyOf(tensors);
    newRows = List.copyOf(newRows);
  }

  /**
   * A written tensor.
   *
   * @param name of the tensor
   * @param dim the values of a row
   * @param dtype its type, to which new rows are rounded
   */
  public record Tensor(String name, int dim, String dtype) {}

  /**
   * The row of a token that the old tokenizer does not have.
   *
   * @param id of the token in the new tokenizer
   * @param token as the new tokenizer spells it
   * @param madeOf the old tokens of whose rows it is the mean, in the order of the token's text;
   *     empty if the row is random or zero
   */
  public record NewRow(int id, String token, List<Part> madeOf) {
    public NewRow {
      madeOf = List.copyOf(madeOf);
    }
  }

  /**
   * A token of the old tokenizer.
   *
   * @param id in the old tokenizer
   * @param token as the old tokenizer spells it
   */
  public record Part(int id, String token) {}
}
