package org.merganser.output.receipt;

import org.merganser.output.figures.GroupCounts;

/**
 * A group with its counts in a receipt. The group is a JSON value and not a key, because it may be
 * any text and JSON readers limit the length of keys.
 *
 * @param group the name of the group
 * @param counts the counts of its documents for training
 */
public record GroupRow(String group, GroupCounts counts) {}
