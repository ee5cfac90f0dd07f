/** Stand-in for the one class of RocksDB's binding that HiveMQ loads without using RocksDB. */
@NullMarked
package org.rocksdb;

import org.jspecify.annotations.NullMarked;
