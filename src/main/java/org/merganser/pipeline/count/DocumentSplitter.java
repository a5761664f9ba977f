package org.merganser.pipeline.count;

import org.merganser.corpus.Document;
import org.merganser.job.TrainSection;
import org.merganser.text.pretokenize.PretokenSink;
import org.merganser.tokenizer.TrainingPretokenizer;

/**
 * Splits documents into the pretokens of training. Segments are split one by one, as in encoding.
 *
 * @param feed whether a segment is split as one text, or each of its lines is
 */
public record DocumentSplitter(TrainingPretokenizer pretokenizer, TrainSection.Feed feed) {

  /** Passes the pretokens of a document, or of a part of one, to the sink. */
  public void split(Document document, PretokenSink sink) {
    byte[] text = document.text;
    int start = document.from;
    for (int segment = 0; segment < document.segmentCount(); segment++) {
      int end = document.segmentEnd(segment);
      if (feed == TrainSection.Feed.LINE_WITH_NEWLINE) {
        start = splitLines(text, start, end, sink);
      }
      if (start < end) { // the complete segment, or its last line without a line feed
        pretokenizer.split(text, start, end, sink);
      }
      start = end;
    }
  }

  /** Splits each line that ends in a line feed; returns where the last of them ends. */
  private int splitLines(byte[] text, int from, int to, PretokenSink sink) {
    int start = from;
    for (int i = from; i < to; i++) {
      if (text[i] == '\n') {
        pretokenizer.split(text, start, i + 1, sink);
        start = i + 1;
      }
    }
    return start;
  }
}
