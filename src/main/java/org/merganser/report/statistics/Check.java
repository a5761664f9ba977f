package org.merganser.report.statistics;

/**
 * One line of the verdict.
 *
 * @param name such as {@code round-trip}
 * @param passed whether all is well
 * @param found what was found, with its figure
 * @param wanted the threshold
 * @param advice what to do where it isn't; empty where it is
 */
public record Check(String name, boolean passed, String found, String wanted, String advice) {}
