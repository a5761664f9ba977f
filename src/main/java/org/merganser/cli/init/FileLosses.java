package org.merganser.cli.init;

import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.kind.TextEncoding;

/** Counts the documents and dead letters that a run would make of a file. */
final class FileLosses implements DocumentHandler {
  private final InputFile file;
  private long documents;
  private long deadLetters;
  private @Nullable DeadLetter firstLetter;

  /** Without counts; the reader of the file adds its documents and dead letters. */
  FileLosses(InputFile file) {
    this.file = file;
  }

  @Override
  public void document(Document document) {
    if (document.part == 0) {
      documents++;
    }
  }

  @Override
  public void deadLetter(DeadLetter letter) {
    deadLetters += letter.records();
    if (firstLetter == null) {
      firstLetter = letter;
    }
  }

  /** The file that was read. */
  InputFile file() {
    return file;
  }

  /** The number of documents. */
  long documents() {
    return documents;
  }

  /** The number of records that are dead letters. */
  long deadLetters() {
    return deadLetters;
  }

  /** Whether the file has dead letters and no document. */
  boolean lostAll() {
    return documents == 0 && deadLetters > 0;
  }

  /** The first dead letter; null without any. */
  @Nullable DeadLetter firstLetter() {
    return firstLetter;
  }

  /** The detail of the first dead letter; "" without any. */
  String detail() {
    return firstLetter == null ? "" : firstLetter.detail();
  }

  /** The end of the detail that names another encoding than UTF-8; "" without one. */
  String encoding() {
    String detail = detail();
    int at = detail.indexOf(TextEncoding.CONVERSION);
    return at < 0 ? "" : detail.substring(at);
  }

  /** The reason of the first dead letter; "" without any. */
  String reason() {
    return firstLetter == null ? "" : firstLetter.reason().label();
  }
}
