package dev.hearth.devices.mqtt;

import java.util.concurrent.CompletableFuture;

/** A handler's subscription; outlives lost connections until closed. */
public interface MqttSubscription extends AutoCloseable {
  /**
   * The topic filter.
   *
   * @return as subscribed
   */
  String filter();

  /**
   * Completes when the broker has confirmed the subscription for the first time: with true, or with
   * false when the broker refused it. Retained messages follow.
   *
   * @return never completes while there is no connection
   */
  CompletableFuture<Boolean> active();

  /** Ends the subscription; messages already under way may still come. */
  @Override
  void close();
}
