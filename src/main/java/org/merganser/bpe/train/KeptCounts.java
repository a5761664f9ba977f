package org.merganser.bpe.train;

import java.io.Serializable;

/**
 * How much of its counts a training keeps, and how much it leaves out, by a minimum count. An entry
 * is a distinct pretoken, or in stage 2 of SuperBPE a distinct run of words. The components have
 * the names of the fields in {@code training} of manifest.json.
 *
 * @param minimumCount rarer entries are left out
 * @param keptDistinct the number of entries learned from
 * @param keptMass their occurrences
 * @param cutDistinct the number of entries left out; the bytes of pretokens among them still count
 *     for the alphabet
 * @param cutMass their occurrences
 */
public record KeptCounts(
    long minimumCount, long keptDistinct, long keptMass, long cutDistinct, long cutMass)
    implements Serializable {}
