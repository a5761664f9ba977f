package org.merganser.dataset;

/**
 * The ids that the job leaves out.
 *
 * @param ids different ones
 * @param withoutDocument of them those that no document of the corpus has
 */
public record ExcludedIdCounts(long ids, long withoutDocument) {}
