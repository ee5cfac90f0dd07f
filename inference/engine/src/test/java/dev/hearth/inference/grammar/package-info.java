@NullMarked
package dev.hearth.inference.grammar;

import org.jspecify.annotations.NullMarked;
