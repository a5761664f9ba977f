package org.merganser.tokenizer.json;

import org.jspecify.annotations.Nullable;
import org.merganser.tokenizer.parts.DecoderSpec;

/** Reads and writes {@code decoder}. */
final class DecoderJson {
  private DecoderJson() {}

  static DecoderSpec read(JsonValue decoder) {
    return switch (decoder.type()) {
      case "ByteLevel" -> new DecoderSpec.ByteLevel(PreTokenizerJson.readByteLevel(decoder));
      case "Replace" ->
          new DecoderSpec.Replace(
              PatternJson.read(decoder.required("pattern")), decoder.required("content").string());
      case "ByteFallback" -> new DecoderSpec.ByteFallback();
      case "Fuse" -> new DecoderSpec.Fuse();
      case "Strip" ->
          new DecoderSpec.Strip(
              Character.toString(decoder.required("content").character()),
              decoder.required("start").natural(),
              decoder.required("stop").natural());
      case "Metaspace" -> new DecoderSpec.Metaspace(PreTokenizerJson.readMetaspace(decoder));
      case "BPEDecoder" -> new DecoderSpec.Bpe(notEmpty(decoder.required("suffix")));
      case "WordPiece" ->
          new DecoderSpec.WordPiece(
              decoder.required("prefix").string(), decoder.required("cleanup").bool());
      case "CTC" ->
          new DecoderSpec.Ctc(
              notEmpty(decoder.required("pad_token")),
              notEmpty(decoder.required("word_delimiter_token")),
              decoder.required("cleanup").bool());
      case "Sequence" ->
          new DecoderSpec.Sequence(
              decoder.required("decoders").items().stream().map(DecoderJson::read).toList());
      default ->
          throw decoder
              .required("type")
              .unsupported(
                  "ByteLevel",
                  "Replace",
                  "ByteFallback",
                  "Fuse",
                  "Strip",
                  "Metaspace",
                  "BPEDecoder",
                  "WordPiece",
                  "CTC",
                  "Sequence");
    };
  }

  private static String notEmpty(JsonValue text) {
    if (text.string().isEmpty()) {
      throw text.wrong("a string that is not empty");
    }
    return text.string();
  }

  static void write(@Nullable DecoderSpec decoder, JsonOutput out) {
    if (decoder == null) {
      out.nullValue();
      return;
    }
    if (decoder instanceof DecoderSpec.ByteLevel byteLevel) {
      PreTokenizerJson.writeByteLevel(byteLevel.options(), out);
      return;
    }
    if (decoder instanceof DecoderSpec.Metaspace metaspace) {
      PreTokenizerJson.writeMetaspace(metaspace.options(), out);
      return;
    }
    out.beginObject();
    if (decoder instanceof DecoderSpec.Replace replace) {
      out.member("type", "Replace");
      PatternJson.write(replace.pattern(), out);
      out.member("content", replace.content());
    } else if (decoder instanceof DecoderSpec.ByteFallback) {
      out.member("type", "ByteFallback");
    } else if (decoder instanceof DecoderSpec.Fuse) {
      out.member("type", "Fuse");
    } else if (decoder instanceof DecoderSpec.Strip strip) {
      out.member("type", "Strip").member("content", strip.content());
      out.key("start").value(strip.start()).key("stop").value(strip.stop());
    } else if (decoder instanceof DecoderSpec.Bpe bpe) {
      out.member("type", "BPEDecoder").member("suffix", bpe.suffix());
    } else if (decoder instanceof DecoderSpec.WordPiece wordPiece) {
      out.member("type", "WordPiece").member("prefix", wordPiece.prefix());
      out.key("cleanup").value(wordPiece.cleanup());
    } else if (decoder instanceof DecoderSpec.Ctc ctc) {
      out.member("type", "CTC").member("pad_token", ctc.padToken());
      out.member("word_delimiter_token", ctc.wordDelimiterToken());
      out.key("cleanup").value(ctc.cleanup());
    } else {
      out.member("type", "Sequence").key("decoders").beginArray();
      for (DecoderSpec part : ((DecoderSpec.Sequence) decoder).decoders()) {
        write(part, out);
      }
      out.endArray();
    }
    out.endObject();
  }
}
