package org.merganser.embedding.exchange;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What an extension wrote.
 *
 * @param rows of each tensor, which are kept, new or padding
 * @param moved kept rows whose id is another one now
 * @param dropped old tokens that the new tokenizer does not have
 * @param newRows ascending by id
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
   * @param dtype in which new rows are rounded
   */
  public record Tensor(String name, int dim, String dtype) {}

  /**
   * @param madeOf the old tokens whose rows it is the mean of, in order; empty if it is none
   */
  public record NewRow(int id, String token, List<Part> madeOf) {
    public NewRow {
      madeOf = List.copyOf(madeOf);
    }
  }

  public record Part(int id, String token) {}
}
