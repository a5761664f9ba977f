package org.merganser.cli.init;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The fields of some records, from which a proposal chooses.
 *
 * @param fields in the order in which the records have them
 * @param records the number of records, also of those that lack a field
 */
record SampledFields(List<FieldSummary> fields, int records) {
  /** The fields of these records. */
  static SampledFields of(List<Map<String, Object>> records) {
    return new SampledFields(FieldSummary.of(records), records.size());
  }

  /** The fields of the same records that are not used for something else. */
  SampledFields without(Collection<FieldSummary> used) {
    return new SampledFields(
        fields.stream().filter(field -> !used.contains(field)).toList(), records);
  }

  /**
   * The field that suits and has the earliest of the names, and of several with that name the
   * first.
   *
   * @param names in the order of preference, see {@link FieldSummary#isNamed}
   */
  Optional<FieldSummary> first(List<String> names, Predicate<FieldSummary> suits) {
    return names.stream()
        .flatMap(name -> fields.stream().filter(field -> field.isNamed(name)))
        .filter(suits)
        .findFirst();
  }

  /** The first field that suits, of whatever name. */
  Optional<FieldSummary> first(Predicate<FieldSummary> suits) {
    return fields.stream().filter(suits).findFirst();
  }
}
