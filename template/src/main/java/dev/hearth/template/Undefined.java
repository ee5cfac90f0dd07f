package dev.hearth.template;

/**
 * The value of a name, key or index that does not exist: prints as nothing, is false and empty, and
 * fails when worked with.
 *
 * @param what the missing thing, for messages
 */
record Undefined(String what) {
  TemplateException error() {
    return new TemplateException("'" + what + "' is undefined");
  }
}
