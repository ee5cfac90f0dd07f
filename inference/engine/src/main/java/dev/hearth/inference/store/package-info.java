/**
 * Models on this machine: the folder they lie in, downloading from a catalogue or an address, and
 * the command line of {@code ./hearth models}.
 */
@NullMarked
package dev.hearth.inference.store;

import org.jspecify.annotations.NullMarked;
