package org.merganser.tokenizer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes {@code decoder}. */
final class DecoderJson {
  private DecoderJson() {}

  static DecoderSpec read(JsonValue decoder) {
    switch (decoder.type()) {
      case "ByteLevel":
        return new DecoderSpec.ByteLevel(PreTokenizerJson.readByteLevel(decoder));
      case "Replace":
        return new DecoderSpec.Replace(
            PatternJson.read(decoder.required("pattern")), decoder.required("content").string());
      case "ByteFallback":
        return new DecoderSpec.ByteFallback();
      case "Fuse":
        return new DecoderSpec.Fuse();
      case "Strip":
        return new DecoderSpec.Strip(
            Character.toString(decoder.required("content").character()),
            decoder.required("start").natural(),
            decoder.required("stop").natural());
      case "Metaspace":
        return new DecoderSpec.Metaspace(PreTokenizerJson.readMetaspace(decoder));
      case "BPEDecoder":
        JsonValue suffix = decoder.required("suffix");
        if (suffix.string().isEmpty()) {
          throw suffix.wrong("a string that is not empty");
        }
        return new DecoderSpec.Bpe(suffix.string());
      case "Sequence":
        List<DecoderSpec> parts = new ArrayList<>();
        for (JsonValue part : decoder.required("decoders").items()) {
          parts.add(read(part));
        }
        return new DecoderSpec.Sequence(List.copyOf(parts));
      default:
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
                "Sequence");
    }
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
