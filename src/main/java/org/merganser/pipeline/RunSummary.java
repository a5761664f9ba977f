package org.merganser.pipeline;

import java.util.Map;

/**
 * The headline figures of a finished run, from its manifest.
 *
 * @param output the output folder
 * @param parts what lies where: the relative path and a phrase about it, in order
 * @param documents encoded, documents in dead letters not among them
 * @param textBytes of the documents
 * @param secondsByStage wall time by stage, empty where nothing ran
 */
public record RunSummary(
    String output,
    Map<String, String> parts,
    long documents,
    long textBytes,
    long tokens,
    long deadLetters,
    boolean failOnDeadLetters,
    long vocabularySize,
    Map<String, Double> secondsByStage) {}
