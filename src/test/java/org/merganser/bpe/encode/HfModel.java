package org.merganser.bpe.encode;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.merganser.text.HfLibrary;

/** HF's Rust library with a model alone: the whole text is one pretoken. */
final class HfModel implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HfLibrary tokenizer;

  private HfModel(ObjectNode model, boolean byteLevel) throws IOException {
    this(around(model, byteLevel));
  }

  private HfModel(ObjectNode file) throws IOException {
    tokenizer = HfLibrary.open(JSON.writeValueAsBytes(file));
  }

  private static ObjectNode around(ObjectNode model, boolean byteLevel) {
    ObjectNode file = JSON.createObjectNode();
    file.put("version", "1.0");
    file.putArray("added_tokens");
    file.putNull("normalizer");
    if (byteLevel) {
      file.putObject("pre_tokenizer")
          .put("type", "ByteLevel")
          .put("add_prefix_space", false)
          .put("trim_offsets", false)
          .put("use_regex", false);
    } else {
      file.putNull("pre_tokenizer");
    }
    file.putNull("post_processor");
    file.putNull("decoder");
    file.set("model", model);
    return file;
  }

  static HfModel of(RandomBpe bpe, boolean byteLevel) throws IOException {
    return of(bpe.entries, bpe.merges, bpe.options, byteLevel);
  }

  static HfModel of(
      List<BpeModel.Entry> entries, List<String> pairs, BpeModel.Options options, boolean byteLevel)
      throws IOException {
    ObjectNode model = JSON.createObjectNode();
    model.put("type", "BPE");
    model.putNull("dropout");
    model.put("unk_token", options.unkToken());
    model.put("continuing_subword_prefix", options.continuingSubwordPrefix());
    model.put("end_of_word_suffix", options.endOfWordSuffix());
    model.put("fuse_unk", options.fuseUnk());
    model.put("byte_fallback", options.byteFallback());
    model.put("ignore_merges", options.ignoreMerges());
    ObjectNode vocabulary = model.putObject("vocab");
    entries.forEach(entry -> vocabulary.put(entry.token(), entry.id()));
    var merges = model.putArray("merges");
    for (int i = 0; i < pairs.size(); i += 2) {
      merges.addArray().add(pairs.get(i)).add(pairs.get(i + 1));
    }
    return new HfModel(model, byteLevel);
  }

  /** The model of a tokenizer.json without all that stands before it. */
  static HfModel of(Path tokenizerJson, boolean byteLevel) throws IOException {
    return new HfModel((ObjectNode) read(tokenizerJson).get("model"), byteLevel);
  }

  /** A whole tokenizer.json, only without its normalizer. */
  static HfModel withoutNormalizer(Path tokenizerJson) throws IOException {
    ObjectNode file = read(tokenizerJson);
    file.putNull("normalizer");
    return new HfModel(file);
  }

  /** Our model of a tokenizer.json. */
  static BpeModel ours(Path tokenizerJson) throws IOException {
    var model = read(tokenizerJson).get("model");
    BpeModel.Builder builder = BpeModel.builder();
    model.get("vocab").properties().forEach(e -> builder.token(e.getKey(), e.getValue().asInt()));
    for (var merge : model.get("merges")) {
      if (merge.isTextual()) {
        int space = merge.asText().indexOf(' ');
        builder.merge(merge.asText().substring(0, space), merge.asText().substring(space + 1));
      } else {
        builder.merge(merge.get(0).asText(), merge.get(1).asText());
      }
    }
    return builder.build(
        new BpeModel.Options(
            model.path("unk_token").textValue(),
            model.path("continuing_subword_prefix").textValue(),
            model.path("end_of_word_suffix").textValue(),
            model.path("fuse_unk").asBoolean(),
            model.path("byte_fallback").asBoolean(),
            model.path("ignore_merges").asBoolean()));
  }

  private static ObjectNode read(Path tokenizerJson) throws IOException {
    return (ObjectNode) JSON.readTree(Files.readAllBytes(tokenizerJson));
  }

  List<Integer> ids(String pretoken) {
    return IntStream.of(tokenizer.encode(pretoken, false).ids()).boxed().toList();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
