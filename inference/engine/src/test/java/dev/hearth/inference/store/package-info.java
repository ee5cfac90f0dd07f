@NullMarked
package dev.hearth.inference.store;

import org.jspecify.annotations.NullMarked;
