package dev.hearth.inference.generate;

import dev.hearth.inference.ModelLoadException;
import dev.hearth.inference.chat.ChatTemplate;
import dev.hearth.inference.chat.TokenizerInfo;
import dev.hearth.inference.gguf.GgufFile;
import dev.hearth.inference.grammar.Grammar;
import dev.hearth.inference.grammar.TokenVocabulary;
import dev.hearth.inference.plan.DecoderShape;
import dev.hearth.inference.tokenizer.BpeTokenizer;
import dev.hearth.inference.tokenizer.Tokenizer;
import dev.hearth.inference.tokenizer.Vocabulary;
import dev.hearth.template.TemplateException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a model file says about text.
 *
 * @param tokenizer text to tokens and back
 * @param template how a conversation is written, or null if the file does not say
 * @param vocabulary the tokens as grammars see them, got ready for these
 * @param usable bit set of all ids that stand for something: the padding of the embedding and
 *     unused ids do not
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Words(
    Tokenizer tokenizer,
    @Nullable ChatTemplate template,
    TokenVocabulary vocabulary,
    long[] usable) {

  /** Metadata that has the template. */
  static final String TEMPLATE_KEY = "tokenizer.chat_template";

  /**
   * Reads them.
   *
   * @throws ModelLoadException if tokens or template are missing or wrong
   */
  static Words of(GgufFile file, DecoderShape shape) {
    Tokenizer tokenizer = new BpeTokenizer(Vocabulary.of(file));
    if (tokenizer.vocabularySize() > shape.vocabulary()) {
      throw file.wrong(
          "tokenizer.ggml.tokens",
          "at most " + shape.vocabulary() + " tokens, as the embedding has rows",
          Integer.toString(tokenizer.vocabularySize()));
    }
    ChatTemplate template =
        file.string(TEMPLATE_KEY).map(source -> compile(file, source, tokenizer)).orElse(null);
    TokenVocabulary vocabulary = TokenVocabulary.of(tokenizer);
    Grammar.prepare(vocabulary);
    return new Words(tokenizer, template, vocabulary, usable(tokenizer, shape.vocabulary()));
  }

  private static ChatTemplate compile(GgufFile file, String source, Tokenizer tokenizer) {
    try {
      return ChatTemplate.of(source, describe(tokenizer));
    } catch (TemplateException e) {
      throw new ModelLoadException(file.name(), TEMPLATE_KEY, "a sound template", e);
    }
  }

  private static TokenizerInfo describe(Tokenizer tokenizer) {
    List<String> specials =
        IntStream.range(0, tokenizer.vocabularySize())
            .filter(tokenizer::isSpecial)
            .filter(token -> tokenizer.tokenBytes(token).length > 0)
            .mapToObj(token -> name(tokenizer, token))
            .toList();
    String end = tokenizer.endOfTurn().stream().findFirst().map(t -> name(tokenizer, t)).orElse("");
    return new TokenizerInfo("", end, specials);
  }

  private static String name(Tokenizer tokenizer, int token) {
    return new String(tokenizer.tokenBytes(token), StandardCharsets.UTF_8);
  }

  private static long[] usable(Tokenizer tokenizer, int logits) {
    long[] bits = new long[Math.ceilDiv(logits, Long.SIZE)];
    for (int token = 0; token < tokenizer.vocabularySize(); token++) {
      if (tokenizer.tokenBytes(token).length > 0) {
        bits[token / Long.SIZE] |= 1L << token;
      }
    }
    return bits;
  }
}
