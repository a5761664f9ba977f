package org.merganser.cli.init;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.kind.FileKind;
import org.merganser.corpus.plan.FormatSample;
import org.merganser.message.Plural;

/**
 * Files whose records a run would not read, or not all of them, by the reason: a kind of file that
 * is not text, or the first dead letter. Files with one reason are one sentence.
 */
final class UnreadFiles {
  /** The most files of a kind and an ending that are left out one by one. */
  private static final int MOST_PATHS = 20;

  /** The most reasons with a sentence; further ones are only counted. */
  private static final int MOST_SENTENCES = 12;

  /** Kinds that are not read, each with its files. */
  private final Map<FileKind, List<InputFile>> kinds = new LinkedHashMap<>();

  /** The kind of each file in {@link #kinds}. */
  private final Map<InputFile, FileKind> kindOf = new LinkedHashMap<>();

  /** The files that have dead letters. */
  private final List<FileLosses> losses = new ArrayList<>();

  /** Adds a file of a kind that is not read. */
  void add(InputFile file, FileKind kind) {
    kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(file);
    kindOf.put(file, kind);
  }

  /** Adds a file if it has dead letters. */
  void add(FileLosses file) {
    if (file.deadLetters() > 0) {
      losses.add(file);
    }
  }

  /** Whether a file is of a kind that is not read. */
  boolean hasKind(InputFile file) {
    return kindOf.containsKey(file);
  }

  /** The first dead letter of the files that have some; null without any. */
  @Nullable DeadLetter firstDeadLetter() {
    return losses.isEmpty() ? null : losses.get(0).firstLetter();
  }

  /** The files without any document, each with the reason. */
  Map<InputFile, String> lost() {
    Map<InputFile, String> lost = new LinkedHashMap<>();
    kindOf.forEach((file, kind) -> lost.put(file, kind.name()));
    losses.stream()
        .filter(FileLosses::lostAll)
        .forEach(file -> lost.put(file.file(), file.reason()));
    return lost;
  }

  /**
   * Globs that leave out the {@link #lost} files, each with the reason. A glob names one file; or
   * an ending, if more than {@value #MOST_PATHS} files have it and all of these are of one kind.
   *
   * @param all files of the corpus, of which none that a run reads may match
   */
  Map<String, String> globs(List<InputFile> all) {
    Map<String, String> globs = new LinkedHashMap<>();
    kinds.forEach(
        (kind, files) ->
            byEnding(files)
                .forEach((ending, those) -> globs.putAll(globsOfEnding(ending, those, kind, all))));
    losses.stream()
        .filter(FileLosses::lostAll)
        .forEach(file -> globs.putIfAbsent(ProposedText.globOf(file.file().path()), file.reason()));
    return globs;
  }

  /**
   * Globs for the files of a kind with one ending, each with the reason.
   *
   * @param all files of the corpus
   */
  private static Map<String, String> globsOfEnding(
      String ending, List<InputFile> files, FileKind kind, List<InputFile> all) {
    boolean areAllOfEnding =
        files.size() == all.stream().filter(f -> ending(f).equals(ending)).count();
    if (!ending.isEmpty() && files.size() > MOST_PATHS && areAllOfEnding) {
      String reason = "all %s of these names, also later ones: each is %s";
      return Map.of(
          "*" + ProposedText.globOf(ending),
          reason.formatted(Plural.of(files.size(), "file"), kind.name()));
    }
    Map<String, String> globs = new LinkedHashMap<>();
    files.forEach(file -> globs.put(ProposedText.globOf(file.path()), kind.name()));
    return globs;
  }

  /** The files by the endings of their names, in alphabetical order. */
  private static Map<String, List<InputFile>> byEnding(List<InputFile> files) {
    return files.stream()
        .collect(Collectors.groupingBy(UnreadFiles::ending, TreeMap::new, Collectors.toList()));
  }

  private static String ending(InputFile file) {
    return FormatSample.ending(file.path());
  }

  /** A sentence for each reason, with the command that converts the first file of a kind. */
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    kinds.forEach(
        (kind, files) ->
            sentences.add(
                "%s is %s, which is not read: %s"
                    .formatted(
                        ProposedText.files(files),
                        kind.name(),
                        FileAdvice.ofKind(kind, files.get(0)))));
    similarLosses().forEach(similar -> sentences.add(sentence(similar)));
    if (sentences.size() > MOST_SENTENCES) {
      int more = sentences.size() - MOST_SENTENCES;
      sentences.subList(MOST_SENTENCES, sentences.size()).clear();
      sentences.add("more files are not read, for " + Plural.of(more, "other reason"));
    }
    return sentences;
  }

  /** The files with dead letters by the extent, the first reason and the encoding in it. */
  private Collection<List<FileLosses>> similarLosses() {
    Map<String, List<FileLosses>> byReason = new LinkedHashMap<>();
    for (FileLosses file : losses) {
      String extent = file.lostAll() ? "all" : "some";
      String reason = extent + file.reason() + file.encoding();
      byReason.computeIfAbsent(reason, r -> new ArrayList<>()).add(file);
    }
    return byReason.values();
  }

  /** A sentence for files with similar losses, with the advice for the first of them. */
  private static String sentence(List<FileLosses> similar) {
    FileLosses first = similar.get(0);
    return "%s: %s and %s, the first %s: %s"
        .formatted(
            ProposedText.files(similar.stream().map(FileLosses::file).toList()),
            Plural.of(similar.stream().mapToLong(FileLosses::documents).sum(), "document"),
            Plural.of(similar.stream().mapToLong(FileLosses::deadLetters).sum(), "dead letter"),
            first.reason(),
            FileAdvice.ofDetail(first.detail(), first.file()));
  }
}
