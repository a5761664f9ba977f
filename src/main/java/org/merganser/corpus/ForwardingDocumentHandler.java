package org.merganser.corpus;

import java.io.IOException;

/**
 * Passes everything to another handler. A subclass overrides the methods in which it looks at or
 * changes something, and calls {@code super} in them.
 */
public abstract class ForwardingDocumentHandler implements DocumentHandler {
  private final DocumentHandler handler;

  protected ForwardingDocumentHandler(DocumentHandler handler) {
    this.handler = handler;
  }

  @Override
  public void document(Document document) throws IOException {
    handler.document(document);
  }

  @Override
  public void check(Document part) throws IOException {
    handler.check(part);
  }

  @Override
  public void deadLetter(DeadLetter letter) throws IOException {
    handler.deadLetter(letter);
  }

  @Override
  public void rangeRead(RangeReceipt receipt) throws IOException {
    handler.rangeRead(receipt);
  }
}
