package org.merganser.corpus.read;

import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.field.SegmentTexts;

/**
 * Reads lists of segments: groups with a string {@code text} and a boolean {@code loss}. Other
 * fields of a group are ignored.
 */
final class ParquetSegments {
  private static final String TEXT = "text";
  private static final String LOSS = "loss";

  private ParquetSegments() {}

  /** Whether the type of a column is a list of such groups. */
  static boolean areIn(ParquetColumn column) {
    Type element = column.elementType();
    return element != null
        && !element.isPrimitive()
        && hasText(element.asGroupType())
        && hasLoss(element.asGroupType());
  }

  private static boolean hasText(GroupType element) {
    return element.containsField(TEXT)
        && !element.getType(TEXT).isRepetition(Type.Repetition.REPEATED)
        && ParquetTypes.isString(element.getType(TEXT));
  }

  private static boolean hasLoss(GroupType element) {
    if (!element.containsField(LOSS)) {
      return false;
    }
    Type loss = element.getType(LOSS);
    return !loss.isRepetition(Type.Repetition.REPEATED)
        && loss.isPrimitive()
        && loss.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BOOLEAN;
  }

  /**
   * Reads the elements of such a list.
   *
   * @param into receives the segments in place of its former ones
   * @return the problem in the elements, for a person; null if there is none
   */
  static @Nullable String read(ParquetList list, SegmentTexts into) {
    into.clear();
    for (int number = 0; number < list.size(); number++) {
      Group element = list.group(number);
      if (element == null) {
        return "segment " + number + " is null, not an object with text and loss";
      }
      if (element.getFieldRepetitionCount(TEXT) == 0) {
        return "segment " + number + " has null as its text, not a string";
      }
      if (element.getFieldRepetitionCount(LOSS) == 0) {
        return "segment " + number + " has null as its loss, not true or false";
      }
      byte[] text = element.getBinary(TEXT, 0).getBytesUnsafe();
      into.text().append(text);
      into.endSegment(element.getBoolean(LOSS, 0));
    }
    return list.size() == 0 ? "the list of segments is empty" : null;
  }
}
