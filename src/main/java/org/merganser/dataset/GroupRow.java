package org.merganser.dataset;

import com.fasterxml.jackson.databind.util.StdConverter;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A group with its counts in a receipt. The group is a JSON value and not a key, because it may be
 * any text and JSON readers limit the length of keys.
 */
record GroupRow(String group, GroupCounts counts) {

  static final class ToRows extends StdConverter<SortedMap<String, GroupCounts>, List<GroupRow>> {
    @Override
    public List<GroupRow> convert(SortedMap<String, GroupCounts> groups) {
      return groups.entrySet().stream().map(g -> new GroupRow(g.getKey(), g.getValue())).toList();
    }
  }

  static final class ToMap extends StdConverter<List<GroupRow>, SortedMap<String, GroupCounts>> {
    @Override
    public SortedMap<String, GroupCounts> convert(List<GroupRow> rows) {
      SortedMap<String, GroupCounts> groups = new TreeMap<>();
      rows.forEach(row -> groups.merge(row.group, row.counts, GroupCounts::plus));
      return groups;
    }
  }
}
