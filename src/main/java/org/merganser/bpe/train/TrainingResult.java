package org.merganser.bpe.train;

/**
 * A learned vocabulary, and the counts from which it was learned.
 *
 * @param trained the complete vocabulary and all merges, the existing ones first
 * @param kept what was kept and left out of the counts
 */
public record TrainingResult(TrainedBpe trained, KeptCounts kept) {}
