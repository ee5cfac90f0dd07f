package org.rocksdb;

/**
 * Stand-in for the enum of the same name in RocksDB's Java binding, which this module leaves out.
 *
 * <p>HiveMQ's static settings name one constant of it and therefore load it even when nothing is
 * stored in RocksDB. The binding weighs 59 MB (native code for every platform); this file is all
 * that is needed of it, because the broker keeps its data in Xodus. Should an application bring the
 * real binding, either class serves.
 */
public enum CompressionType {
  /** Values are stored as they are. */
  NO_COMPRESSION
}
