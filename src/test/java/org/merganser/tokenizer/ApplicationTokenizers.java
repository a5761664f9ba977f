package org.merganser.tokenizer;

import static org.merganser.tokenizer.TestTokenizers.token;

import java.util.LinkedHashMap;
import java.util.Map;

/** Tokenizers of the kinds that applications load, small: for the tests of the API for strings. */
final class ApplicationTokenizers {
  private static final String TEMPLATE =
      "{'type':'TemplateProcessing','single':[{'SpecialToken':{'id':'<s>','type_id':0}},"
          + "{'Sequence':{'id':'A','type_id':0}},{'SpecialToken':{'id':'</s>','type_id':0}}],"
          + "'pair':[{'Sequence':{'id':'A','type_id':0}},{'Sequence':{'id':'B','type_id':1}}],"
          + "'special_tokens':{'<s>':{'id':'<s>','ids':[1],'tokens':['<s>']},"
          + "'</s>':{'id':'</s>','ids':[2],'tokens':['</s>']}}}";

  static final String LLAMA_DECODER =
      "{'type':'Sequence','decoders':[{'type':'Replace','pattern':{'String':'▁'},'content':' '},"
          + "{'type':'ByteFallback'},{'type':'Fuse'},"
          + "{'type':'Strip','content':' ','start':1,'stop':0}]}";

  private static final String SPLIT =
      "{'type':'Sequence','pretokenizers':[{'type':'Split','pattern':{'Regex':'%s'},"
          + "'behavior':'Isolated','invert':false},"
          + TestTokenizers.PLAIN_BYTE_LEVEL
          + "]}";

  private static final String QWEN2 =
      "(?i:\\u0027s|\\u0027t|\\u0027re|\\u0027ve|\\u0027m|\\u0027ll|\\u0027d)"
          + "|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*"
          + "|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+";

  private ApplicationTokenizers() {}

  /** By name; those that begin with {@code scanner} run on a scanner. */
  static Map<String, TestTokenizers> all() {
    Map<String, TestTokenizers> all = new LinkedHashMap<>();
    all.put(
        "scanner: gpt2",
        TestTokenizers.bytes()
            .with("post_processor", TestTokenizers.DECODER)
            .added(token("<|endoftext|>", "ns")));
    all.put(
        "scanner: qwen2 with NFC",
        TestTokenizers.bytes()
            .with("normalizer", "{'type':'NFC'}")
            .with("pre_tokenizer", SPLIT.formatted(QWEN2))
            .with(
                "post_processor",
                "{'type':'ByteLevel','add_prefix_space':false,'trim_offsets':false,"
                    + "'use_regex':false}")
            .added(token("<|endoftext|>", "s"), token("<|im_start|>", "s"), token("foo", "n")));
    all.put(
        "llama 3's frame",
        TestTokenizers.bytes()
            .with(
                "post_processor",
                "{'type':'Sequence','processors':["
                    + TestTokenizers.DECODER
                    + ","
                    + TEMPLATE
                    + "]}")
            .added(token("<s>", "s"), token("</s>", "s")));
    all.put(
        "a regex of the general path",
        TestTokenizers.bytes().with("pre_tokenizer", SPLIT.formatted("[a-z]+|\\\\s|.")));
    all.put(
        "roberta",
        TestTokenizers.bytes()
            .with(
                "pre_tokenizer",
                "{'type':'ByteLevel','add_prefix_space':true,'trim_offsets':true,'use_regex':true}")
            .with(
                "post_processor",
                "{'type':'RobertaProcessing','sep':['</s>',2],'cls':['<s>',1],'trim_offsets':true,"
                    + "'add_prefix_space':true}")
            .added(token("<mask>", "ls"), token("<s>", "s"), token("</s>", "s")));
    all.put(
        "mistral",
        TestTokenizers.characters()
            .with(
                "normalizer",
                "{'type':'Sequence','normalizers':[{'type':'Prepend','prepend':'▁'},"
                    + "{'type':'Replace','pattern':{'String':' '},'content':'▁'}]}")
            .with("post_processor", TEMPLATE)
            .with("decoder", LLAMA_DECODER)
            .added(token("<unk>", "s"), token("<s>", "s"), token("</s>", "s")));
    all.put(
        "metaspace",
        TestTokenizers.characters()
            .with(
                "pre_tokenizer",
                "{'type':'Metaspace','replacement':'▁','prepend_scheme':'first','split':true}")
            .with(
                "decoder",
                "{'type':'Metaspace','replacement':'▁','prepend_scheme':'first','split':true}")
            .added(token("<s>", "s"), token("<mask>", "ls"), token("foo", "rn")));
    return all;
  }
}
