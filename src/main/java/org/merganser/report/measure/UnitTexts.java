package org.merganser.report.measure;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.List;

/**
 * The texts and documents of a unit that a {@link UnitTextCounter} counted, as they are stored next
 * to the unit's receipt.
 *
 * @param textHalvings one text in {@code 1 << textHalvings} is in {@code texts}
 * @param texts the sample of texts ({@link SampledTexts})
 * @param placeHalvings one document in {@code 1 << placeHalvings} is in {@code documents}
 * @param documents the sample of documents
 * @param open the documents that other units may have parts of; they are in no other list
 */
public record UnitTexts(
    int textHalvings,
    List<Text> texts,
    int placeHalvings,
    List<Document> documents,
    List<Open> open) {
  /** The version of {@link TextHash}, which is a part of the name of the file. */
  public static final int HASH_VERSION = 1;

  /**
   * A text, chosen by its hash, with the number of all its documents.
   *
   * @param file the index of the file of the first of them in the list of the unit's files
   * @param offset of its record in that file
   */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  record Text(long hash, long documents, int file, long offset) {}

  /**
   * A document, chosen by the hash of its place.
   *
   * @param textHash the hash of its text
   * @param file the index of its file in the list of the unit's files
   * @param offset of its record in that file
   */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  record Document(long placeHash, long textHash, int file, long offset) {}

  /**
   * Some parts of the document at the beginning of a file.
   *
   * @param file the index of the file in the list of the unit's files
   * @param parts the sum of the hashes of these parts
   */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  record Open(int file, long parts) {}
}
