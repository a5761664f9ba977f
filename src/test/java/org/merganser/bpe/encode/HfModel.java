package org.merganser.bpe.encode;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.merganser.text.HfLibrary;

/** HF's Rust library with a model alone: the whole text is one pretoken. */
final class HfModel implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HfLibrary tokenizer;

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
      List<ListedModel.Entry> entries,
      List<String> pairs,
      BpeModel.Options options,
      boolean byteLevel)
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
    return new HfModel(around(model, byteLevel));
  }

  List<Integer> ids(String pretoken) {
    return IntStream.of(tokenizer.encode(pretoken, false).ids()).boxed().toList();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
