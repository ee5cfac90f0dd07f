package dev.hearth.agent.openai;

/** A client asks about a model that is not there. */
final class UnknownModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownModelException(String id) {
    super("the model \"" + id + "\" does not exist; there is one: " + OpenAiController.MODEL);
  }
}
